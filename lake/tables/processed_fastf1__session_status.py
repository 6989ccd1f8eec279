"""Contract of ``processed.fastf1__session_status``: session status."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__SESSION_STATUS = TableContract(
    name="processed.fastf1__session_status",
    description="Changes of the state of the session. One row per session and change.",
    columns=(
        *SESSION_COLUMNS,
        Column("change_number", "int32", "Change in the session, counted from 1.", nullable=False),
        Column("session_time_ms", "int64", "Session clock of the change.", nullable=False),
        Column(
            "status", "string", "Inactive, Started, Aborted, Finished, Finalised or Ends.", nullable=False
        ),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "change_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "change_number"),
)
