"""Contract of ``marts.fct_lap``: laps."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_laps import CURATED_LAPS
from lake.tables.mart_columns import FUEL_CORRECTED_LAP_TIME, FUEL_MASS, take

MARTS_FCT_LAP = TableContract(
    name="marts.fct_lap",
    description="Laps with tyres, lap classes, gaps, deltas and fuel correction. One row per session, car and lap.",
    columns=(
        *take(
            CURATED_LAPS,
            "season",
            "weekend_key",
            "session_key",
            "car_number",
            "lap_number",
            "driver_key",
            "team_key",
            "driver_code",
            "lap_source",
            "stint_number",
            "stint_lap_number",
            "compound",
            "tyre_age_laps",
            "is_new_set",
            "surface_class",
            "track_status",
            "is_in_lap",
            "is_out_lap",
            "is_personal_best",
            "is_deleted",
            "deleted_reason",
            "is_accurate",
            "is_quick",
            "is_green",
            "is_clean_race",
            "is_clear_air",
            "is_lap_counted",
            "lap_time_ms",
            "sector_1_ms",
            "sector_2_ms",
            "sector_3_ms",
        ),
        Column(
            "delta_to_best_ms",
            "int64",
            "Lap time less the best lap time of the session, deleted laps left out of the best. Null without a lap time.",
        ),
        Column(
            "delta_to_own_best_ms",
            "int64",
            "Lap time less the driver's own best of the session, deleted laps left out of the best. Null without a lap time.",
        ),
        FUEL_MASS,
        FUEL_CORRECTED_LAP_TIME,
        *take(CURATED_LAPS, "position"),
        Column(
            "positions_gained_count",
            "int32",
            "Position at the end of the lap before less position at the end of this one; positive is forward. Null on lap 1 and outside races.",
        ),
        *take(
            CURATED_LAPS,
            "gap_to_leader_ms",
            "interval_ahead_ms",
            "laps_down",
            "speed_i1_kph",
            "speed_i2_kph",
            "speed_fl_kph",
            "speed_st_kph",
            "lap_start_session_time_ms",
            "lap_end_session_time_ms",
            "lap_start_at",
        ),
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
    version=2,
)
