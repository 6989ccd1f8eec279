"""Entries of a session that has no official result, as timing gives them: no penalties, no points."""

from __future__ import annotations

import polars as pl

from racing.qualifying_segments import qualifying_order, segment_times
from racing.timing_order import finishing_order


def race_from_timing(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the entries of a race or sprint from its laps.

    A car is classified when it completed nine tenths of the winner's laps, rounded down, as the sporting
    regulations say. A car that was not running when the winner finished is Retired.

    Args:
        laps: Curated laps of the session; may be empty.

    Returns:
        One row per car in order, with the columns of ``curated.results`` that timing can fill: no points, no
        grid, no total times. Empty without laps.

    Source: docs/explanation/discrepancies.md#results.
    """
    if laps.is_empty():
        return pl.DataFrame()
    cars = finishing_order(laps)
    winning_laps = int(cars["laps_completed"][0])
    is_classified = pl.col("laps_completed") >= max(winning_laps * 9 // 10, 1)
    is_full_distance = pl.col("laps_completed") == winning_laps
    status = (
        pl.when(~pl.col("is_running_at_flag"))
        .then(pl.lit("Retired"))
        .when(is_full_distance)
        .then(pl.lit("Finished"))
        .otherwise(pl.lit("Lapped"))
    )
    placed = cars.with_columns(
        result_order=pl.col("timing_order"),
        result_source=pl.lit("timing"),
        is_classified=is_classified,
        status=status,
        gap_to_winner_ms=pl.when(is_full_distance).then("gap_to_winner_ms"),
    )
    return placed.with_columns(
        position=pl.when("is_classified").then("timing_order"),
        position_text=pl.when("is_classified")
        .then(pl.col("timing_order").cast(pl.String))
        .otherwise(pl.lit("R")),
    )


def qualifying_from_timing(
    laps: pl.DataFrame, session_status: pl.DataFrame, identities: pl.DataFrame
) -> pl.DataFrame:
    """Return the entries of qualifying or sprint qualifying from its laps.

    Args:
        laps: Curated laps of the session; may be empty.
        session_status: Changes of the state of the session, which say when its segments began.
        identities: Who sat in which car; one row per car and driver. Its cars are the entries.

    Returns:
        One row per car with laps, in order. Empty without laps or without the start of a segment.

    Source: docs/explanation/discrepancies.md#results.
    """
    times = segment_times(laps, session_status)
    if times.is_empty():
        return pl.DataFrame()
    entry_count = max(identities["car_number"].n_unique(), times.height)
    drivers = laps.group_by("car_number").agg(driver_key=pl.col("driver_key").first())
    return (
        qualifying_order(times, entry_count)
        .with_columns(
            result_order=pl.col("timing_order"),
            result_source=pl.lit("timing"),
            position=pl.col("timing_order"),
            position_text=pl.col("timing_order").cast(pl.String),
        )
        .join(drivers, on="car_number", how="left", maintain_order="left")
    )
