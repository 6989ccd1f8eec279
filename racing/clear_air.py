"""Laps in clear air: nobody close ahead at either end of the lap, and nobody passed in between."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from racing.gaps import line_crossings

BLOCKED_WITHIN_MS = 1_500
"""A car is held up by the one that crossed the line less than this before it."""

CLEAR_AIR_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "is_clear_air": pl.Boolean,
}
"""Columns of the result."""

_Times = npt.NDArray[np.int64]


def clear_air_laps(laps: pl.DataFrame, *, blocked_within_ms: int = BLOCKED_WITHIN_MS) -> pl.DataFrame:
    """Return whether each lap of a race was run in clear air.

    The car ahead is the one ahead on the road, whatever lap it is on. A pass, or being lapped, shows as a
    car that did not cross the line exactly once while this one did a lap; cars that pitted or stopped
    meanwhile do not count.

    Args:
        laps: One row per car and lap. Needs car_number, lap_number, lap_end_session_time_ms,
            is_fastf1_generated, is_lap_counted, is_in_lap and is_out_lap.
        blocked_within_ms: How close ahead is too close.

    Returns:
        One row per car and lap whose both ends are known. The first lap has no crossing at its start.

    Source: docs/explanation/lap-classes.md#clear-air.
    """
    crossings = line_crossings(laps)
    both = crossings.join(
        crossings.with_columns(pl.col("lap_number") + 1).rename({"line_ms": "start_ms"}),
        on=["car_number", "lap_number"],
    )
    every = np.sort(crossings["line_ms"].to_numpy())
    starts, ends = both["start_ms"].to_numpy(), both["line_ms"].to_numpy()
    is_clear = (_behind(every, starts) > blocked_within_ms) & (_behind(every, ends) > blocked_within_ms)
    passed = _passes(both, crossings, _pit_laps(laps))
    clear = both.with_columns(pl.Series("is_clear_air", is_clear & ~passed, dtype=pl.Boolean))
    return clear.select(pl.col(name).cast(kind) for name, kind in CLEAR_AIR_SCHEMA.items())


def _behind(every: _Times, times: _Times) -> _Times:
    """Return the time since the previous crossing of any car; very long where there was none."""
    place = np.searchsorted(every, times, side="left")
    never = np.int64(np.iinfo(np.int32).max)
    before = (
        np.where(place > 0, every[np.maximum(place - 1, 0)], times - never) if every.size else times - never
    )
    return np.asarray(times - before, dtype=np.int64)


def _pit_laps(laps: pl.DataFrame) -> dict[str, _Times]:
    """Return the laps in which each car entered or left the pits."""
    pitting = laps.filter(pl.col("is_in_lap") | pl.col("is_out_lap")).sort("car_number", "lap_number")
    return {
        str(car): group["lap_number"].to_numpy().astype(np.int64)
        for (car,), group in pitting.group_by("car_number", maintain_order=True)
    }


def _passes(
    both: pl.DataFrame, crossings: pl.DataFrame, pit_laps: dict[str, _Times]
) -> npt.NDArray[np.bool_]:
    """Return whether a car passed, or was passed by, any other that kept running in this lap."""
    cars = both["car_number"].to_numpy()
    starts, ends = both["start_ms"].to_numpy(), both["line_ms"].to_numpy()
    passed = np.zeros(len(both), dtype=bool)
    for (car,), group in crossings.sort("lap_number").group_by("car_number"):
        times, numbers = group["line_ms"].to_numpy(), group["lap_number"].to_numpy()
        first, last = np.searchsorted(times, starts, side="right"), np.searchsorted(times, ends, side="right")
        lap_at_start = np.where(first > 0, numbers[np.maximum(first - 1, 0)], 0)
        lap_at_end = numbers[np.minimum(last, times.size - 1)]
        pits = pit_laps.get(str(car), np.zeros(0, dtype=np.int64))
        before, after = (
            np.searchsorted(pits, lap_at_start, side="right"),
            np.searchsorted(pits, lap_at_end, side="right"),
        )
        fell_behind = (last == first) & (last < times.size)
        went_by = last - first > 1
        passed |= (cars != car) & (before == after) & (fell_behind | went_by)
    return passed
