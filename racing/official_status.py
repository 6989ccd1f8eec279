"""What the position text and the status of an official result mean.

Jolpica writes a disqualification sometimes as position text D, sometimes as a number with the status
Disqualified; both are one thing here.
"""

from __future__ import annotations

import polars as pl

DISQUALIFIED_TEXTS = ("D", "E")
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
