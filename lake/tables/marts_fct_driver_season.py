"""Contract of ``marts.fct_driver_season``: a driver's season."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_KEY, SEASON
from lake.tables.mart_columns import POINTS_NOT_COUNTED

_COUNTS = (
    Column("entries_count", "int32", "Races entered.", nullable=False),
    Column("starts_count", "int32", "Races started.", nullable=False),
    Column("wins_count", "int32", "Races won.", nullable=False),
    Column("podiums_count", "int32", "Races finished in the first three.", nullable=False),
    Column("points_finishes_count", "int32", "Races with points.", nullable=False),
    Column(
        "poles_count",
        "int32",
        "Times first in qualifying; first on the grid where the lake has no qualifying result.",
        nullable=False,
    ),
    Column("fastest_laps_count", "int32", "Fastest laps of races.", nullable=False),
    Column("dnfs_count", "int32", "Races started and neither classified nor disqualified.", nullable=False),
    Column("sprint_entries_count", "int32", "Sprints entered.", nullable=False),
    Column("sprint_wins_count", "int32", "Sprints won.", nullable=False),
    Column("laps_completed_count", "int32", "Laps completed in races; null where none is known."),
    Column(
        "laps_led_count", "int32", "Laps led in races with laps (from 1996 on); null where there is none."
    ),
)

_HEAD_TO_HEAD = (
    Column(
        "qualifying_ahead_count",
        "int32",
        "Qualifyings ahead of the team-mate (metrics C5); null where the lake has none to compare in.",
    ),
    Column(
        "qualifying_behind_count",
        "int32",
        "Qualifyings behind the team-mate; null where the lake has none to compare in.",
    ),
    Column("race_ahead_count", "int32", "Races ahead of the team-mate, both classified.", nullable=False),
    Column("race_behind_count", "int32", "Races behind the team-mate, both classified.", nullable=False),
    Column(
        "median_team_mate_qualifying_delta_pct",
        "float64",
        "Median difference to the team-mate in qualifying; negative is faster.",
    ),
)

MARTS_FCT_DRIVER_SEASON = TableContract(
    name="marts.fct_driver_season",
    description="A driver's season: the official standings, and beside them our own sums over the weekends in the lake. One row per season and driver.",
    columns=(
        SEASON,
        DRIVER_KEY,
        Column("team_keys", "string", "Teams of the season in order, joined by blanks; null where unknown."),
        Column(
            "races_in_lake_count",
            "int32",
            "Races of the season that the lake has a result of: the sums are over these.",
            nullable=False,
        ),
        Column(
            "championship_position",
            "int32",
            "Position in the newest official standings of the season in the lake; null where not ranked, or without standings.",
        ),
        Column("championship_points", "float64", "Points that count in those standings; null without them."),
        POINTS_NOT_COUNTED,
        Column(
            "standings_weekend_key",
            "string",
            "Weekend after which those standings are; null where the lake has none.",
        ),
        *_COUNTS,
        Column("points_sum", "float64", "Sum of points of races and sprints; null without official results."),
        Column(
            "points_rank",
            "int32",
            "Rank by that sum, then by wins; not the official standing. Null without official results.",
        ),
        Column("best_finish_position", "int32", "Best position in a race; null where never placed."),
        Column(
            "average_finish_position",
            "float64",
            "Mean position of classified races; null where there is none.",
        ),
        Column(
            "average_grid_position",
            "float64",
            "Mean place on the grid, starts from the pit lane left out; null where there is none.",
        ),
        *_HEAD_TO_HEAD,
    ),
    key=("season", "driver_key"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("season", "driver_key"),
    version=3,
)
