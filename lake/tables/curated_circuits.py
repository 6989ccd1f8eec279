"""Contract of ``curated.circuits``: the circuit of each weekend, as it was then."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.circuit_columns import CIRCUIT_MEASURES
from lake.tables.columns import SEASON, WEEKEND_KEY
from lake.tables.curated_weekends import CURATED_WEEKENDS
from lake.tables.mart_columns import take

CURATED_CIRCUITS = TableContract(
    name="curated.circuits",
    description="The circuit of a weekend as it was then: length, measures, and the fastest lap of the race. One row per weekend.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        *take(CURATED_WEEKENDS, "circuit_key", "circuit_name"),
        Column(
            "length_m",
            "int32",
            "Official length of a lap; null before 2018 and after 2025, and for circuits that are not known.",
        ),
        *CIRCUIT_MEASURES,
        Column(
            "fastest_race_lap_ms",
            "int64",
            "Fastest lap of the race by the official result (from 2004) or the official laps (from 1996); null without either.",
        ),
        Column("fastest_race_lap_number", "int32", "Lap in which it was driven."),
        Column("fastest_race_lap_driver_key", "string", "Key of the driver who drove it."),
    ),
    key=("weekend_key",),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key",),
)
