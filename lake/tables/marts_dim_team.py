"""Contract of ``marts.dim_team``: teams by season."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON
from lake.tables.curated_driver_identities import CURATED_DRIVER_IDENTITIES
from lake.tables.mart_columns import take

MARTS_DIM_TEAM = TableContract(
    name="marts.dim_team",
    description="Teams under the name and colour of a season; where sessions differ, the newest one counts. One row per season and constructor.",
    columns=(
        SEASON,
        Column(
            "team_key",
            "string",
            "Team of that season: Jolpica's constructorId, else a slug of the team's name.",
            nullable=False,
        ),
        *take(CURATED_DRIVER_IDENTITIES, "team_name", "constructor_id_jolpica", "team_colour"),
        Column("drivers_count", "int32", "Drivers seen in a car of the team that season.", nullable=False),
    ),
    key=("season", "team_key"),
    scope=Scope.ALL,
    sort_by=("season", "team_key"),
)
