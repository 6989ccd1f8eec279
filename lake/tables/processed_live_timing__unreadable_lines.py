"""Contract of ``processed.live_timing__unreadable_lines``: lines of the wire that could not be read."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS, SOURCE_PROVENANCE

PROCESSED_LIVE_TIMING__UNREADABLE_LINES = TableContract(
    name="processed.live_timing__unreadable_lines",
    description="Lines of live-timing documents that could not be read, and why; everything else of the document was. One row per session, topic and line.",
    columns=(
        *SESSION_COLUMNS,
        Column("topic", "string", "Live-timing topic of the document.", nullable=False),
        Column("line_number", "int32", "Line of the document, counted from 1.", nullable=False),
        Column("reason", "string", "What is wrong with the line.", nullable=False),
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "topic", "line_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "topic", "line_number"),
)
