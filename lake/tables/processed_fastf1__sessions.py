"""Contract of ``processed.fastf1__sessions``: sessions as the live-timing feed describes them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__SESSIONS = TableContract(
    name="processed.fastf1__sessions",
    description="What SessionInfo says of a session, and when it ran. One row per session.",
    columns=(
        *SESSION_COLUMNS,
        Column("session_code", "string", "FP1 FP2 FP3 SQ S Q R, or D1 D2 D3.", nullable=False),
        Column("session_name", "string", "Name in the feed, such as Sprint Shootout."),
        Column("session_id_f1", "int32", "The feed's key of the session."),
        Column("meeting_id_f1", "int32", "The feed's key of the meeting (the weekend)."),
        Column("meeting_name", "string", "Name of the meeting in the feed."),
        Column("official_event_name", "string", "Full commercial name in the feed."),
        Column("location", "string", "Location in the feed."),
        Column("country_code", "string", "Three-letter country code in the feed."),
        Column("country_name", "string", "Country name in the feed."),
        Column("circuit_id_f1", "int32", "The feed's key of the circuit."),
        Column("circuit_short_name", "string", "The feed's short name of the circuit."),
        Column("gmt_offset", "string", "Offset of local time from UTC, such as -06:00."),
        Column(
            "scheduled_start_at",
            "timestamp",
            "Announced start, from SessionInfo and its GmtOffset; null without SessionInfo.",
        ),
        Column("scheduled_end_at", "timestamp", "Announced end."),
        Column(
            "clock_started_at",
            "timestamp",
            "UTC at which the session clock read zero; null where no car or position data say so.",
        ),
        Column(
            "started_session_time_ms",
            "int64",
            "Session clock when the session first went to Started; null where the feed never said so.",
        ),
        Column(
            "ended_session_time_ms",
            "int64",
            "Session clock when the session last went to Finished; null where the feed never said so.",
        ),
        Column("scheduled_laps_count", "int32", "Scheduled race laps; null outside races."),
        Column(
            "archive_path", "string", "Folder of the session in the live-timing archive, from /static/ on."
        ),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key",),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key",),
)
