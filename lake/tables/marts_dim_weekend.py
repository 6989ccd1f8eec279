"""Contract of ``marts.dim_weekend``: race weekends."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, WEEKEND_KEY
from lake.tables.curated_weekends import CURATED_WEEKENDS
from lake.tables.mart_columns import CIRCUIT_KEY, take

MARTS_DIM_WEEKEND = TableContract(
    name="marts.dim_weekend",
    description="Race weekends and tests of the calendars, and what the lake holds of them. One row per weekend.",
    columns=(
        WEEKEND_KEY,
        SEASON,
        CIRCUIT_KEY,
        *take(
            CURATED_WEEKENDS,
            "round_number",
            "is_test",
            "event_name",
            "official_event_name",
            "country",
            "location",
            "event_format",
        ),
        Column(
            "is_sprint_weekend",
            "bool",
            "Whether the weekend has a sprint; null where the format is unknown.",
        ),
        *take(CURATED_WEEKENDS, "scheduled_date", "meeting_id_f1", "round_id_jolpica"),
        Column(
            "sessions_count",
            "int32",
            "Sessions of the weekend in the lake; 0 where it was never ingested.",
            nullable=False,
        ),
        Column("timed_sessions_count", "int32", "Sessions of which the lake has laps.", nullable=False),
        Column(
            "has_official_result",
            "bool",
            "Whether the lake has the official result of the race.",
            nullable=False,
        ),
    ),
    key=("weekend_key",),
    scope=Scope.ALL,
    sort_by=("weekend_key",),
)
