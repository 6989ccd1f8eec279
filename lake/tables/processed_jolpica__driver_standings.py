"""Contract of ``processed.jolpica__driver_standings``: the drivers' championship after each round."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE, WEEKEND_KEY
from lake.tables.jolpica_standings import STANDING_COLUMNS

PROCESSED_JOLPICA__DRIVER_STANDINGS = TableContract(
    name="processed.jolpica__driver_standings",
    description="Official standings of the drivers' championship after a round. One row per weekend and driver, in the order of the standings.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        *STANDING_COLUMNS,
        Column("driver_id_jolpica", "string", "Jolpica's driverId.", nullable=False),
        Column("first_name", "string", "Given name."),
        Column("last_name", "string", "Family name."),
        Column(
            "constructor_ids_jolpica",
            "string",
            "Constructors driven for in the season so far, in order, joined by |; null where none is named.",
        ),
        *SOURCE_PROVENANCE,
    ),
    key=("weekend_key", "driver_id_jolpica"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "standing_order"),
)
