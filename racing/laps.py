"""Laps of a session with driver, tyres by set, gaps at the line and lap classes."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.clear_air import clear_air_laps
from racing.completed_laps import is_lap_counted
from racing.gaps import gaps_at_the_line
from racing.keys import RACE_CODES, code_of
from racing.lap_classes import clean_race_laps, is_green, is_quick
from racing.official_laps import LIVE_TIMING, official_laps
from racing.pit_passages import starts_from_pit_lane
from racing.tyres import tyres_by_lap

LAP_MEASURES = (
    "lap_time_ms",
    "sector_1_ms",
    "sector_2_ms",
    "sector_3_ms",
    "sector_1_session_time_ms",
    "sector_2_session_time_ms",
    "sector_3_session_time_ms",
    "lap_start_session_time_ms",
    "lap_end_session_time_ms",
    "lap_start_at",
    "pit_in_session_time_ms",
    "pit_out_session_time_ms",
    "speed_i1_kph",
    "speed_i2_kph",
    "speed_fl_kph",
    "speed_st_kph",
    "is_personal_best",
    "track_status",
    "position",
    "is_deleted",
    "deleted_reason",
    "is_fastf1_generated",
    "is_accurate",
)
"""Columns taken over from ``processed.fastf1__laps`` as they are."""

LAP_COLUMNS = (
    "season",
    "weekend_key",
    "session_key",
    "car_number",
    "lap_number",
    "driver_key",
    "team_key",
    "driver_code",
    *LAP_MEASURES,
    "stint_number",
    "stint_lap_number",
    "compound",
    "tyre_age_laps",
    "is_new_set",
    "is_in_lap",
    "is_out_lap",
    "gap_to_leader_ms",
    "interval_ahead_ms",
    "laps_down",
    "surface_class",
    "is_quick",
    "is_green",
    "is_clean_race",
    "is_clear_air",
    "is_lap_counted",
    "lap_source",
)
"""Columns of the result; the contract is ``curated.laps``."""

_LAP = ["car_number", "lap_number"]
_REPLACED = ("driver_code", "tyre_age_laps", "is_new_set")


def reconcile_laps(
    laps: pl.DataFrame,
    tyre_stints: pl.DataFrame,
    driver_identities: pl.DataFrame,
    jolpica_laps: pl.DataFrame,
    jolpica_pit_stops: pl.DataFrame,
    *,
    session_key: str,
) -> pl.DataFrame:
    """Return the laps of one session: from live timing, else as the official documents have them.

    Args:
        laps: ``processed.fastf1__laps`` of the session; empty where there is no live timing.
        tyre_stints: ``processed.fastf1__tyre_stints`` of the session.
        driver_identities: ``curated.driver_identities`` of the session.
        jolpica_laps: ``processed.jolpica__laps`` of the weekend.
        jolpica_pit_stops: ``processed.jolpica__pit_stops`` of the weekend.
        session_key: The session.

    Returns:
        One row per car and lap, by car and lap; see ``classify_laps`` and ``official_laps``.
    """
    timed = classify_laps(laps, tyre_stints, driver_identities)
    of_session = pl.col("session_key") == session_key
    official = jolpica_laps.filter(of_session)
    if not laps.is_empty() or official.is_empty():
        return timed
    known = official_laps(official, jolpica_pit_stops.filter(of_session), driver_identities)
    return pl.concat(
        [timed, known.cast({name: timed.schema[name] for name in known.columns})], how="diagonal"
    )


def classify_laps(
    laps: pl.DataFrame, tyre_stints: pl.DataFrame, driver_identities: pl.DataFrame
) -> pl.DataFrame:
    """Return the laps of one session with everything that later steps ask of a lap.

    Args:
        laps: ``processed.fastf1__laps`` of the session.
        tyre_stints: ``processed.fastf1__tyre_stints`` of the session.
        driver_identities: ``curated.driver_identities`` of the session.

    Returns:
        One row per car and lap, by car and lap.

    Source: docs/explanation/lap-classes.md.
    """
    codes = {code_of(key) for key in laps["session_key"].unique().to_list()}
    is_race = bool(codes & RACE_CODES)
    code = next(iter(codes), "R")
    ordered = laps.sort(_LAP)
    described = (
        _with_drivers(ordered, driver_identities)
        .join(tyres_by_lap(ordered, tyre_stints), on=_LAP, how="left")
        .sort(_LAP)
        .with_columns(
            is_lap_counted(ordered, code),
            (pl.col("pit_in_session_time_ms").is_not_null() & ~starts_from_pit_lane()).alias("is_in_lap"),
            pl.col("pit_out_session_time_ms").is_not_null().alias("is_out_lap"),
            is_quick(pl.col("lap_time_ms")).alias("is_quick"),
            is_green(pl.col("track_status")).alias("is_green"),
            pl.lit(LIVE_TIMING).alias("lap_source"),
        )
    )
    return _with_race_columns(described, is_race=is_race).select(_typed_columns())


def _with_drivers(laps: pl.DataFrame, driver_identities: pl.DataFrame) -> pl.DataFrame:
    drivers = driver_identities.unique("car_number", keep="first", maintain_order=True).select(
        "car_number", "driver_key", "team_key", pl.col("driver_code").alias("known_code")
    )
    return (
        laps.join(drivers, on="car_number", how="left")
        .with_columns(pl.coalesce("known_code", "driver_code").alias("code"))
        .drop(_REPLACED)
        .rename({"code": "driver_code"})
    )


def _with_race_columns(laps: pl.DataFrame, *, is_race: bool) -> pl.DataFrame:
    """Return laps with gaps, clean laps and clear air; all null outside races."""
    if not is_race:
        nothing: dict[str, Any] = {
            "gap_to_leader_ms": pl.Int64,
            "interval_ahead_ms": pl.Int64,
            "laps_down": pl.Int32,
            "is_clean_race": pl.Boolean,
            "is_clear_air": pl.Boolean,
        }
        return laps.with_columns(pl.lit(None, kind).alias(name) for name, kind in nothing.items())
    return (
        laps.join(gaps_at_the_line(laps), on=_LAP, how="left")
        .join(clear_air_laps(laps), on=_LAP, how="left")
        .sort(_LAP)
        .with_columns(clean_race_laps(laps))
    )


def _typed_columns() -> list[pl.Expr]:
    counts = {"stint_number", "stint_lap_number", "tyre_age_laps", "laps_down"}
    return [pl.col(name).cast(pl.Int32) if name in counts else pl.col(name) for name in LAP_COLUMNS]
