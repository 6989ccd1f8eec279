"""Best times of the segments of qualifying (Q1, Q2, Q3), and the order that follows, from timing alone."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from racing.timing_order import ends_in_pits

SEGMENT_COLUMNS: tuple[str, ...] = ("q1_ms", "q2_ms", "q3_ms")
"""Best time of each segment, in order."""

_LAST_SEGMENT_CARS = 10


def segment_starts_ms(session_status: pl.DataFrame) -> list[int]:
    """Return the session clock at the start of each segment; a restart after a red flag is not a start.

    Args:
        session_status: Changes of the state of one session: session_time_ms, status. Any order.

    Source: docs/explanation/discrepancies.md#qualifying-segments.
    """
    starts: list[int] = []
    is_suspended = False
    for change in session_status.sort("session_time_ms").iter_rows(named=True):
        if change["status"] == "Started":
            if not is_suspended:
                starts.append(change["session_time_ms"])
            is_suspended = False
        elif change["status"] == "Aborted":
            is_suspended = True
        elif change["status"] == "Finished":
            is_suspended = False
    return starts


def segment_of(starts_ms: list[int]) -> pl.Expr:
    """Return the expression for the segment in which a lap ended: 1, 2, 3; 0 before the first began.

    Args:
        starts_ms: Start of each segment on the session clock, ascending. Needs lap_end_session_time_ms.
    """
    begun = [(pl.col("lap_end_session_time_ms") > start).cast(pl.Int32) for start in starts_ms]
    return pl.sum_horizontal(pl.lit(0, pl.Int32), *begun)


def flying_laps(laps: pl.DataFrame, starts_ms: list[int]) -> pl.DataFrame:
    """Return the laps that can stand as a qualifying time, with the segment in which they ended.

    A lap stands when it has a time, was not deleted, and neither left nor entered the pits.

    Args:
        laps: Laps of one qualifying session; needs car_number, lap_number, lap_time_ms, is_deleted,
            lap_end_session_time_ms, pit_in_session_time_ms and pit_out_session_time_ms.
        starts_ms: Start of each segment on the session clock, ascending.

    Returns:
        The rows that stand, with ``segment_number`` from 1.
    """
    return laps.filter(
        pl.col("lap_time_ms").is_not_null()
        & ~ends_in_pits()
        & pl.col("pit_out_session_time_ms").is_null()
        & ~pl.col("is_deleted").fill_null(value=False)
    ).with_columns(segment_of(starts_ms).alias("segment_number"))


def segment_times(laps: pl.DataFrame, session_status: pl.DataFrame) -> pl.DataFrame:
    """Return each car's best time in each segment of qualifying.

    Args:
        laps: Laps of one qualifying session, as ``flying_laps`` needs them.
        session_status: Changes of the state of the session.

    Returns:
        One row per car with laps: car_number, q1_ms, q2_ms, q3_ms; null where no time stands. Empty where
        the status has no start, for then no lap can be given to a segment.
    """
    schema = {"car_number": pl.String()} | dict.fromkeys(SEGMENT_COLUMNS, pl.Int64())
    starts = segment_starts_ms(session_status)
    if laps.is_empty() or not starts:
        return pl.DataFrame(schema=schema)
    flying = flying_laps(laps, starts)
    best = flying.group_by("car_number").agg(
        pl.col("lap_time_ms").filter(pl.col("segment_number") == number).min().alias(name)
        for number, name in enumerate(SEGMENT_COLUMNS, 1)
    )
    cars = laps.select("car_number").unique()
    return cars.join(best, on="car_number", how="left").select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )


def qualifying_order(times: pl.DataFrame, entry_count: int) -> pl.DataFrame:
    """Return the cars in qualifying order.

    Ten cars take part in the last segment; the first two eliminate half of the others each. A car is ranked
    by its time in the last segment it reached, behind all cars that reached a later one.

    Args:
        times: One row per car: car_number, q1_ms, q2_ms, q3_ms.
        entry_count: Cars entered, also those that never left the pits.

    Returns:
        The rows in order, with ``timing_order`` from 1 and ``segment_reached``; a time in a segment that the
        car did not reach is null.
    """
    eliminated = max(entry_count - _LAST_SEGMENT_CARS, 0) // 2
    places = [entry_count, entry_count - eliminated, min(_LAST_SEGMENT_CARS, entry_count)]
    ranked = times.with_columns(segment_reached=pl.lit(1, pl.Int32))
    for number, (before, name) in enumerate(pairwise(SEGMENT_COLUMNS), 2):
        rank = pl.col(before).rank("ordinal")
        advances = (pl.col("segment_reached") == number - 1) & (rank <= places[number - 1])
        ranked = ranked.with_columns(
            segment_reached=pl.when(advances.fill_null(value=False)).then(number).otherwise("segment_reached")
        ).with_columns(
            pl.when(pl.col("segment_reached") >= number).then(pl.col(name)).otherwise(None).alias(name)
        )
    time_reached = pl.coalesce(
        pl.when(pl.col("segment_reached") == number).then(pl.col(name))
        for number, name in enumerate(SEGMENT_COLUMNS, 1)
    )
    return (
        ranked.sort(
            pl.col("segment_reached"),
            time_reached,
            pl.col("q2_ms"),
            pl.col("q1_ms"),
            pl.col("car_number"),
            descending=[True, False, False, False, False],
            nulls_last=True,
        )
        .with_row_index("timing_order", offset=1)
        .with_columns(pl.col("timing_order").cast(pl.Int32), pl.col("segment_reached").cast(pl.Int32))
    )
