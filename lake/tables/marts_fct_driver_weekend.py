"""Contract of ``marts.fct_driver_weekend``: a driver's weekend."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_CODE, DRIVER_KEY, SEASON, TEAM_KEY, WEEKEND_KEY
from lake.tables.curated_results import CURATED_RESULTS
from lake.tables.mart_columns import IS_DNF, IS_STARTED, POSITIONS_GAINED, take

_QUALIFYING = (
    Column("qualifying_position", "int32", "Position in qualifying; null where the driver has none."),
    Column("qualifying_time_ms", "int64", "Best time of the last segment with a lap time."),
    Column("delta_to_pole_ms", "int64", "Qualifying time less that of the first in qualifying."),
    Column("delta_to_pole_pct", "float64", "The same in percent of the time of the first."),
    Column(
        "is_pole",
        "bool",
        "First in qualifying; where the lake has no qualifying result, first on the grid.",
        nullable=False,
    ),
)

_RACE = (
    Column(
        "race_entries_count",
        "int32",
        "Entries of the driver in the race; 2 after a change of cars.",
        nullable=False,
    ),
    IS_STARTED,
    *take(CURATED_RESULTS, "grid_position"),
    Column("finish_position", "int32", "Position in the race; null where the driver is not placed."),
    *take(CURATED_RESULTS, "position_text", "status", "is_classified"),
    IS_DNF,
    POSITIONS_GAINED,
    *take(CURATED_RESULTS, "laps_completed", "race_time_ms", "gap_to_winner_ms"),
    Column(
        "best_lap_time_ms", "int64", "Best lap of the race, deleted laps left out; null where none is known."
    ),
    Column(
        "has_fastest_lap",
        "bool",
        "Whether it was the fastest lap of the race; null where no lap of the race is known.",
    ),
    Column("laps_led_count", "int32", "Laps of the race led at the line; null without laps."),
    Column(
        "race_pace_s",
        "float64",
        "Median fuel-corrected clean racing lap of the race (metrics C4); null with fewer than 5.",
    ),
    Column(
        "pit_stops_count",
        "int32",
        "Passages of the pit lane in the race, with or without other tyres: stops, penalties served, drives through it behind the safety car; waits under a red flag left out. Null where no source has the stops (before 2011).",
    ),
    Column(
        "tyre_changes_count",
        "int32",
        "Of these passages, those with a change of tyres that the car came round again after: the stops of the race. Null where no source says whether tyres were changed (before 2018).",
    ),
    Column("stints_count", "int32", "Stints of the race; null without timing."),
    Column(
        "compounds_used",
        "string",
        "Compounds of the race in the order of the stints, such as MEDIUM HARD HARD; null without timing.",
    ),
)

_SPRINT = (
    Column("sprint_qualifying_position", "int32", "Position in sprint qualifying; null where there is none."),
    Column("sprint_grid_position", "int32", "Place on the sprint's grid; 0 is a start from the pit lane."),
    Column("sprint_position", "int32", "Position in the sprint; null where there is none."),
    Column("race_points", "float64", "Points of the race; null where there is no official result."),
    Column("sprint_points", "float64", "Points of the sprint; null where there is no official result."),
    Column("points", "float64", "Points of race and sprint; null where neither has an official result."),
)

_TEAM_MATE = (
    Column(
        "team_mate_driver_key",
        "string",
        "The other driver of the team in the race, else in qualifying; null where there is not exactly one.",
    ),
    Column(
        "team_mate_qualifying_delta_ms",
        "int64",
        "Own less the team-mate's best time in the last segment of qualifying both reached; negative is faster (metrics C5).",
    ),
    Column("team_mate_qualifying_delta_pct", "float64", "The same in percent of the team-mate's time."),
    Column(
        "is_ahead_in_qualifying",
        "bool",
        "Ahead of the team-mate in qualifying; null where either has no time in a common segment.",
    ),
    Column(
        "is_ahead_in_race",
        "bool",
        "Ahead of the team-mate in the race; null unless both were classified.",
    ),
    Column(
        "is_ahead_in_sprint",
        "bool",
        "Ahead of the team-mate in the sprint; null unless both were classified.",
    ),
)

MARTS_FCT_DRIVER_WEEKEND = TableContract(
    name="marts.fct_driver_weekend",
    description="A driver's qualifying, race and sprint of a weekend, beside the team-mate. After a change of cars the better entry counts. One row per weekend and driver with an entry in a race or qualifying.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        DRIVER_KEY,
        TEAM_KEY,
        Column("car_number", "string", "Number on the car; null where unknown."),
        DRIVER_CODE,
        *_QUALIFYING,
        *_RACE,
        *_SPRINT,
        *_TEAM_MATE,
    ),
    key=("weekend_key", "driver_key"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "driver_key"),
    version=2,
)
