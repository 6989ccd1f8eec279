"""The finishing order of a race or sprint, from line crossings alone.

No official result, no penalty and no message of race control is used here: the order is what the timing
line saw. Comparing it with the official result is ``racing/discrepancies.py``.
"""

from __future__ import annotations

import polars as pl

from racing.final_crossings import final_crossings

TIMED_CAR_SCHEMA: dict[str, pl.DataType] = {
    "car_number": pl.String(),
    "driver_key": pl.String(),
    "timing_order": pl.Int32(),
    "laps_completed": pl.Int32(),
    "last_lap_number": pl.Int32(),
    "finish_session_time_ms": pl.Int64(),
    "gap_to_winner_ms": pl.Int64(),
    "is_running_at_flag": pl.Boolean(),
    "line_message_session_time_ms": pl.Int64(),
    "clock_break_count": pl.Int32(),
    "is_first_lap_neutralised": pl.Boolean(),
    "fastest_lap_number": pl.Int32(),
    "fastest_lap_time_ms": pl.Int64(),
}
"""Columns of ``finishing_order``."""


def finishing_order(laps: pl.DataFrame, *, final_lap: int | None = None) -> pl.DataFrame:
    """Return the cars of a race in the order of the timing line: most laps first, then first to cross.

    The race ends when the leader completes the last lap; every other car's race ends the next time it
    crosses the line, so later crossings are not counted.

    Args:
        laps: Curated laps of one race or sprint.
        final_lap: Lap of the leader after which the race is taken to have ended; null for the last lap that
            any car completed. Used to test a result that was counted back after a red flag.

    Returns:
        One row per car, in order; cars without a completed lap come last, in the order of their numbers as
        text. Columns as in ``TIMED_CAR_SCHEMA``: timing_order counts from 1; finish_session_time_ms is the
        last counted crossing, null without one; gap_to_winner_ms is its difference to the winner's, null
        without one and negative for a car that stopped before the winner finished. The columns of
        ``final_crossings`` say how sure the crossing is.

    Source: docs/explanation/discrepancies.md#finishing_order.
    """
    if laps.is_empty():
        return pl.DataFrame(schema=TIMED_CAR_SCHEMA)
    crossings = _crossings_until_the_flag(laps, final_lap)
    cars = laps.group_by("car_number").agg(
        driver_key=pl.col("driver_key").first(), last_lap_number=pl.col("lap_number").max()
    )
    ordered = (
        cars.join(final_crossings(crossings), on="car_number", how="left")
        .join(fastest_laps(crossings), on="car_number", how="left")
        .with_columns(pl.col("laps_completed", "clock_break_count").fill_null(0))
        .sort(
            ["laps_completed", "finish_session_time_ms", "car_number"],
            descending=[True, False, False],
            nulls_last=True,
        )
        .with_row_index("timing_order", offset=1)
    )
    gap = pl.col("finish_session_time_ms") - pl.col("finish_session_time_ms").first()
    return (
        ordered.with_columns(gap_to_winner_ms=gap)
        .with_columns(is_running_at_flag=(pl.col("gap_to_winner_ms") >= 0).fill_null(value=False))
        .select(pl.col(name).cast(dtype) for name, dtype in TIMED_CAR_SCHEMA.items())
    )


def fastest_laps(laps: pl.DataFrame) -> pl.DataFrame:
    """Return each car's fastest lap that can stand as one.

    The first lap starts on the grid, a lap into the pits ends on another line, and a deleted lap does not
    count; of two equal times the earlier lap stands.

    Args:
        laps: Laps of a session; needs car_number, lap_number, lap_time_ms, lap_end_session_time_ms,
            pit_in_session_time_ms and is_deleted.

    Returns:
        One row per car with such a lap: car_number, fastest_lap_number, fastest_lap_time_ms.

    Source: docs/explanation/discrepancies.md#fastest_lap.
    """
    standing = (
        pl.col("lap_time_ms").is_not_null()
        & (pl.col("lap_number") > 1)
        & ~ends_in_pits()
        & ~pl.col("is_deleted").fill_null(value=False)
    )
    return (
        laps.filter(standing)
        .sort("lap_time_ms", "lap_number")
        .group_by("car_number", maintain_order=True)
        .agg(
            fastest_lap_number=pl.col("lap_number").first(), fastest_lap_time_ms=pl.col("lap_time_ms").first()
        )
    )


def ends_in_pits() -> pl.Expr:
    """Return the expression for a lap that ended in the pit lane.

    An entry after the end belongs to the next lap: FastF1 writes it here where that lap has no row.
    Needs pit_in_session_time_ms and lap_end_session_time_ms. Never null.
    """
    is_within = pl.col("pit_in_session_time_ms") <= pl.col("lap_end_session_time_ms")
    return is_within.fill_null(value=False)


def _crossings_until_the_flag(laps: pl.DataFrame, final_lap: int | None) -> pl.DataFrame:
    """Return the counted laps up to the flag; the flag falls when the first car completes the final lap."""
    crossings = laps.filter(pl.col("is_lap_counted") & pl.col("lap_end_session_time_ms").is_not_null())
    last = crossings["lap_number"].max() if final_lap is None else final_lap
    flag = crossings.filter(pl.col("lap_number") == last)["lap_end_session_time_ms"].min()
    if flag is None:
        return crossings
    # A lap counts when it was begun before the flag fell, that is, when the crossing before it was earlier.
    begun_at = pl.col("lap_end_session_time_ms").shift(1).over("car_number")
    return crossings.sort("car_number", "lap_number").filter(
        (begun_at < flag).fill_null(value=True) & (pl.col("lap_number") <= last)
    )
