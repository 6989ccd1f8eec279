"""What the position text and the status of an official result mean.

Jolpica writes a disqualification sometimes as position text D, sometimes as a number with the status
Disqualified; both are one thing here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import polars as pl

Outcome = Literal["PLACED", "NOT_CLASSIFIED", "NOT_STARTED", "DISQUALIFIED"]
StatusClass = Literal["FINISHED", "LAPPED", "RETIRED", "NOT_STARTED", "DISQUALIFIED"]

DISQUALIFIED_TEXTS = ("D", "E", "DSQ", "EX")
NOT_STARTED_TEXTS = ("W", "F", "DNS", "DNQ", "DNPQ", "WD")
DISQUALIFIED_STATUSES = ("Disqualified", "Excluded")


def is_disqualified(position_text: str, status: str) -> bool:
    """Return whether an entry of the official result is disqualified or excluded."""
    return position_text in DISQUALIFIED_TEXTS or status in DISQUALIFIED_STATUSES


def is_placed_entry() -> pl.Expr:
    """Return the expression for an entry that has a position: a number as text, and not disqualified.

    Needs the columns position_text and status. Never null.
    """
    has_number = pl.col("position_text").str.contains(r"^\d+$")
    return (has_number & ~pl.col("status").is_in(DISQUALIFIED_STATUSES)).fill_null(value=False)


def status_class(status: str | None) -> StatusClass | None:
    """Return the class of a status or cause, whichever source wrote it; null where it is not stated.

    A withdrawal is a retirement or no start, depending on whether the race was begun: its class is null.
    """
    if status is None or status in {"Withdrew", "Withdrawn"}:
        return None
    if status in DISQUALIFIED_STATUSES:
        return "DISQUALIFIED"
    if status in {"Did not start", "Did not qualify", "Did not prequalify"}:
        return "NOT_STARTED"
    if status == "Finished":
        return "FINISHED"
    return "LAPPED" if status == "Lapped" or re.match(r"^\+\d+ Laps?$", status) else "RETIRED"


def outcome_of(entry: Mapping[str, object]) -> Outcome:
    """Return what became of an entry, whichever words the source uses for it.

    Args:
        entry: Row with position_text, as Jolpica, Ergast or f1db write it, and status where there is one.
    """
    text = str(entry["position_text"])
    if is_disqualified(text, str(entry.get("status"))):
        return "DISQUALIFIED"
    if text.isdigit():
        return "PLACED"
    return "NOT_STARTED" if text in NOT_STARTED_TEXTS else "NOT_CLASSIFIED"
