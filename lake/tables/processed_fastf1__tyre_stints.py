"""Contract of ``processed.fastf1__tyre_stints``: tyre stints as the feed counts them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__TYRE_STINTS = TableContract(
    name="processed.fastf1__tyre_stints",
    description="TimingAppData's stints, each in its last state. A passage of the pit lane without a change appears as a stint of its own. One row per session, car and feed stint.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column("feed_stint_number", "int32", "The feed's stint index plus 1.", nullable=False),
        Column(
            "first_session_time_ms",
            "int64",
            "Session clock of the first message about the stint.",
            nullable=False,
        ),
        Column(
            "last_session_time_ms",
            "int64",
            "Session clock of the last message about the stint.",
            nullable=False,
        ),
        Column(
            "compound_text", "string", "Compound as the feed spells it, last value sent; null where none was."
        ),
        Column("is_new_set", "bool", "Whether the set was new; null where not said."),
        Column("is_tyre_unchanged", "bool", "The feed's TyresNotChanged; null where not said."),
        Column("age_at_start_laps", "int32", "The feed's StartLaps: age of the set when the stint began."),
        Column("age_at_end_laps", "int32", "The feed's TotalLaps, last value: age of the set at the end."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "car_number", "feed_stint_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "feed_stint_number"),
)
