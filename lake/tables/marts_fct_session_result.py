"""Contract of ``marts.fct_session_result``: results of races and qualifyings."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_results import CURATED_RESULTS
from lake.tables.curated_sessions import CURATED_SESSIONS
from lake.tables.mart_columns import IS_DNF, IS_STARTED, POSITIONS_GAINED, take

MARTS_FCT_SESSION_RESULT = TableContract(
    name="marts.fct_session_result",
    description="Results of races, sprints, qualifying and sprint qualifying. One row per session and entry, in the order of the result.",
    columns=(
        *take(
            CURATED_RESULTS,
            "season",
            "weekend_key",
            "session_key",
            "result_order",
            "driver_key",
            "team_key",
            "car_number",
            "driver_code",
        ),
        *take(CURATED_SESSIONS, "session_code"),
        *take(CURATED_RESULTS, "result_source", "position", "position_text", "status", "is_classified"),
        IS_STARTED,
        IS_DNF,
        *take(CURATED_RESULTS, "grid_position"),
        POSITIONS_GAINED,
        *take(
            CURATED_RESULTS,
            "points",
            "laps_completed",
            "race_time_ms",
            "gap_to_winner_ms",
            "fastest_lap_number",
            "fastest_lap_time_ms",
            "q1_ms",
            "q2_ms",
            "q3_ms",
        ),
        Column(
            "segment_reached_number",
            "int32",
            "Last segment of qualifying with a lap time: 1, 2 or 3; null outside qualifying and without a time.",
        ),
        Column(
            "qualifying_time_ms",
            "int64",
            "Best time of the last segment with a lap time; null outside qualifying and without a time.",
        ),
        Column(
            "delta_to_pole_ms",
            "int64",
            "Qualifying time less the time of the first in that session; negative where an earlier segment was faster.",
        ),
        Column("delta_to_pole_pct", "float64", "The same in percent of the time of the first."),
    ),
    key=("session_key", "result_order"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "result_order"),
)
