"""Where every car stands, message by message: gap, interval and position as the feed sends them.

Reading the messages is ``timing_messages.py``; here deltas are merged and texts become numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from racing.feed.stream import LineFault
from racing.feed.timing_messages import read_standing_updates

TIMING_STREAM_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "update_number": pl.Int32,
    "session_time_ms": pl.Int64,
    "segment_number": pl.Int32,
    "position": pl.Int32,
    "laps_completed": pl.Int32,
    "gap_text": pl.String,
    "gap_to_leader_ms": pl.Int64,
    "laps_down": pl.Int32,
    "interval_text": pl.String,
    "interval_ahead_ms": pl.Int64,
    "interval_ahead_laps": pl.Int32,
    "is_catching": pl.Boolean,
    "delta_to_fastest_ms": pl.Int64,
    "delta_to_ahead_ms": pl.Int64,
    "line_number": pl.Int32,
}
"""Columns of a decoded timing stream."""

_UPDATE_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "line_number": pl.Int32,
    "session_time_ms": pl.Int64,
    "segment_number": pl.Int32,
    "position_text": pl.String,
    "laps_completed": pl.Int32,
    "gap_text": pl.String,
    "interval_text": pl.String,
    "is_catching": pl.Boolean,
    "fastest_text": pl.String,
    "ahead_text": pl.String,
}
_TIME = r"^\+?(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?(?P<seconds>\d+)\.(?P<fraction>\d{1,3})$"
_LAPS = r"^\+?\s*(\d+)\s*L(?:AP)?S?$"
_LEADER = r"^LAP\s*\d+$"


@dataclass(frozen=True)
class TimingStream:
    """Where the cars stood.

    Attributes:
        updates: One row per car and message about it, in order of arrival; columns of
            ``TIMING_STREAM_SCHEMA``. What a message left out is as the message before said.
        lap_ends: The rows of ``updates`` whose message counted a lap.
        faults: Lines that could not be read.
        message_count: Lines looked into.
    """

    updates: pl.DataFrame
    lap_ends: pl.DataFrame
    faults: list[LineFault]
    message_count: int


def decode_timing_stream(body: bytes) -> TimingStream:
    """Return where every car stood after each message about it.

    Args:
        body: Response body of TimingData.jsonStream.

    Source: docs/explanation/wire-format.md#timing-stream.
    """
    read = read_standing_updates(body)
    updates = pl.DataFrame(read.columns, schema=_UPDATE_SCHEMA).with_columns(
        update_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("car_number"),
        is_lap_end=pl.col("laps_completed").is_not_null(),
    )
    merged = _merged(updates)
    return TimingStream(
        updates=merged.select(*TIMING_STREAM_SCHEMA),
        lap_ends=merged.filter("is_lap_end").select(*TIMING_STREAM_SCHEMA),
        faults=read.faults,
        message_count=read.message_count,
    )


def _merged(updates: pl.DataFrame) -> pl.DataFrame:
    """Return the updates with what each message left out, and texts as numbers."""
    race = ("position_text", "laps_completed", "gap_text", "interval_text", "is_catching")
    best = ("fastest_text", "ahead_text")
    state = updates.with_columns(
        *(pl.col(name).forward_fill().over("car_number") for name in race),
        *(pl.col(name).forward_fill().over("car_number", "segment_number") for name in best),
    ).with_columns(pl.col("gap_text", "interval_text", *best, "position_text").replace("", None))
    is_leader = pl.col("gap_text").str.contains(_LEADER)
    laps_down = pl.col("gap_text").str.extract(_LAPS).cast(pl.Int32)
    gap_ms = pl.when(is_leader).then(pl.lit(0, pl.Int64)).otherwise(_milliseconds("gap_text"))
    return state.with_columns(
        position=pl.col("position_text").cast(pl.Int32, strict=False),
        gap_to_leader_ms=gap_ms,
        laps_down=pl.coalesce(laps_down, pl.when(gap_ms.is_not_null()).then(pl.lit(0, pl.Int32))),
        interval_ahead_ms=_milliseconds("interval_text"),
        interval_ahead_laps=pl.col("interval_text").str.extract(_LAPS).cast(pl.Int32),
        delta_to_fastest_ms=_milliseconds("fastest_text"),
        delta_to_ahead_ms=_milliseconds("ahead_text"),
        gap_text=pl.coalesce("gap_text", "fastest_text"),
        interval_text=pl.coalesce("interval_text", "ahead_text"),
    )


def _milliseconds(column: str) -> pl.Expr:
    """Return a column of times such as ``+1:02.345`` in milliseconds; null where the text is none."""
    parts = pl.col(column).str.extract_groups(_TIME)

    def part(name: str) -> pl.Expr:
        return parts.struct.field(name).cast(pl.Int64)

    hours, minutes = (part(name).fill_null(0) for name in ("hours", "minutes"))
    fraction = parts.struct.field("fraction").str.pad_end(3, "0").cast(pl.Int64)
    return ((hours * 60 + minutes) * 60 + part("seconds")) * 1000 + fraction
