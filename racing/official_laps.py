"""Laps and pit stops of races without live timing, from the official documents that Jolpica keeps.

They say who completed which lap when in what time and place, and who was in the pits for how long. What only
timing knows (sectors, tyres, clock, gaps, track status) is null: gaps are never made of summed lap times.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.identities import NO_CAR_NUMBER
from racing.lap_classes import is_quick

LIVE_TIMING = "live_timing"
JOLPICA = "jolpica"
"""Values of ``lap_source`` and ``stop_source``."""

LONGEST_STOP_MS = 180_000
"""A longer stop can be a repair or a wait under a red flag: without track status nothing tells which."""

_KEYS = ("season", "weekend_key", "session_key")
_DRIVER = ("car_number", "driver_key", "team_key", "driver_code")


def timed_laps(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the laps that come from live timing; the others have no clock to tell an order from.

    Args:
        laps: ``curated.laps``.
    """
    return laps.filter(pl.col("lap_source").ne_missing(JOLPICA))


def official_laps(
    jolpica_laps: pl.DataFrame, jolpica_pit_stops: pl.DataFrame, driver_identities: pl.DataFrame
) -> pl.DataFrame:
    """Return what ``curated.laps`` can say of the laps of one race that has no live timing.

    Args:
        jolpica_laps: ``processed.jolpica__laps`` of the race.
        jolpica_pit_stops: ``processed.jolpica__pit_stops`` of the race; empty before 2011, and where the
            document is not there: whether a lap begins or ends in the pits is then not known.
        driver_identities: ``curated.driver_identities`` of the race.

    Returns:
        Known columns alone, one row per car and lap. A driver whom the result does not name, or without a
        car number, has the number ``-``.

    Source: docs/explanation/history.md#laps.
    """
    laps = _with_cars(jolpica_laps, driver_identities)
    stops = jolpica_pit_stops.select("driver_id_jolpica", "lap_number").unique()
    is_known = pl.lit(not stops.is_empty())
    ended = stops.with_columns(ends_in_pits=pl.lit(value=True))
    begun = stops.with_columns(pl.col("lap_number") + 1, begins_in_pits=pl.lit(value=True))
    on = ["driver_id_jolpica", "lap_number"]
    return (
        laps.join(ended, on=on, how="left")
        .join(begun, on=on, how="left")
        .sort("car_number", "lap_number")
        .select(
            *_KEYS,
            *_DRIVER,
            "lap_number",
            "lap_time_ms",
            "position",
            pl.lit("UNKNOWN").alias("compound"),
            pl.lit("UNKNOWN").alias("surface_class"),
            pl.when(is_known).then(pl.col("ends_in_pits").fill_null(value=False)).alias("is_in_lap"),
            pl.when(is_known).then(pl.col("begins_in_pits").fill_null(value=False)).alias("is_out_lap"),
            is_quick(pl.col("lap_time_ms")).alias("is_quick"),
            pl.lit(value=True).alias("is_lap_counted"),
            pl.lit(JOLPICA).alias("lap_source"),
        )
    )


def official_pit_stops(jolpica_pit_stops: pl.DataFrame, driver_identities: pl.DataFrame) -> pl.DataFrame:
    """Return what ``curated.pit_stops`` can say of the stops of one race that has no live timing.

    Args:
        jolpica_pit_stops: ``processed.jolpica__pit_stops`` of the race.
        driver_identities: ``curated.driver_identities`` of the race.

    Returns:
        Known columns alone, one row per car and stop. A stop of three minutes or more leaves open whether it
        was a wait under a red flag.

    Source: docs/explanation/history.md#laps.
    """
    is_short = pl.col("pit_lane_time_ms") < LONGEST_STOP_MS
    return (
        _with_cars(jolpica_pit_stops, driver_identities)
        .sort("car_number", "stop_number")
        .select(
            *_KEYS,
            *_DRIVER,
            "stop_number",
            "lap_number",
            "pit_lane_time_ms",
            pl.when(is_short).then(pl.lit(value=False)).alias("is_under_red_flag"),
            pl.lit(JOLPICA).alias("stop_source"),
        )
    )


def in_columns(rows: pl.DataFrame, schema: dict[str, Any]) -> pl.DataFrame:
    """Return rows with exactly the columns of a schema; those that they lack are null."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def _with_cars(rows: pl.DataFrame, driver_identities: pl.DataFrame) -> pl.DataFrame:
    drivers = driver_identities.unique("driver_key", keep="first", maintain_order=True).select(_DRIVER)
    return rows.join(
        drivers, left_on="driver_id_jolpica", right_on="driver_key", how="left", maintain_order="left"
    ).with_columns(
        pl.col("driver_id_jolpica").alias("driver_key"), pl.col("car_number").fill_null(NO_CAR_NUMBER)
    )
