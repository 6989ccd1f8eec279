"""Red flags: the times during which a session stood still."""

from __future__ import annotations

import polars as pl

REACTION_MS = 2_000
"""A car that entered the pits this shortly before the feed's change of state did so for the red flag."""


def red_flag_spans(session_status: pl.DataFrame) -> list[tuple[int, int | None]]:
    """Return (begin, end) of each interruption on the session clock; no end where it was never restarted.

    Args:
        session_status: ``processed.fastf1__session_status`` of one session.

    Source: docs/glossary.md#red-flag.
    """
    spans: list[tuple[int, int | None]] = []
    begin: int | None = None
    changes = session_status.sort("session_time_ms", "change_number").select("session_time_ms", "status")
    for time, status in changes.iter_rows():
        if status == "Aborted" and begin is None:
            begin = time
        elif status == "Started" and begin is not None:
            spans.append((begin, time))
            begin = None
    return spans if begin is None else [*spans, (begin, None)]


def is_red_flagged(times: pl.Series, session_status: pl.DataFrame) -> pl.Series:
    """Return whether each time lies within an interruption. Null times do not.

    Args:
        times: Session clock, milliseconds.
        session_status: ``processed.fastf1__session_status`` of one session.
    """
    inside = pl.Series("is_red_flagged", [False] * times.len(), dtype=pl.Boolean)
    for begin, end in red_flag_spans(session_status):
        within = times >= begin - REACTION_MS
        inside |= (within if end is None else within & (times <= end)).fill_null(value=False)
    return inside
