"""Contract of ``curated.tyre_sets``: sets of tyres used over a weekend."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, COMPOUND, COMPOUND_GRADE, SEASON, WEEKEND_KEY

CURATED_TYRE_SETS = TableContract(
    name="curated.tyre_sets",
    description="Sets of tyres that each car used over a weekend, recognised by compound and age. One row per weekend, car and set.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        CAR_NUMBER,
        Column(
            "tyre_set_number",
            "int32",
            "Set of the car in order of first use, counted from 1.",
            nullable=False,
        ),
        Column("driver_key", "string", "Driver who used it first; null where nobody is known to."),
        COMPOUND,
        COMPOUND_GRADE,
        Column("is_new_set", "bool", "Whether the set was new at first use; null where unknown."),
        Column("first_session_key", "string", "Session of first use that is in the lake.", nullable=False),
        Column("last_session_key", "string", "Session of last use that is in the lake.", nullable=False),
        Column("stints", "string", "Stints driven on it, session code and number: Q 1, R 2.", nullable=False),
        Column("stints_count", "int32", "How many stints that is.", nullable=False),
        Column("laps_count", "int32", "Laps driven on it in these stints.", nullable=False),
        Column(
            "tyre_age_start_laps", "int32", "Age of the set at the end of its first lap; null where unknown."
        ),
        Column(
            "tyre_age_end_laps", "int32", "Age of the set at the end of its last lap; null where unknown."
        ),
    ),
    key=("weekend_key", "car_number", "tyre_set_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "car_number", "tyre_set_number"),
)
