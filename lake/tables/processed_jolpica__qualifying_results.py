"""Contract of ``processed.jolpica__qualifying_results``: results of qualifying."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.jolpica_entries import ENTRY_COLUMNS

PROCESSED_JOLPICA__QUALIFYING_RESULTS = TableContract(
    name="processed.jolpica__qualifying_results",
    description="Official result of qualifying as Jolpica has it now. One row per session and entry, in the order of the result.",
    columns=(
        *SESSION_COLUMNS,
        *ENTRY_COLUMNS,
        Column("position", "int32", "Official position.", nullable=False),
        Column("q1_ms", "int64", "Best time in the first segment; null where none was set."),
        Column(
            "q2_ms",
            "int64",
            "Best time in the second segment; null where the entry did not take part or set none.",
        ),
        Column("q3_ms", "int64", "Best time in the third segment."),
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "result_order"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "result_order"),
)
