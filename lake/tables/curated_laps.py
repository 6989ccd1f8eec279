"""Contract of ``curated.laps``: laps."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import (
    CAR_NUMBER,
    COMPOUND,
    DRIVER_CODE,
    DRIVER_KEY,
    LAP_NUMBER,
    SESSION_COLUMNS,
    TEAM_KEY,
    TYRE_AGE,
)
from lake.tables.lap_columns import LAP_MEASURES, LAP_SOURCE

CURATED_LAPS = TableContract(
    name="curated.laps",
    description="Laps with driver, tyres by set, gaps at the line and lap classes; of races without live timing (before 2018) lap times and positions alone. One row per session, car and lap.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        LAP_NUMBER,
        DRIVER_KEY,
        TEAM_KEY,
        DRIVER_CODE,
        *LAP_MEASURES,
        Column(
            "stint_number",
            "int32",
            "Stint by change of tyres, counted from 1; null where nothing says which.",
        ),
        Column("stint_lap_number", "int32", "Lap within the stint, counted from 1."),
        COMPOUND,
        TYRE_AGE,
        Column("is_new_set", "bool", "Whether the set was new when fitted; null where unknown."),
        Column(
            "is_in_lap",
            "bool",
            "Whether the car entered the pits in this lap; null where no source has the stops (races before 2011).",
        ),
        Column(
            "is_out_lap",
            "bool",
            "Whether the car left the pits in this lap; null where no source has the stops.",
        ),
        Column(
            "gap_to_leader_ms",
            "int64",
            "Time behind the first car to complete the same lap, at the line; null outside races, and for a lap that was not completed or whose end is not known.",
        ),
        Column(
            "interval_ahead_ms",
            "int64",
            "Time to the car that completed the same lap directly before, at the line; null for the first and outside races.",
        ),
        Column(
            "laps_down", "int32", "Whole laps behind the leader when crossing the line; null outside races."
        ),
        Column(
            "surface_class",
            "string",
            "SLICK, INTERMEDIATE, WET or UNKNOWN by the tyre.",
            nullable=False,
            values=("SLICK", "INTERMEDIATE", "WET", "UNKNOWN"),
        ),
        Column(
            "is_quick", "bool", "Lap time under 107 % of the best of the session; null without a lap time."
        ),
        Column(
            "is_green",
            "bool",
            "Track status clear for the whole lap; null without live timing, which alone has the track status.",
        ),
        Column(
            "is_clean_race",
            "bool",
            "Clean racing lap: accurate, green, not lap 1, not after a restart, not deleted, no outlier of its stint; null outside races.",
        ),
        Column(
            "is_clear_air",
            "bool",
            "More than 1.5 s behind the car ahead on the road at both ends of the lap, and no car passed either way; null outside races and where an end is not known.",
        ),
        Column(
            "is_lap_counted",
            "bool",
            "Whether the car completed the lap: false for the partial last lap of a retirement.",
            nullable=False,
        ),
        LAP_SOURCE,
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
    version=2,
)
