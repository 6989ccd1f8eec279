"""Contract of ``marts.fct_pit_stop``: pit stops."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_pit_stops import CURATED_PIT_STOPS
from lake.tables.mart_columns import take

MARTS_FCT_PIT_STOP = TableContract(
    name="marts.fct_pit_stop",
    description="Passages of the pit lane in races and sprints; waits under a red flag are marked. One row per session, car and stop.",
    columns=(
        *take(
            CURATED_PIT_STOPS,
            "season",
            "weekend_key",
            "session_key",
            "car_number",
            "stop_number",
            "driver_key",
            "team_key",
            "driver_code",
            "stop_source",
            "lap_number",
        ),
        Column(
            "track_condition_code",
            "string",
            "Strongest track state of the in-lap: RED, SAFETY_CAR, VIRTUAL_SAFETY_CAR, YELLOW, GREEN, or UNKNOWN.",
            nullable=False,
            values=("RED", "SAFETY_CAR", "VIRTUAL_SAFETY_CAR", "YELLOW", "GREEN", "UNKNOWN"),
        ),
        *take(CURATED_PIT_STOPS, "is_tyre_change", "is_under_red_flag", "compound_before", "compound_after"),
        *take(CURATED_PIT_STOPS, "pit_lane_time_ms"),
        Column(
            "pit_lane_time_rank",
            "int32",
            "Rank of the time in the pit lane among the session's stops, the shortest is 1; waits under a red flag are not ranked.",
        ),
        *take(CURATED_PIT_STOPS, "pit_loss_ms"),
        Column(
            "fuel_corrected_pit_loss_s",
            "float64",
            "The loss with all laps as of an empty car (metrics C12); null where the season has no fuel model, and where the loss is.",
        ),
        Column(
            "position_before",
            "int32",
            "Position at the end of the lap before the in-lap; null for a stop in lap 1.",
        ),
        Column(
            "position_after",
            "int32",
            "Position at the end of the out-lap; null where the car never came round.",
        ),
        Column(
            "positions_lost_count",
            "int32",
            "Position after less position before; positive is backward. Null where either is unknown.",
        ),
        *take(CURATED_PIT_STOPS, "pit_in_session_time_ms", "pit_out_session_time_ms"),
    ),
    key=("session_key", "car_number", "stop_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stop_number"),
    version=3,
)
