"""Contract of ``processed.f1schedule__sessions``: calendar of the season as FastF1 reads it."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE

PROCESSED_F1SCHEDULE__SESSIONS = TableContract(
    name="processed.f1schedule__sessions",
    description="Events and their sessions as the F1 calendar announces them. One row per event and session.",
    columns=(
        SEASON,
        Column(
            "event_number",
            "int32",
            "Place of the event in the calendar's list, counted from 1; tests included.",
            nullable=False,
        ),
        Column("round_number", "int32", "Round as the F1 calendar announces it; null for a test."),
        Column(
            "test_number", "int32", "Number of the pre-season test, counted from 1; null for a race weekend."
        ),
        Column("event_name", "string", "Name of the event, such as Monaco Grand Prix.", nullable=False),
        Column("official_event_name", "string", "Full commercial name."),
        Column("country", "string", "Country as the calendar writes it."),
        Column(
            "location",
            "string",
            "Town or circuit as the calendar writes it; not always where the country in the event's name lies.",
        ),
        Column(
            "event_format",
            "string",
            "conventional, sprint, sprint_shootout, sprint_qualifying or testing.",
            nullable=False,
        ),
        Column("event_date", "date", "Date of the last day, local."),
        Column("gmt_offset", "string", "Offset of local time from UTC, such as +02:00."),
        Column("has_live_timing", "bool", "Whether the live-timing archive covers the event."),
        Column(
            "session_number", "int32", "Place of the session in the weekend, counted from 1.", nullable=False
        ),
        Column("session_code", "string", "FP1 FP2 FP3 SQ S Q R, or D1 D2 D3 for test days.", nullable=False),
        Column("session_name", "string", "Name of the session as the calendar announces it.", nullable=False),
        Column("scheduled_start_at", "timestamp", "Announced start."),
        Column(
            "archive_path",
            "string",
            "Folder of the session in the live-timing archive, from /static/ on; null where it cannot be known.",
        ),
        *SOURCE_PROVENANCE,
    ),
    key=("season", "event_number", "session_number"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("event_number", "session_number"),
)
