"""Contract of ``curated.stints``: stints."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import (
    CAR_NUMBER,
    COMPOUND,
    COMPOUND_GRADE,
    DRIVER_CODE,
    DRIVER_KEY,
    SESSION_COLUMNS,
    TEAM_KEY,
)

CURATED_STINTS = TableContract(
    name="curated.stints",
    description="Unbroken runs of a driver on one set of tyres. Compound is UNKNOWN where the feed never sent one. One row per session, car and stint.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column("stint_number", "int32", "Stint by change of tyres, counted from 1.", nullable=False),
        DRIVER_KEY,
        TEAM_KEY,
        DRIVER_CODE,
        COMPOUND,
        COMPOUND_GRADE,
        Column("is_new_set", "bool", "Whether the set was new when fitted; null where unknown."),
        Column("first_lap_number", "int32", "First lap of the stint.", nullable=False),
        Column("last_lap_number", "int32", "Last lap of the stint.", nullable=False),
        Column("laps_count", "int32", "Laps in the stint.", nullable=False),
        Column("clean_laps_count", "int32", "Laps of the stint that are clean racing laps.", nullable=False),
        Column("tyre_age_start_laps", "int32", "Age of the set at the end of the first lap of the stint."),
        Column("tyre_age_end_laps", "int32", "Age of the set at the end of the last lap."),
        Column("best_lap_time_ms", "int64", "Best lap time of the stint; null where none was set."),
        Column(
            "median_clean_lap_time_ms", "float64", "Median of clean racing laps; null where there is none."
        ),
        Column(
            "end_reason",
            "string",
            "Why the stint ended: PIT_STOP, RED_FLAG, RETIREMENT, SESSION_END or UNKNOWN.",
            nullable=False,
            values=("PIT_STOP", "RED_FLAG", "RETIREMENT", "SESSION_END", "UNKNOWN"),
        ),
    ),
    key=("session_key", "car_number", "stint_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stint_number"),
    version=2,
)
