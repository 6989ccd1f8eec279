"""Contract of ``curated.lap_positions``: the order of races lap by lap."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, SESSION_COLUMNS
from racing.lap_chart import POSITION_SOURCES

CURATED_LAP_POSITIONS = TableContract(
    name="curated.lap_positions",
    description="Lap chart of races and sprints: the order on the grid and at the end of each lap, timed at the line and as the feed sent it. One row per session, car and lap.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column("lap_number", "int32", "Lap of the car, counted from 1; 0 is the grid.", nullable=False),
        Column(
            "driver_key", "string", "Driver of the car in that lap; null where nobody is known to drive it."
        ),
        Column("position", "int32", "Position: at the line where it is known, else as sent.", nullable=False),
        Column(
            "position_source",
            "string",
            "Where the position is from: LINE (order of crossing), FEED (as sent) or GRID (official grid).",
            nullable=False,
            values=POSITION_SOURCES,
        ),
        Column(
            "timed_position",
            "int32",
            "Position by order of crossing the line in that lap, or on the official grid; null where it is not known.",
        ),
        Column("sent_position", "int32", "Position that the feed had sent then; null where it sent none."),
        Column("is_agreed", "bool", "Whether both are the same; null where one is missing."),
        Column(
            "places_gained",
            "int32",
            "Places gained since the lap before, negative where lost; null where the position then is not known.",
        ),
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
)
