"""Contract of ``curated.coverage``: coverage."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, WEEKEND_KEY

CURATED_COVERAGE = TableContract(
    name="curated.coverage",
    description="What each source gave for each session and document, and what is missing and why. One row per weekend, subject and topic.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        Column(
            "subject_key",
            "string",
            "Session key, or weekend key for a document of the whole weekend.",
            nullable=False,
        ),
        Column(
            "topic",
            "string",
            "Live-timing topic, or results, qualifying, sprint and so on; session for a session that no source has; compound_grade where the grades of the tyres are not known.",
            nullable=False,
        ),
        Column(
            "coverage_status",
            "string",
            "available, absent (no layer has it), empty, partial (some lines could not be read, it ends before the session, or a later answer was empty), imported (from FastF1's parsed files), not_held (the session never ran) or not_kept (no source has it of that season).",
            nullable=False,
            values=("available", "absent", "empty", "partial", "imported", "not_held", "not_kept"),
        ),
        Column("is_essential", "bool", "Whether laps or results cannot be made without it.", nullable=False),
        Column("byte_count", "int64", "Length of the response; null where there is none."),
        Column("rows_count", "int64", "Rows or messages read from it; null where nothing reads it yet."),
        Column("reason", "string", "What is missing and why; null where nothing is."),
        Column("source_layer", "string", "Source layer that answered; null where none did.", provenance=True),
    ),
    key=("weekend_key", "subject_key", "topic"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("subject_key", "topic"),
)
