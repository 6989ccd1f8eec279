"""Invariants of race control's messages."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from racing.invariant import Invariant, Violation, violations

RACE_CONTROL_EVENTS = "curated.race_control_events"


def race_control_messages_are_understood(frames: Mapping[str, pl.DataFrame]) -> list[Violation]:
    """Return the messages that no rule understands, so that each is named."""
    unknown = frames[RACE_CONTROL_EVENTS].filter(pl.col("event_kind") == "OTHER")
    return violations(unknown, ("message_number",), "no rule understands {message!r}")


RACE_CONTROL_INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "race_control_messages_are_understood",
        (RACE_CONTROL_EVENTS,),
        is_blocking=False,
        check=race_control_messages_are_understood,
    ),
)
"""A message that nobody understands is kept as it is, and shown as a warning."""
