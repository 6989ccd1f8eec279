"""Lap classes: what a lap can be used for. Every pace metric rests on them.

``is_accurate`` is FastF1's and comes in; tyres and gaps are computed beforehand.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

QUICK_FACTOR = 1.07
"""A quick lap is under this multiple of the best of the set of laps it is taken from."""
OUTLIER_FACTOR = 4 * 1.4826
"""Median absolute deviations, scaled to a standard deviation, by which a lap may leave its stint."""
SMALLEST_SPREAD_MS = 50.0
"""Least deviation taken for a stint: a handful of equal laps must not condemn one that is 1 ms off."""
_FEWEST_FOR_TREND = 5
_NEUTRALISED = "[4567]"


def is_quick(lap_time_ms: pl.Expr) -> pl.Expr:
    """Return whether a lap time is under 107 % of the best of the session; null without a lap time.

    Source: docs/explanation/lap-classes.md#quick.
    """
    return lap_time_ms < QUICK_FACTOR * lap_time_ms.min()


def is_green(track_status: pl.Expr) -> pl.Expr:
    """Return whether the track was clear for the whole lap; false where the status is not known.

    Source: docs/explanation/lap-classes.md#green.
    """
    return (track_status == "1").fill_null(value=False)


def is_after_restart(laps: pl.DataFrame) -> pl.Series:
    """Return whether the car's lap before saw a safety car, virtual or not, or a red flag.

    Args:
        laps: One row per car and lap, sorted by car and lap. Needs car_number and track_status.

    Source: docs/explanation/lap-classes.md#clean-race.
    """
    before = pl.col("track_status").shift(1).over("car_number")
    return laps.select(
        before.str.contains(_NEUTRALISED).fill_null(value=False).alias("is_after_restart")
    ).to_series()


def clean_race_laps(laps: pl.DataFrame) -> pl.Series:
    """Return which laps of a race are clean racing laps.

    Accurate, green, not the first lap, not the first after a safety car or a red flag, time not deleted, and
    within the spread of its stint once the stint's own trend is taken out. A stint is one set of tyres, so
    all its laps are of one surface class.

    Args:
        laps: Laps of one race, one row per car and lap, sorted by car and lap. Needs car_number, lap_number,
            stint_number, lap_time_ms, is_accurate, is_green, is_deleted and track_status.

    Source: docs/explanation/lap-classes.md#clean-race.
    """
    candidate = laps.select(
        pl.col("is_accurate").fill_null(value=False)
        & pl.col("is_green")
        & (pl.col("lap_number") > 1)
        & ~pl.lit(is_after_restart(laps))
        & ~pl.col("is_deleted").fill_null(value=False)
        & pl.col("lap_time_ms").is_not_null()
    ).to_series()
    clean = candidate.to_numpy().copy()
    rows = laps.with_row_index("row").filter(candidate)
    for _, stint in rows.group_by("car_number", "stint_number"):
        lap, time = stint["lap_number"].to_numpy(), stint["lap_time_ms"].to_numpy()
        clean[stint["row"].to_numpy()] = is_within_spread(lap.astype(np.float64), time.astype(np.float64))
    return pl.Series("is_clean_race", clean, dtype=pl.Boolean)


def is_within_spread(
    lap_number: npt.NDArray[np.float64], lap_time_ms: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Return which laps lie within the spread of their stint.

    The trend is the median slope between any two laps (Theil and Sen), so that outliers do not bend it. A
    stint of fewer than five laps has no trend, one of fewer than three is taken as it is.

    Args:
        lap_number: Laps of one stint. Shape (laps,).
        lap_time_ms: Their times. Shape (laps,). Milliseconds.

    Returns:
        True within the median plus or minus 4 x 1.4826 median absolute deviations. Shape (laps,).

    Source: docs/explanation/lap-classes.md#clean-race.
    """
    if lap_time_ms.size < 3:
        return np.ones(lap_time_ms.size, dtype=bool)
    residual = lap_time_ms - _slope(lap_number, lap_time_ms) * lap_number
    distance = np.abs(residual - np.median(residual))
    spread = max(float(np.median(distance)), SMALLEST_SPREAD_MS)
    return np.asarray(distance <= OUTLIER_FACTOR * spread, dtype=bool)


def _slope(lap_number: npt.NDArray[np.float64], lap_time_ms: npt.NDArray[np.float64]) -> float:
    if lap_time_ms.size < _FEWEST_FOR_TREND:
        return 0.0
    one, other = np.triu_indices(lap_time_ms.size, k=1)
    return float(np.median((lap_time_ms[other] - lap_time_ms[one]) / (lap_number[other] - lap_number[one])))
