"""Contract of ``curated.standings``: both championships after each weekend."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, WEEKEND_KEY
from lake.tables.jolpica_standings import STANDING_COLUMNS

CURATED_STANDINGS = TableContract(
    name="curated.standings",
    description="Official standings of both championships after a weekend. One row per weekend, championship and driver or constructor, in the order of the standings.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        Column(
            "championship",
            "string",
            "drivers or constructors (from 1958).",
            nullable=False,
            values=("drivers", "constructors"),
        ),
        *(column for column in STANDING_COLUMNS if column.name != "round_id_jolpica"),
        Column("driver_key", "string", "Driver: Jolpica's driverId; null among constructors."),
        Column("team_key", "string", "Constructor: Jolpica's constructorId; null among drivers."),
        Column(
            "team_keys",
            "string",
            "Teams driven for in the season so far, in order, joined by blanks; null among constructors and where none is named.",
        ),
        Column("competitor_name", "string", "Name of the driver or the constructor."),
        Column(
            "points_behind_leader",
            "float64",
            "Points less than the leader of the championship has.",
            nullable=False,
        ),
    ),
    key=("weekend_key", "championship", "standing_order"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "championship", "standing_order"),
)
