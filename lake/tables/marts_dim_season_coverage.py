"""Contract of ``marts.dim_season_coverage``: what the lake holds of each season."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON


def _count(name: str, text: str) -> Column:
    return Column(f"{name}_count", "int32", text, nullable=False)


MARTS_DIM_SEASON_COVERAGE = TableContract(
    name="marts.dim_season_coverage",
    description="What the lake holds of a season, and what is missing. One row per season.",
    columns=(
        SEASON,
        _count("weekends", "Race weekends that a calendar announces, tests left out."),
        _count("weekends_in_lake", "Those of them that were ingested, in part at least."),
        _count("race_results", "Races with an official result."),
        _count("qualifying_results", "Qualifyings with an official result (from 1994)."),
        _count("sprint_results", "Sprints with an official result (from 2021)."),
        _count("standings", "Weekends with the standings of the drivers."),
        _count("timed_sessions", "Sessions with laps of live timing (from 2018)."),
        _count("telemetry_sessions", "Sessions with car data."),
        _count("timed_races", "Races with laps of live timing."),
        _count("official_lap_races", "Races with lap times of the official documents alone (from 1996)."),
        _count("pit_stop_races", "Races with pit stops from either source (from 2011)."),
        _count("laps", "Laps of all sessions."),
        _count(
            "partial_weekends", "Weekends that lack something essential: laps or results could not be made."
        ),
        Column(
            "gaps",
            "string",
            "What essential documents are missing or partial, with the number of weekends: qualifying 3, results 1. Null where nothing is.",
        ),
        Column(
            "not_kept",
            "string",
            "What no source has of that season: laps, live timing and so on. Null where there is nothing of the kind.",
        ),
    ),
    key=("season",),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("season",),
)
