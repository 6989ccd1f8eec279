"""Contract of ``marts.dim_circuit``: circuits."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
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
    ),
    key=("circuit_key",),
    scope=Scope.ALL,
    sort_by=("circuit_key",),
)
