"""The order of a race lap by lap, from the grid to the flag: timed at the line, beside what the feed sent."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.identities import NO_CAR_NUMBER
from racing.keys import RACE_CODES, code_of, season_of, weekend_of

LAP_POSITION_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "driver_key": pl.String,
    "position": pl.Int32,
    "position_source": pl.String,
    "timed_position": pl.Int32,
    "sent_position": pl.Int32,
    "is_agreed": pl.Boolean,
    "places_gained": pl.Int32,
}
"""Columns of curated.lap_positions."""

POSITION_SOURCES = ("LINE", "FEED", "GRID")
"""Closed list of where a position is from: the line, the feed, the official grid."""

_KEY = ("car_number", "lap_number")


def chart_lap_positions(
    laps: pl.DataFrame, lap_positions: pl.DataFrame, results: pl.DataFrame, *, session_key: str
) -> pl.DataFrame:
    """Return the position of every car at the end of every lap of a race or sprint, and on the grid.

    Args:
        laps: ``curated.laps`` of the session: car_number, lap_number, driver_key, position.
        lap_positions: ``processed.live_timing__lap_positions`` of the session.
        results: ``curated.results`` of the session: car_number, driver_key, grid_position.
        session_key: The session.

    Returns:
        Columns of ``LAP_POSITION_SCHEMA``, one row per car and lap; lap 0 is the grid. The order at the line
        goes before what the feed sent; on the grid, the official one goes before the feed's. No rows
        for other sessions, whose order is by best time.

    Source: docs/glossary.md#lap-chart.
    """
    if code_of(session_key) not in RACE_CODES:
        return pl.DataFrame(schema=LAP_POSITION_SCHEMA)
    timed = laps.select(*_KEY, "driver_key", timed_position="position", lap_source=pl.lit("LINE"))
    chart = (
        pl.concat([_grid(results), timed], how="vertical_relaxed")
        .join(
            lap_positions.select(*_KEY, sent_position="position"),
            on=_KEY,
            how="full",
            coalesce=True,
            maintain_order="left_right",
        )
        .with_columns(position=pl.coalesce("timed_position", "sent_position"))
        .filter(pl.col("position").is_not_null())
        .sort(*_KEY)
    )
    drivers = pl.concat([results, laps], how="diagonal_relaxed").select("car_number", known="driver_key")
    named = chart.join(
        drivers.unique("car_number", keep="first", maintain_order=True), on="car_number", how="left"
    )
    return named.select(
        season=pl.lit(season_of(session_key), pl.Int32),
        weekend_key=pl.lit(weekend_of(session_key)),
        session_key=pl.lit(session_key),
        car_number="car_number",
        lap_number="lap_number",
        driver_key=pl.coalesce("driver_key", "known"),
        position="position",
        position_source=pl.when(pl.col("timed_position").is_not_null())
        .then("lap_source")
        .otherwise(pl.lit("FEED")),
        timed_position="timed_position",
        sent_position="sent_position",
        is_agreed=pl.col("timed_position") == pl.col("sent_position"),
        places_gained=_places_gained(),
    ).cast(pl.Schema(LAP_POSITION_SCHEMA))


def _grid(results: pl.DataFrame) -> pl.DataFrame:
    """Return the official grid as lap 0; who starts from the pit lane has no place on it."""
    return (
        results.filter((pl.col("grid_position") > 0) & (pl.col("car_number") != NO_CAR_NUMBER))
        .unique("car_number", keep="first", maintain_order=True)
        .select(
            "car_number",
            pl.lit(0, pl.Int32).alias("lap_number"),
            "driver_key",
            pl.col("grid_position").alias("timed_position"),
            pl.lit("GRID").alias("lap_source"),
        )
    )


def _places_gained() -> pl.Expr:
    """Return places gained since the lap before; null where that is not known."""
    before = pl.col("position").shift(1).over("car_number")
    is_next = pl.col("lap_number") == pl.col("lap_number").shift(1).over("car_number") + 1
    return pl.when(is_next).then(before - pl.col("position"))
