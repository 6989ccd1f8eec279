"""Contract of ``marts.dim_circuit``: circuits."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_circuits import CURATED_CIRCUITS
from lake.tables.curated_weekends import CURATED_WEEKENDS
from lake.tables.mart_columns import CIRCUIT_KEY, FIRST_SEASON, LAST_SEASON, take

MARTS_DIM_CIRCUIT = TableContract(
    name="marts.dim_circuit",
    description="Circuits of all weekends known; where weekends differ, the newest one counts. One row per circuit.",
    columns=(
        CIRCUIT_KEY,
        *take(
            CURATED_WEEKENDS,
            "circuit_name",
            "circuit_country",
            "circuit_locality",
            "latitude_deg",
            "longitude_deg",
        ),
        FIRST_SEASON,
        LAST_SEASON,
        Column("weekends_count", "int32", "Race weekends at the circuit, tests left out.", nullable=False),
        *take(CURATED_CIRCUITS, "length_m", "corners_count", "outline_length_m"),
        Column(
            "fastest_race_lap_ms",
            "int64",
            "Fastest lap of the races in the lake on a lap of that length; an older official record may be faster. Null where no length is known.",
        ),
        Column("fastest_race_lap_driver_key", "string", "Driver who drove it."),
        Column("fastest_race_lap_weekend_key", "string", "Weekend in which it was driven."),
    ),
    key=("circuit_key",),
    scope=Scope.ALL,
    sort_by=("circuit_key",),
    version=2,
)
