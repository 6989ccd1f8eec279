"""Contract of ``marts.fct_standing``: the championships after each weekend, beside our own sums."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_standings import CURATED_STANDINGS
from lake.tables.mart_columns import POINTS_NOT_COUNTED, take

MARTS_FCT_STANDING = TableContract(
    name="marts.fct_standing",
    description="Official standings of both championships after a weekend, beside our own sums of the points scored until then. One row per weekend, championship and driver or constructor.",
    columns=(
        *take(
            CURATED_STANDINGS,
            "season",
            "weekend_key",
            "championship",
            "standing_order",
            "driver_key",
            "team_key",
            "team_keys",
            "competitor_name",
        ),
        Column(
            "is_latest",
            "bool",
            "Whether these are the newest standings of the season in the lake: its final ones once the season is over.",
            nullable=False,
        ),
        *take(CURATED_STANDINGS, "position", "position_text", "points", "points_behind_leader", "wins_count"),
        Column(
            "points_gained",
            "float64",
            "Points more than after the round before; negative where scores are dropped. Null where the lake lacks the standings of that round.",
        ),
        Column(
            "points_sum",
            "float64",
            "Points scored in races and sprints until then, by our own sum; null where the lake lacks a result of a round until then.",
        ),
        POINTS_NOT_COUNTED,
    ),
    key=("weekend_key", "championship", "standing_order"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("weekend_key", "championship", "standing_order"),
)
