"""Contract of ``processed.fastf1__race_control_messages``: messages of race control."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__RACE_CONTROL_MESSAGES = TableContract(
    name="processed.fastf1__race_control_messages",
    description="Flags, investigations, penalties, deleted laps as race control sent them. One row per session and message.",
    columns=(
        *SESSION_COLUMNS,
        Column("message_number", "int32", "Message in the session, counted from 1.", nullable=False),
        Column("sent_at", "timestamp", "When it was sent; whole seconds."),
        Column("category", "string", "Flag, SafetyCar, Drs, CarEvent, Other and so on."),
        Column("message", "string", "Text as sent."),
        Column("status", "string", "Status as sent, for safety car and DRS."),
        Column("flag", "string", "Colour of the flag, such as DOUBLE YELLOW; null for other messages."),
        Column("flag_scope", "string", "Track, Sector or Driver; null for other messages."),
        Column("marshal_sector_number", "int32", "Marshal sector of a sector flag."),
        Column("car_number", "string", "Car the message names; null where it names none."),
        Column("lap_number", "int32", "Lap of the leader when it was sent; null outside races."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "message_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "message_number"),
)
