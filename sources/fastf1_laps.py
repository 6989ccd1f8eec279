"""FastF1's laps as rows of ``processed.fastf1__laps``."""

from __future__ import annotations

import polars as pl

from sources.fastf1_frames import UTC_MICROSECONDS, FastF1Session, SessionFacts, loaded_frame
from sources.pandas_columns import flags, milliseconds, numbers, texts, whole_numbers

_DURATIONS = {
    "lap_time_ms": "LapTime",
    "sector_1_ms": "Sector1Time",
    "sector_2_ms": "Sector2Time",
    "sector_3_ms": "Sector3Time",
    "sector_1_session_time_ms": "Sector1SessionTime",
    "sector_2_session_time_ms": "Sector2SessionTime",
    "sector_3_session_time_ms": "Sector3SessionTime",
    "lap_start_session_time_ms": "LapStartTime",
    "lap_end_session_time_ms": "Time",
    "pit_in_session_time_ms": "PitInTime",
    "pit_out_session_time_ms": "PitOutTime",
}
_SPEEDS = {
    "speed_i1_kph": "SpeedI1",
    "speed_i2_kph": "SpeedI2",
    "speed_fl_kph": "SpeedFL",
    "speed_st_kph": "SpeedST",
}
_TEXTS = {
    "car_number": "DriverNumber",
    "driver_code": "Driver",
    "team_name": "Team",
    "track_status": "TrackStatus",
    "compound_text": "Compound",
    "deleted_reason": "DeletedReason",
}
_WHOLE_NUMBERS = {
    "lap_number": "LapNumber",
    "position": "Position",
    "pit_passage_number": "Stint",
    "tyre_age_laps": "TyreLife",
}
_FLAGS = {
    "is_personal_best": "IsPersonalBest",
    "is_deleted": "Deleted",
    "is_fastf1_generated": "FastF1Generated",
    "is_accurate": "IsAccurate",
    "is_new_set": "FreshTyre",
}
_ORDER = (
    "car_number",
    "lap_number",
    "driver_code",
    "team_name",
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
    "pit_passage_number",
    "compound_text",
    "tyre_age_laps",
    "is_new_set",
)


def lap_rows(session: FastF1Session, facts: SessionFacts, stints: pl.DataFrame) -> pl.DataFrame:
    """Return the laps of a session, by car and lap. One row per car and lap.

    Args:
        session: FastF1's session after ``load``.
        facts: What the rows share.
        stints: The session's rows of ``processed.fastf1__tyre_stints``.
    """
    sources = {**_DURATIONS, **_SPEEDS, **_TEXTS, **_WHOLE_NUMBERS, **_FLAGS}
    laps = loaded_frame(session, "_laps", tuple(sources.values()))
    columns: dict[str, pl.Series] = {}
    for names, convert in (
        (_DURATIONS, milliseconds),
        (_SPEEDS, numbers),
        (_TEXTS, texts),
        (_WHOLE_NUMBERS, whole_numbers),
        (_FLAGS, flags),
    ):
        columns |= {name: convert(laps[source]) for name, source in names.items()}
    rows = pl.DataFrame(columns).with_columns(_start_at(facts).alias("lap_start_at"))
    rows = _without_invented_tyres(rows, stints)
    if not hasattr(session, "_race_control_messages"):
        rows = rows.with_columns(pl.lit(None, pl.Boolean).alias("is_deleted"))
    ordered = rows.select(_ORDER).sort(pl.col("car_number").str.zfill(3), "lap_number")
    return facts.finish({name: ordered[name] for name in _ORDER}, "TimingData")


def _start_at(facts: SessionFacts) -> pl.Expr:
    """Return UTC at the start of a lap: the session clock's date plus its reading."""
    if facts.clock_started_at is None:
        return pl.lit(None, UTC_MICROSECONDS)
    return pl.lit(facts.clock_started_at, UTC_MICROSECONDS) + pl.duration(
        milliseconds=pl.col("lap_start_session_time_ms"), time_unit="us"
    )


def _without_invented_tyres(rows: pl.DataFrame, stints: pl.DataFrame) -> pl.DataFrame:
    """Return laps with null where the feed never spoke of the tyres: FastF1 writes stint 1 and used there."""
    told = stints.filter(pl.col("is_new_set").is_not_null())["car_number"].unique()
    has_compound = pl.col("compound_text").is_not_null()
    return rows.with_columns(
        pl.when(has_compound | pl.col("car_number").is_in(stints["car_number"].unique().implode()))
        .then("pit_passage_number")
        .alias("pit_passage_number"),
        pl.when(has_compound & pl.col("car_number").is_in(told.implode()))
        .then("is_new_set")
        .alias("is_new_set"),
    )
