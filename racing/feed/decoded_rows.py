"""What a decoder of a small JSON topic returns: rows, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from racing.feed.stream import LineFault


@dataclass(frozen=True)
class DecodedRows:
    """Rows of one body.

    Attributes:
        rows: One row per thing that the topic tells of, without keys and provenance.
        faults: Lines that could not be read; the rest is in the rows.
        message_count: Messages found in the body, readable or not.
    """

    rows: pl.DataFrame
    faults: list[LineFault]
    message_count: int
