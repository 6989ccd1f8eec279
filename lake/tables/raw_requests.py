"""Contract of ``raw.requests``: what asking for each document gave."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, WEEKEND_KEY

OUTCOMES = ("found", "not_found", "no_layer", "imported", "refused", "not_held", "not_kept")

RAW_REQUESTS = TableContract(
    name="raw.requests",
    description="What asking for each document of a weekend gave; appended only where it differs from the newest of its address. One row per request.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        Column("session_key", "string", "Session the document belongs to; null for one of the weekend."),
        Column("topic", "string", "What was asked for; session for a session as a whole.", nullable=False),
        Column("url", "string", "Address that was asked first.", nullable=False),
        Column(
            "outcome",
            "string",
            "found, not_found (404), no_layer (no layer of the source has it), imported (parsed files stand in), refused (the upstream denied access), not_held (not started) or not_kept (the source has none of that season; not asked).",
            nullable=False,
            values=OUTCOMES,
        ),
        Column("reason", "string", "Why there is no document, or what it lacks; null where all is well."),
        Column("is_required", "bool", "Whether laps or results cannot be made without it.", nullable=False),
        Column("byte_count", "int64", "Length of the document; null where there is none."),
        Column("layer", "string", "Source layer that answered; null where none did."),
        Column("asked_at", "timestamp", "When it was asked for.", nullable=False),
    ),
    key=("url", "asked_at"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("url", "asked_at"),
)
