"""Contract of ``curated.results``: results."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_CODE, DRIVER_KEY, SESSION_COLUMNS, TEAM_KEY

CURATED_RESULTS = TableContract(
    name="curated.results",
    description="Classified entries of races, sprints, qualifying and sprint qualifying: official where there is an official result, else derived from timing and marked so. One row per session and entry, in the order of the result.",
    columns=(
        *SESSION_COLUMNS,
        Column("result_order", "int32", "Place of the entry in the result, counted from 1.", nullable=False),
        Column("car_number", "string", "Number on the car; null where unknown."),
        DRIVER_KEY,
        TEAM_KEY,
        DRIVER_CODE,
        Column(
            "result_source",
            "string",
            "official (Jolpica) or timing (derived; no time penalties).",
            nullable=False,
            values=("official", "timing"),
        ),
        Column("position", "int32", "Position; null where the entry is not placed."),
        Column("position_text", "string", "Position, or R D E W F N as in the official result."),
        Column("is_classified", "bool", "Whether the entry is classified; null outside races."),
        Column(
            "grid_position", "int32", "Place on the grid; 0 is a start from the pit lane; null outside races."
        ),
        Column("points", "float64", "Championship points; null where the result is not official."),
        Column("laps_completed", "int32", "Laps completed; null outside races."),
        Column("status", "string", "Finished, Lapped, Retired or the cause; null outside races."),
        Column("race_time_ms", "int64", "Total time with penalties; null for lapped and retired cars."),
        Column("gap_to_winner_ms", "int64", "Time behind the winner; null for lapped and retired cars."),
        Column("fastest_lap_number", "int32", "Lap of the entry's fastest lap."),
        Column("fastest_lap_time_ms", "int64", "Time of the entry's fastest lap."),
        Column("q1_ms", "int64", "Best time of the first segment; null outside qualifying."),
        Column("q2_ms", "int64", "Best time of the second segment."),
        Column("q3_ms", "int64", "Best time of the third segment."),
    ),
    key=("session_key", "result_order"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "result_order"),
)
