"""Contract of ``processed.fastf1__session_notes``: what is wrong with a feed although it could be read."""

from __future__ import annotations

from dataclasses import replace

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_VERSION, RESPONSE_SHA256, SESSION_COLUMNS, SOURCE_LAYER

PROCESSED_FASTF1__SESSION_NOTES = TableContract(
    name="processed.fastf1__session_notes",
    description="What is missing or doubtful in a session although its lines could be read: messages that came twice, late or not at all, silences, counts that jump, and what FastF1 warned of. One row per session and note.",
    columns=(
        *SESSION_COLUMNS,
        Column("note_number", "int32", "Note of the session, counted from 1.", nullable=False),
        Column(
            "topic",
            "string",
            "Live-timing topic that the note is about; null where it is about the session as a whole.",
        ),
        Column("note", "string", "What is the matter, in words.", nullable=False),
        SOURCE_LAYER,
        replace(
            RESPONSE_SHA256,
            description="Digest of the topic's raw response; null without a topic, and for an import of parsed files.",
        ),
        replace(FASTF1_VERSION, description="Version of FastF1 that read the session."),
    ),
    key=("session_key", "note_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "note_number"),
)
