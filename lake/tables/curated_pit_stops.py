"""Contract of ``curated.pit_stops``: pit stops."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, DRIVER_CODE, DRIVER_KEY, SESSION_COLUMNS, TEAM_KEY

CURATED_PIT_STOPS = TableContract(
    name="curated.pit_stops",
    description="Passages of the pit lane in races and sprints. One row per session, car and stop.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column("stop_number", "int32", "Stop of the car, counted from 1.", nullable=False),
        DRIVER_KEY,
        TEAM_KEY,
        DRIVER_CODE,
        Column("lap_number", "int32", "Lap in which the car entered the pits.", nullable=False),
        Column("pit_in_session_time_ms", "int64", "Session clock at pit entry."),
        Column(
            "pit_out_session_time_ms",
            "int64",
            "Session clock at pit exit; null where the car never left, or stopped before it came round again.",
        ),
        Column("pit_lane_time_ms", "int64", "Time from pit entry to pit exit; null where either is unknown."),
        Column("track_status", "string", "Digits of the track states seen in the in-lap."),
        Column("is_tyre_change", "bool", "Whether the tyres were changed; null where nothing says so."),
        Column(
            "is_under_red_flag",
            "bool",
            "Whether the passage was a wait under a red flag, not a stop; null where it took three minutes or more and no source has the track status.",
        ),
        Column("compound_before", "string", "Compound before the stop."),
        Column("compound_after", "string", "Compound after the stop; null where the car never left."),
        Column(
            "pit_loss_ms",
            "float64",
            "In-lap plus out-lap less twice the driver's median clean lap within three laps; null where those are missing.",
        ),
        Column(
            "stop_source",
            "string",
            "live_timing, or jolpica: lap and duration of a stop in a race without live timing.",
            nullable=False,
            values=("live_timing", "jolpica"),
        ),
    ),
    key=("session_key", "car_number", "stop_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stop_number"),
    version=2,
)
