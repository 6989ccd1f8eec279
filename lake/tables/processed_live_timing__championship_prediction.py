"""Contract of ``processed.live_timing__championship_prediction``: standings if the race ended now."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.live_timing_columns import LINE_NUMBER, SESSION_TIME

PROCESSED_LIVE_TIMING__CHAMPIONSHIP_PREDICTION = TableContract(
    name="processed.live_timing__championship_prediction",
    description="What both championships would be if the race ended now, as the feed reckons; what a message left out is as the message before said. One row per session, championship, competitor and update.",
    columns=(
        *SESSION_COLUMNS,
        Column(
            "championship",
            "string",
            "drivers or constructors.",
            nullable=False,
            values=("drivers", "constructors"),
        ),
        Column("competitor", "string", "Car number, or the feed's name of the constructor.", nullable=False),
        Column(
            "update_number",
            "int32",
            "Update of the competitor in the session in order of arrival, counted from 1.",
            nullable=False,
        ),
        SESSION_TIME,
        Column("car_number", "string", "Number on the car, as text; null among constructors."),
        Column("team_name", "string", "Team as the feed names it; null among drivers."),
        Column("current_position", "int32", "Position in the standings before the race."),
        Column("predicted_position", "int32", "Position in the standings if the race ended now."),
        Column("current_points", "float64", "Points before the race."),
        Column("predicted_points", "float64", "Points if the race ended now."),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "championship", "competitor", "update_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "championship", "competitor", "update_number"),
)
