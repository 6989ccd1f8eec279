"""Contract of ``processed.fastf1__laps``: laps as FastF1 parses them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import (
    CAR_NUMBER,
    DRIVER_CODE,
    FASTF1_PROVENANCE,
    LAP_NUMBER,
    SESSION_COLUMNS,
    TEAM_NAME,
    TYRE_AGE,
)
from lake.tables.lap_columns import LAP_MEASURES

PROCESSED_FASTF1__LAPS = TableContract(
    name="processed.fastf1__laps",
    description="Lap times, sectors, tyres and flags from TimingData and TimingAppData. One row per session, car and lap.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        LAP_NUMBER,
        DRIVER_CODE,
        TEAM_NAME,
        *LAP_MEASURES,
        Column(
            "pit_passage_number",
            "int32",
            "FastF1's Stint: counts passages of the pit lane, not changes of tyres; null where unknown.",
        ),
        Column("compound_text", "string", "Compound as the feed spells it; null where it never sent one."),
        TYRE_AGE,
        Column("is_new_set", "bool", "Whether the set was new when fitted; null where unknown."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
)
