"""Passages of the pit lane in races and sprints: when, how long, on which tyres, and what they cost."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.keys import RACE_CODES, code_of
from racing.official_laps import LIVE_TIMING, in_columns, official_pit_stops, timed_laps
from racing.pit_passages import pit_passages

PIT_STOP_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "stop_number": pl.Int32,
    "driver_key": pl.String,
    "team_key": pl.String,
    "driver_code": pl.String,
    "lap_number": pl.Int32,
    "pit_in_session_time_ms": pl.Int64,
    "pit_out_session_time_ms": pl.Int64,
    "pit_lane_time_ms": pl.Int64,
    "track_status": pl.String,
    "is_tyre_change": pl.Boolean,
    "is_under_red_flag": pl.Boolean,
    "compound_before": pl.String,
    "compound_after": pl.String,
    "pit_loss_ms": pl.Float64,
    "stop_source": pl.String,
}
"""Columns of the result; the contract is ``curated.pit_stops``."""

REFERENCE_LAPS = 3
"""Laps on either side of a stop among which its reference is the median clean lap."""
RED_FLAG_WAIT_MS = 180_000
"""A passage that saw a red flag and lasted longer was a wait; no stop or penalty takes three minutes."""


def reconcile_pit_stops(
    laps: pl.DataFrame,
    stints: pl.DataFrame,
    jolpica_pit_stops: pl.DataFrame,
    driver_identities: pl.DataFrame,
    *,
    session_key: str,
) -> pl.DataFrame:
    """Return the stops of one session: from live timing, else as the official document has them.

    Args:
        laps: ``curated.laps`` of the session.
        stints: ``curated.stints`` of the session.
        jolpica_pit_stops: ``processed.jolpica__pit_stops`` of the weekend.
        driver_identities: ``curated.driver_identities`` of the session.
        session_key: The session.

    Returns:
        One row per car and stop; see ``find_pit_stops`` and ``official_pit_stops``.
    """
    timed = timed_laps(laps)
    official = jolpica_pit_stops.filter(pl.col("session_key") == session_key)
    if not timed.is_empty() or official.is_empty():
        return find_pit_stops(timed, stints)
    return in_columns(official_pit_stops(official, driver_identities), PIT_STOP_SCHEMA)


def find_pit_stops(laps: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    """Return the passages of the pit lane of one race or sprint; none for other sessions.

    Args:
        laps: ``curated.laps`` of the session.
        stints: ``curated.stints`` of the session; a passage changed tyres where a stint ends with its in-lap.

    Returns:
        One row per car and passage. A wait under a red flag is flagged, and has no pit loss.

    Source: docs/explanation/lap-classes.md#pit-loss.
    """
    codes = {code_of(key) for key in laps["session_key"].unique().to_list()}
    if not codes & RACE_CODES:
        return pl.DataFrame(schema=PIT_STOP_SCHEMA)
    passages = pit_passages(laps.sort("car_number", "lap_number"))
    priced = _with_tyres(passages, stints).join(
        _reference_laps(passages, laps), on=["car_number", "lap_number"], how="left"
    )
    wait = pl.col("pit_lane_time_ms").is_null() | (pl.col("pit_lane_time_ms") >= RED_FLAG_WAIT_MS)
    return (
        priced.with_columns((pl.col("saw_red_flag").fill_null(value=False) & wait).alias("is_under_red_flag"))
        .with_columns(
            pl.when(~pl.col("is_under_red_flag"))
            .then(pl.col("in_lap_ms") + pl.col("out_lap_ms") - 2 * pl.col("reference_ms"))
            .alias("pit_loss_ms"),
            pl.lit(LIVE_TIMING).alias("stop_source"),
        )
        .sort("car_number", "lap_number")
        .with_columns(pl.int_range(1, pl.len() + 1).over("car_number").alias("stop_number"))
        .select(pl.col(name).cast(kind) for name, kind in PIT_STOP_SCHEMA.items())
    )


def _with_tyres(passages: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    """Return passages with the compounds before and after; after is null where the car never left."""
    ends = stints.select(
        "car_number", pl.col("last_lap_number").alias("lap_number"), pl.lit(value=True).alias("ends_stint")
    )
    left = pl.col("pit_out_session_time_ms").is_not_null()
    is_known = pl.col("stint_number").is_not_null() & pl.col("next_stint").is_not_null()
    return passages.join(ends, on=["car_number", "lap_number"], how="left").with_columns(
        pl.when(left & is_known).then(pl.col("ends_stint").fill_null(value=False)).alias("is_tyre_change"),
        pl.col("compound").alias("compound_before"),
        pl.when(left).then("next_compound").alias("compound_after"),
    )


def _reference_laps(passages: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Return for each passage the median clean lap within three laps of its in-lap and its out-lap."""
    clean = laps.filter(pl.col("is_clean_race").fill_null(value=False)).select(
        "car_number", pl.col("lap_number").alias("clean_lap"), pl.col("lap_time_ms").alias("clean_ms")
    )
    near = pl.col("clean_lap").is_between(
        pl.col("lap_number") - REFERENCE_LAPS, pl.col("lap_number") + 1 + REFERENCE_LAPS
    )
    return (
        passages.select("car_number", "lap_number")
        .join(clean, on="car_number")
        .filter(near)
        .group_by("car_number", "lap_number")
        .agg(pl.col("clean_ms").median().alias("reference_ms"))
    )
