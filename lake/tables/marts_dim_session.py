"""Contract of ``marts.dim_session``: sessions."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SESSION_KEY, WEEKEND_KEY
from lake.tables.curated_sessions import CURATED_SESSIONS
from lake.tables.mart_columns import CIRCUIT_KEY, take

MARTS_DIM_SESSION = TableContract(
    name="marts.dim_session",
    description="Sessions of all weekends ingested, announced and run. One row per session.",
    columns=(
        SESSION_KEY,
        SEASON,
        WEEKEND_KEY,
        CIRCUIT_KEY,
        *take(CURATED_SESSIONS, "session_code"),
        Column(
            "session_type",
            "string",
            "RACE (race and sprint), QUALIFYING (qualifying and sprint qualifying), PRACTICE or TEST.",
            nullable=False,
            values=("RACE", "QUALIFYING", "PRACTICE", "TEST"),
        ),
        *take(
            CURATED_SESSIONS,
            "session_number",
            "session_name",
            "gmt_offset",
            "session_id_f1",
            "has_timing",
            "has_telemetry",
            "has_official_result",
            "scheduled_laps_count",
        ),
        Column(
            "duration_ms", "int64", "Time from the real start to the finish; null where either is unknown."
        ),
        *take(CURATED_SESSIONS, "scheduled_date", "scheduled_start_at", "started_at", "ended_at"),
    ),
    key=("session_key",),
    scope=Scope.ALL,
    sort_by=("session_key",),
)
