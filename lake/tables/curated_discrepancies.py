"""Contract of ``curated.discrepancies``: discrepancies."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS

CURATED_DISCREPANCIES = TableContract(
    name="curated.discrepancies",
    description="Every difference between two sources about one session, with the rule that explains it. One row per session, measure, subject and pair of sources.",
    columns=(
        *SESSION_COLUMNS,
        Column(
            "measure",
            "string",
            "What differs: finishing_order, laps_completed, lap_time_ms and so on.",
            nullable=False,
        ),
        Column("subject", "string", "Car number, or car number and lap, or the session.", nullable=False),
        Column("driver_key", "string", "Driver concerned; null where it is not one driver."),
        Column("left_source", "string", "First source, such as timing.", nullable=False),
        Column("left_value", "string", "Its value as text; null where it has none."),
        Column("right_source", "string", "Second source, such as jolpica.", nullable=False),
        Column("right_value", "string", "Its value as text; null where it has none."),
        Column("rule", "string", "Named rule that explains the difference, or UNEXPLAINED.", nullable=False),
        Column("is_explained", "bool", "Whether a named rule explains it.", nullable=False),
        Column("explanation", "string", "The rule applied to this case, in words.", nullable=False),
    ),
    key=("session_key", "measure", "subject", "left_source", "right_source"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "measure", "subject"),
)
