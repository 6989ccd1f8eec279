"""Contract of ``processed.live_timing__team_radio``: index of published team radio."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.live_timing_columns import LINE_NUMBER, SESSION_TIME

PROCESSED_LIVE_TIMING__TEAM_RADIO = TableContract(
    name="processed.live_timing__team_radio",
    description="Team radio that was published: whose, when, and the address of the audio, which is not fetched. One row per session and capture.",
    columns=(
        *SESSION_COLUMNS,
        Column("capture_number", "int32", "Capture in the session, counted from 1.", nullable=False),
        Column("car_number", "string", "Number on the car, as text; null where the feed named none."),
        Column("captured_at", "timestamp", "UTC of the capture; null where the feed sent none."),
        SESSION_TIME,
        Column("audio_url", "string", "Address of the audio; null where the feed sent none."),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "capture_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "capture_number"),
)
