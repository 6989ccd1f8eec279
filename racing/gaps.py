"""Gaps of a race at the finish line, from the session clock at which each car crossed it.

Never from sums of lap times: a missing lap time would shift every later gap.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

GAP_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "gap_to_leader_ms": pl.Int64,
    "interval_ahead_ms": pl.Int64,
    "laps_down": pl.Int32,
}
"""Columns of the result."""


def gaps_at_the_line(laps: pl.DataFrame) -> pl.DataFrame:
    """Return gap, interval and laps down of each completed lap of a race.

    Args:
        laps: One row per car and lap. Needs car_number, lap_number, lap_end_session_time_ms,
            is_fastf1_generated and is_lap_counted.

    Returns:
        One row per car and lap that the car completed with a known time at the line: time behind the first
        car to complete the same lap, time behind the car that completed it just before (null for the first),
        and whole laps behind the leader at that moment.

    Source: docs/glossary.md#gap.
    """
    crossings = line_crossings(laps)
    ordered = crossings.sort("lap_number", "line_ms", "car_number")
    gaps = ordered.with_columns(
        (pl.col("line_ms") - pl.col("line_ms").first().over("lap_number")).alias("gap_to_leader_ms"),
        (pl.col("line_ms") - pl.col("line_ms").shift(1).over("lap_number")).alias("interval_ahead_ms"),
        _laps_down(ordered),
    )
    return gaps.select(pl.col(name).cast(kind) for name, kind in GAP_SCHEMA.items())


def line_crossings(laps: pl.DataFrame) -> pl.DataFrame:
    """Return when each car completed each lap; a lap whose end FastF1 assumed is none.

    A car cannot complete a lap before an earlier one: where times fall, the fewest that must be faults of the
    feed are left out.

    Args:
        laps: One row per car and lap. Needs car_number, lap_number, lap_end_session_time_ms,
            is_fastf1_generated and is_lap_counted.

    Returns:
        car_number, lap_number and line_ms, by car and lap.

    Source: docs/glossary.md#line.
    """
    timed = laps.filter(
        pl.col("lap_end_session_time_ms").is_not_null()
        & pl.col("is_lap_counted")
        & ~pl.col("is_fastf1_generated").fill_null(value=False)
    ).sort("car_number", "lap_number")
    crossings = timed.select("car_number", "lap_number", pl.col("lap_end_session_time_ms").alias("line_ms"))
    falls = (pl.col("line_ms").diff().over("car_number") < 0).any().over("car_number")
    if not crossings.select(falls).to_series().any():
        return crossings
    groups = crossings.partition_by("car_number", maintain_order=True)
    return pl.concat([group.filter(pl.Series(longest_rise(group["line_ms"].to_list()))) for group in groups])


def longest_rise(times: list[int]) -> list[bool]:
    """Return which of some times to keep so that they never fall and as many as possible stay."""
    tops: list[int] = []
    top_at: list[int] = []
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(tops, time)
        before.append(top_at[length - 1] if length else -1)
        tops[length : length + 1] = [time]
        top_at[length : length + 1] = [place]
    kept = [False] * len(times)
    place = top_at[-1] if top_at else -1
    while place >= 0:
        kept[place] = True
        place = before[place]
    return kept


def _laps_down(crossings: pl.DataFrame) -> pl.Series:
    """Return how many laps the leader had completed more when a car crossed the line."""
    lead = crossings.group_by("lap_number").agg(pl.col("line_ms").min()).sort("lap_number")
    completed = np.searchsorted(
        _rising(lead["line_ms"].to_numpy()), crossings["line_ms"].to_numpy(), side="right"
    )
    laps_of_leader = np.concatenate([[0], lead["lap_number"].to_numpy()])[completed]
    return pl.Series("laps_down", np.maximum(laps_of_leader - crossings["lap_number"].to_numpy(), 0))


def _rising(times: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return times that never fall: no lap is led before the one that follows it is complete."""
    return np.minimum.accumulate(times[::-1])[::-1]
