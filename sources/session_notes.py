"""What is wrong with a session's feed although it could be read: one sentence each, and the rows they become.

The sentences are made where the fault is found: in ``feed_continuity.py``, ``feed_counters.py`` and
``fastf1_checks.py``. A line that cannot be read is no note but a ``MalformedLine``; a note counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sources.fastf1_frames import SessionFacts


@dataclass(frozen=True)
class SessionNote:
    """One thing that is missing or doubtful.

    Attributes:
        topic: Live-timing topic that it is about; null where it is about the session as a whole.
        text: What is the matter, without the topic.
    """

    topic: str | None
    text: str

    def __str__(self) -> str:
        return self.text if self.topic is None else f"{self.topic}: {self.text}"


def note_rows(notes: Sequence[SessionNote], facts: SessionFacts) -> pl.DataFrame:
    """Return the notes of a session, numbered in their order. One row per note.

    Args:
        notes: What is missing or doubtful.
        facts: What the rows share.
    """
    origins = [facts.origin(note.topic) for note in notes]
    columns = {
        "note_number": pl.int_range(1, len(notes) + 1, dtype=pl.Int32, eager=True),
        "topic": pl.Series([note.topic for note in notes], dtype=pl.String),
        "note": pl.Series([note.text for note in notes], dtype=pl.String),
        "source_layer": pl.Series([layer for layer, _ in origins], dtype=pl.String),
        "response_sha256": pl.Series([sha256 for _, sha256 in origins], dtype=pl.String),
    }
    return facts.with_keys(pl.DataFrame(columns))
