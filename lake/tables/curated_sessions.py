"""Contract of ``curated.sessions``: sessions."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS

CURATED_SESSIONS = TableContract(
    name="curated.sessions",
    description="Sessions of a weekend, announced and run. One row per session.",
    columns=(
        *SESSION_COLUMNS,
        Column("session_code", "string", "FP1 FP2 FP3 SQ S Q R, or D1 D2 D3.", nullable=False),
        Column("session_number", "int32", "Place in the weekend, counted from 1.", nullable=False),
        Column("session_name", "string", "Name as announced.", nullable=False),
        Column("scheduled_date", "date", "Local date announced; null where unknown."),
        Column("scheduled_start_at", "timestamp", "Announced start; null where only a date is known."),
        Column("started_at", "timestamp", "When it really started; null where the clock has no date."),
        Column("ended_at", "timestamp", "When it finished; null where the clock has no date."),
        Column("gmt_offset", "string", "Offset of local time from UTC."),
        Column("session_id_f1", "int32", "The feed's key of the session."),
        Column("scheduled_laps_count", "int32", "Scheduled race laps; null outside races."),
        Column("has_timing", "bool", "Whether laps of the session are in the lake.", nullable=False),
        Column("has_telemetry", "bool", "Whether car data of the session are in the lake.", nullable=False),
        Column(
            "has_official_result",
            "bool",
            "Whether an official result of the session is in the lake.",
            nullable=False,
        ),
    ),
    key=("session_key",),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key",),
)
