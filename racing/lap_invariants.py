"""Invariants of laps: sectors, numbering, order in time, positions and gaps."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from racing.invariant import Invariant, Violation, violations

LAPS = "curated.laps"

_CAR = ("session_key", "car_number")
_LAP = ("car_number", "lap_number")
_SECTORS = ("sector_1_ms", "sector_2_ms", "sector_3_ms")
_SECTOR_TOLERANCE_MS = 3

Frames = Mapping[str, pl.DataFrame]


def sectors_sum_to_lap(frames: Frames) -> list[Violation]:
    """Return accurate laps whose three sectors are not the lap time within 3 ms.

    Source: docs/glossary.md#sector; the tolerance is FastF1's own.
    """
    laps = frames[LAPS].with_columns(sector_sum_ms=pl.sum_horizontal(_SECTORS, ignore_nulls=False))
    wrong = laps.filter(
        pl.col("is_accurate")
        & ((pl.col("sector_sum_ms") - pl.col("lap_time_ms")).abs() > _SECTOR_TOLERANCE_MS)
    )
    return violations(wrong, _LAP, "sectors sum to {sector_sum_ms} ms, the lap took {lap_time_ms} ms")


def lap_numbers_run_1_to_n(frames: Frames) -> list[Violation]:
    """Return cars whose lap numbers are not 1, 2, 3 and so on without gap or repeat."""
    cars = (
        frames[LAPS]
        .group_by(_CAR)
        .agg(
            first=pl.col("lap_number").min(),
            last=pl.col("lap_number").max(),
            rows=pl.len(),
            distinct=pl.col("lap_number").n_unique(),
        )
    )
    wrong = cars.filter(
        (pl.col("first") != 1) | (pl.col("last") != pl.col("rows")) | (pl.col("distinct") != pl.col("rows"))
    )
    return violations(wrong, ("car_number",), "{rows} rows for laps {first} to {last}")


def laps_follow_each_other(frames: Frames) -> list[Violation]:
    """Return laps that end before they start, or before the lap before them ended."""
    laps = (
        frames[LAPS]
        .sort("session_key", *_LAP)
        .with_columns(previous_end_ms=pl.col("lap_end_session_time_ms").shift(1).over(_CAR))
    )
    wrong = laps.filter(
        (pl.col("lap_end_session_time_ms") <= pl.col("lap_start_session_time_ms"))
        | (pl.col("lap_end_session_time_ms") <= pl.col("previous_end_ms"))
    )
    text = "{lap_start_session_time_ms} to {lap_end_session_time_ms}, the one before ended {previous_end_ms}"
    return violations(wrong, _LAP, text)


def only_a_last_lap_is_not_counted(frames: Frames) -> list[Violation]:
    """Return laps that are not counted although the car has a later one."""
    last = pl.col("lap_number").max().over(_CAR)
    wrong = frames[LAPS].filter(~pl.col("is_lap_counted") & (pl.col("lap_number") < last))
    return violations(wrong, _LAP, "not counted, but not the last lap of the car")


def positions_run_1_to_n(frames: Frames) -> list[Violation]:
    """Return laps at whose end the positions of the cars are not 1 to the number of cars."""
    placed = frames[LAPS].filter(pl.col("position").is_not_null())
    per_lap = placed.group_by("session_key", "lap_number").agg(
        cars=pl.len(), highest=pl.col("position").max(), distinct=pl.col("position").n_unique()
    )
    wrong = per_lap.filter((pl.col("highest") != pl.col("cars")) | (pl.col("distinct") != pl.col("cars")))
    return violations(wrong, ("lap_number",), "{cars} cars, {distinct} positions up to {highest}")


def gaps_equal_summed_intervals(frames: Frames) -> list[Violation]:
    """Return laps of a car whose gap to the leader is not the sum of the intervals ahead of it."""
    timed = frames[LAPS].filter(pl.col("gap_to_leader_ms").is_not_null())
    lap = ("session_key", "lap_number")
    # Of two cars at one moment the one that stands behind the other has no interval to it.
    laps = timed.sort(*lap, "gap_to_leader_ms", -pl.col("interval_ahead_ms"), nulls_last=True).with_columns(
        interval_sum_ms=pl.col("interval_ahead_ms").fill_null(0).cum_sum().over(lap)
    )
    wrong = laps.filter(pl.col("gap_to_leader_ms") != pl.col("interval_sum_ms"))
    return violations(wrong, _LAP, "gap {gap_to_leader_ms} ms, intervals sum to {interval_sum_ms} ms")


LAP_INVARIANTS: tuple[Invariant, ...] = (
    Invariant("sectors_sum_to_lap", (LAPS,), is_blocking=True, check=sectors_sum_to_lap),
    Invariant("lap_numbers_run_1_to_n", (LAPS,), is_blocking=False, check=lap_numbers_run_1_to_n),
    Invariant("laps_follow_each_other", (LAPS,), is_blocking=False, check=laps_follow_each_other),
    Invariant(
        "only_a_last_lap_is_not_counted", (LAPS,), is_blocking=True, check=only_a_last_lap_is_not_counted
    ),
    Invariant("positions_run_1_to_n", (LAPS,), is_blocking=False, check=positions_run_1_to_n),
    Invariant("gaps_equal_summed_intervals", (LAPS,), is_blocking=True, check=gaps_equal_summed_intervals),
)
"""Invariants of laps."""
