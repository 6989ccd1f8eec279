"""Contract of ``processed.fastf1__track_status``: track status."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__TRACK_STATUS = TableContract(
    name="processed.fastf1__track_status",
    description="Changes of the state of the track. One row per session and change.",
    columns=(
        *SESSION_COLUMNS,
        Column("change_number", "int32", "Change in the session, counted from 1.", nullable=False),
        Column("session_time_ms", "int64", "Session clock of the change.", nullable=False),
        Column(
            "status_code",
            "string",
            "1 clear, 2 yellow, 4 safety car, 5 red, 6 virtual safety car, 7 its ending.",
            nullable=False,
        ),
        Column("message", "string", "Text sent with the code."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "change_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "change_number"),
)
