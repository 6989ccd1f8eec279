"""What the doctor says: one finding per question, plain values."""

from dataclasses import dataclass
from enum import StrEnum

CHOOSE_HOME = "choose another with --home or F1LAKE_HOME, or get the right to write to it"
"""What to do about a home that may not be read or written."""


class Health(StrEnum):
    """How a finding is to be taken."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "problem"


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Attributes:
        subject: What was looked at.
        health: How it is to be taken.
        text: What was found.
        advice: What to do; null where nothing is to be done.
    """

    subject: str
    health: Health
    text: str
    advice: str | None = None
