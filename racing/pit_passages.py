"""Passages of the pit lane: which lap a car entered it in, and when it left it again."""

from __future__ import annotations

import polars as pl

from racing.race_end import finished_cars


def starts_from_pit_lane() -> pl.Expr:
    """Return whether a lap is a first lap whose passage of the pit lane was before the race.

    The car entered the pits on its way to the grid, or when the start was delayed, and left them after it.
    Needs lap_number, pit_in_session_time_ms and pit_out_session_time_ms. Never null.
    """
    left_after = pl.col("pit_out_session_time_ms") > pl.col("pit_in_session_time_ms")
    return (left_after & (pl.col("lap_number") == 1)).fill_null(value=False)


def pit_passages(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps in which a car entered the pits, each with the lap after it.

    A car that leaves the pits although it was not seen to enter them entered in the lap before; leaving them
    in its first lap is a start from the pit lane. Where the lap after has no row, FastF1 writes the exit
    beside the entry.

    Args:
        laps: ``curated.laps`` of one race, sorted by car and lap.

    Returns:
        The in-laps with pit_out_session_time_ms of the passage, pit_lane_time_ms, in_lap_ms, saw_red_flag,
        and of the following lap out_lap_ms, next_stint and next_compound.

    Source: docs/glossary.md#pit-stop.
    """
    entered, left = pl.col("pit_in_session_time_ms"), pl.col("pit_out_session_time_ms")
    is_same_passage = (left > entered).fill_null(value=False)
    duration = pl.coalesce(
        pl.col("lap_time_ms"), pl.col("lap_end_session_time_ms") - pl.col("lap_start_session_time_ms")
    )
    following = {
        "next_out_ms": pl.when(~is_same_passage).then(left),
        "out_lap_ms": duration,
        "next_status": pl.col("track_status"),
        "next_stint": pl.col("stint_number"),
        "next_compound": pl.col("compound"),
    }
    paired = laps.with_columns(
        duration.alias("in_lap_ms"),
        *(value.shift(-1).over("car_number").alias(name) for name, value in following.items()),
    )
    status = pl.concat_str("track_status", "next_status", ignore_nulls=True)
    return (
        paired.filter(~starts_from_pit_lane() & ~_entered_after_the_flag(laps))
        .filter(entered.is_not_null() | pl.col("next_out_ms").is_not_null())
        .with_columns(
            pl.when(is_same_passage).then(left).otherwise("next_out_ms").alias("pit_out_session_time_ms"),
            status.str.contains("5").fill_null(value=False).alias("saw_red_flag"),
        )
        .with_columns((left - entered).alias("pit_lane_time_ms"))
    )


def _entered_after_the_flag(laps: pl.DataFrame) -> pl.Expr:
    """Return whether a car that finished entered the pits after its last lap."""
    is_last = pl.col("lap_number") == pl.col("lap_number").max().over("car_number")
    finished = pl.col("car_number").is_in(finished_cars(laps) or [])
    is_after = pl.col("pit_in_session_time_ms") > pl.col("lap_end_session_time_ms")
    return (is_last & pl.col("is_lap_counted") & finished & is_after).fill_null(value=False)
