"""Contract of ``processed.jolpica__constructors``: the constructors of a season."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE

PROCESSED_JOLPICA__CONSTRUCTORS = TableContract(
    name="processed.jolpica__constructors",
    description="Constructors that took part in a season. One row per season and constructor.",
    columns=(
        SEASON,
        Column("constructor_id_jolpica", "string", "Jolpica's constructorId.", nullable=False),
        Column("constructor_name", "string", "Name of the constructor."),
        Column("nationality", "string", "Nationality."),
        Column("wikipedia_url", "string", "Article about the constructor."),
        *SOURCE_PROVENANCE,
    ),
    key=("season", "constructor_id_jolpica"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("constructor_id_jolpica",),
)
