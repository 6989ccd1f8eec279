"""Classified entries of a session: the official ones where there are any, else those that timing gives."""

from __future__ import annotations

import polars as pl

from racing.keys import code_of, season_of, weekend_of
from racing.official_laps import timed_laps
from racing.official_status import is_placed_entry
from racing.results_from_timing import qualifying_from_timing, race_from_timing

RESULT_SCHEMA: dict[str, pl.DataType] = {
    "season": pl.Int32(),
    "weekend_key": pl.String(),
    "session_key": pl.String(),
    "result_order": pl.Int32(),
    "car_number": pl.String(),
    "driver_key": pl.String(),
    "team_key": pl.String(),
    "driver_code": pl.String(),
    "result_source": pl.String(),
    "position": pl.Int32(),
    "position_text": pl.String(),
    "is_classified": pl.Boolean(),
    "grid_position": pl.Int32(),
    "points": pl.Float64(),
    "laps_completed": pl.Int32(),
    "status": pl.String(),
    "race_time_ms": pl.Int64(),
    "gap_to_winner_ms": pl.Int64(),
    "fastest_lap_number": pl.Int32(),
    "fastest_lap_time_ms": pl.Int64(),
    "q1_ms": pl.Int64(),
    "q2_ms": pl.Int64(),
    "q3_ms": pl.Int64(),
}
"""Columns of ``curated.results``."""


def classify_entries(  # noqa: PLR0913 - one argument per input table
    results: pl.DataFrame,
    sprint_results: pl.DataFrame,
    qualifying_results: pl.DataFrame,
    driver_identities: pl.DataFrame,
    laps: pl.DataFrame,
    session_status: pl.DataFrame,
    *,
    session_key: str,
) -> pl.DataFrame:
    """Return the entries of one session in the order of its result.

    Args:
        results: Jolpica's race results; those of the session are taken, others are ignored.
        sprint_results: Jolpica's sprint results.
        qualifying_results: Jolpica's qualifying results.
        driver_identities: Who sat in which car in the session; may be empty.
        laps: Curated laps of the session; may be empty.
        session_status: Changes of the state of the session, for the segments of qualifying; may be empty.
        session_key: Session to classify.

    Returns:
        One row per entry with the columns of ``RESULT_SCHEMA``; a driver or a car may have several (shared
        drives). No rows for practice, or where there is neither an official result nor timing.

    Source: docs/explanation/discrepancies.md#results.
    """
    code = code_of(session_key)
    official = {"R": results, "S": sprint_results, "Q": qualifying_results}.get(code)
    if official is not None:
        official = official.filter(pl.col("session_key") == session_key)
        if not official.is_empty():
            return _official_entries(official, driver_identities, session_key)
    identities = driver_identities.filter(pl.col("session_key") == session_key)
    laps = timed_laps(laps)
    if code in {"R", "S"}:
        derived = race_from_timing(laps)
    elif code in {"Q", "SQ"}:
        derived = qualifying_from_timing(laps, session_status, identities)
    else:
        derived = pl.DataFrame()
    return _finished(_with_identities(derived, identities), session_key)


def _official_entries(
    official: pl.DataFrame, driver_identities: pl.DataFrame, session_key: str
) -> pl.DataFrame:
    codes = (
        driver_identities.filter(pl.col("session_key") == session_key)
        .select("driver_key", session_code="driver_code")
        .unique("driver_key", keep="first", maintain_order=True)
    )
    entries = official.with_columns(
        driver_key=pl.col("driver_id_jolpica"),
        team_key=pl.col("constructor_id_jolpica"),
        result_source=pl.lit("official"),
    ).join(codes, on="driver_key", how="left", maintain_order="left")
    entries = entries.with_columns(driver_code=pl.coalesce("driver_code", "session_code"))
    if "position_text" in official.columns:
        entries = _with_race_columns(entries)
    else:
        entries = entries.with_columns(position_text=pl.col("position").cast(pl.String))
    return _finished(entries, session_key)


def _with_race_columns(entries: pl.DataFrame) -> pl.DataFrame:
    is_placed = is_placed_entry()
    winner = entries.filter(pl.col("result_order") == pl.col("result_order").min())
    winning_laps, winning_time = winner["laps_completed"][0], winner["race_time_ms"][0]
    # Since 2024 Jolpica gives lapped and retired cars a time too; it is not one over the full distance.
    is_full_distance = is_placed & (pl.col("laps_completed") == winning_laps)
    entries = entries.with_columns(
        is_classified=is_placed,
        position=pl.when(is_placed).then("position"),
        race_time_ms=pl.when(is_full_distance).then("race_time_ms"),
    )
    return entries.with_columns(gap_to_winner_ms=pl.col("race_time_ms") - winning_time)


def _with_identities(derived: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    if derived.is_empty():
        return derived
    known = identities.select("car_number", "driver_key", "team_key", "driver_code").unique(
        "car_number", keep="first", maintain_order=True
    )
    named = derived.select(pl.exclude("driver_key")).join(
        known, on="car_number", how="left", maintain_order="left"
    )
    own_key = derived.select("car_number", lap_driver_key="driver_key")
    return named.join(own_key, on="car_number", how="left", maintain_order="left").with_columns(
        driver_key=pl.coalesce("driver_key", "lap_driver_key")
    )


def _finished(entries: pl.DataFrame, session_key: str) -> pl.DataFrame:
    """Return the entries with all columns of the table, missing ones null."""
    if entries.is_empty():
        return pl.DataFrame(schema=RESULT_SCHEMA)
    keyed = entries.with_columns(
        season=pl.lit(season_of(session_key)),
        weekend_key=pl.lit(weekend_of(session_key)),
        session_key=pl.lit(session_key),
    )
    return keyed.select(
        (pl.col(name) if name in keyed.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in RESULT_SCHEMA.items()
    ).sort("result_order")
