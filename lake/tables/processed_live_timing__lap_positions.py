"""Contract of ``processed.live_timing__lap_positions``: position at the end of each lap, as sent."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.live_timing_columns import LINE_NUMBER, SESSION_TIME

PROCESSED_LIVE_TIMING__LAP_POSITIONS = TableContract(
    name="processed.live_timing__lap_positions",
    description="Position of every car at the end of every lap as the feed sent it: from LapSeries, else from TimingData. One row per session, car and lap.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column(
            "lap_number",
            "int32",
            "Lap of the car by the feed's count, from 1; 0 is the grid, where LapSeries lists it.",
            nullable=False,
        ),
        Column(
            "position",
            "int32",
            "Place in the running order of a race, else in the order of best times.",
            nullable=False,
        ),
        SESSION_TIME,
        Column(
            "source_topic",
            "string",
            "Topic that said so.",
            nullable=False,
            values=("LapSeries", "TimingData"),
        ),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
)
