"""Contract of ``curated.race_control_events``: messages of race control as typed events."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS
from racing.race_control_rules import EVENT_KINDS, EVENT_STATES, FLAG_SCOPES, PENALTY_KINDS

CURATED_RACE_CONTROL_EVENTS = TableContract(
    name="curated.race_control_events",
    description="What race control announced, typed: flags with place, deleted and reinstated laps, incidents, penalties, safety cars, starts and restarts, DRS, car events. One row per session and message.",
    columns=(
        *SESSION_COLUMNS,
        Column("message_number", "int32", "Message in the session, counted from 1.", nullable=False),
        Column("sent_at", "timestamp", "When it was sent; whole seconds."),
        Column("leader_lap_number", "int32", "Lap of the leader when it was sent; null outside races."),
        Column(
            "event_kind",
            "string",
            "What it is about; OTHER where no rule understands it.",
            nullable=False,
            values=EVENT_KINDS,
        ),
        Column(
            "event_state",
            "string",
            "What became of it: DEPLOYED, NOTED, GIVEN, ENABLED and so on; null where the kind says all.",
            values=EVENT_STATES,
        ),
        Column("car_number", "string", "First car that the message names; null where it names none."),
        Column(
            "driver_key",
            "string",
            "Driver of that car; null where no car is named or nobody is known to drive it.",
        ),
        Column("car_numbers", "string", "All cars named, in that order, with commas: 22,87."),
        Column("flag", "string", "Colour of the flag, such as DOUBLE YELLOW; null for other messages."),
        Column(
            "flag_scope",
            "string",
            "Whom the flag is for; null for other messages.",
            values=FLAG_SCOPES,
        ),
        Column("marshal_sector_number", "int32", "Marshal sector of a sector flag or of a slippery track."),
        Column("place", "string", "Place named, such as TURN 6 or PIT LANE; null where none is."),
        Column("turn_number", "int32", "First turn named; null where none is."),
        Column("segment_number", "int32", "Part of qualifying named: 1, 2 or 3; null where none is."),
        Column(
            "named_lap_number",
            "int32",
            "Lap that the message is about, such as the deleted one; null where none is named.",
        ),
        Column(
            "named_lap_time_ms", "int64", "Lap time that was deleted or reinstated; null where none is named."
        ),
        Column("penalty_kind", "string", "Kind of penalty; null for other messages.", values=PENALTY_KINDS),
        Column("penalty_ms", "int64", "Length of a time or stop-and-go penalty; null where it has none."),
        Column("penalty_places_count", "int32", "Places of a grid penalty; null for others."),
        Column("reason", "string", "Why: the offence, or why a lap was deleted; null where none is given."),
        Column("note", "string", "Remark in brackets, such as NEXT LAP or PIT; null where there is none."),
        Column(
            "local_time", "string", "Time of day that the message names, at the circuit: 16:44 or 16:40:13."
        ),
        Column("is_from_stewards", "bool", "Whether it speaks for the stewards.", nullable=False),
        Column("is_amended", "bool", "Whether it corrects or updates an earlier message.", nullable=False),
        Column("message", "string", "Text as sent."),
    ),
    key=("session_key", "message_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "message_number"),
)
