"""Contract of ``processed.jolpica__constructor_standings``: the constructors' championship after each round."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE, WEEKEND_KEY
from lake.tables.jolpica_standings import STANDING_COLUMNS

PROCESSED_JOLPICA__CONSTRUCTOR_STANDINGS = TableContract(
    name="processed.jolpica__constructor_standings",
    description="Official standings of the constructors' championship after a round; none before 1958, when it began. One row per weekend and constructor, in the order of the standings.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        *STANDING_COLUMNS,
        Column("constructor_id_jolpica", "string", "Jolpica's constructorId.", nullable=False),
        Column("constructor_name", "string", "Name of the constructor."),
        *SOURCE_PROVENANCE,
    ),
    key=("weekend_key", "constructor_id_jolpica"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "standing_order"),
)
