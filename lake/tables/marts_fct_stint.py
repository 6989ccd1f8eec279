"""Contract of ``marts.fct_stint``: stints."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_stints import CURATED_STINTS
from lake.tables.mart_columns import take

MARTS_FCT_STINT = TableContract(
    name="marts.fct_stint",
    description="Unbroken runs of a driver on one set of tyres. One row per session, car and stint.",
    columns=(
        *take(
            CURATED_STINTS,
            "season",
            "weekend_key",
            "session_key",
            "car_number",
            "stint_number",
            "driver_key",
            "team_key",
            "driver_code",
            "compound",
            "compound_grade",
            "is_new_set",
            "end_reason",
        ),
        Column("is_last_stint", "bool", "Whether it is the car's last stint of the session.", nullable=False),
        *take(
            CURATED_STINTS,
            "first_lap_number",
            "last_lap_number",
            "laps_count",
            "clean_laps_count",
        ),
        Column(
            "traffic_laps_count",
            "int32",
            "Green laps of the stint within 1.5 s of the car ahead at either end; null outside races.",
        ),
        Column(
            "neutralised_laps_count",
            "int32",
            "Laps of the stint that saw a safety car, a virtual safety car or a red flag.",
            nullable=False,
        ),
        *take(
            CURATED_STINTS,
            "tyre_age_start_laps",
            "tyre_age_end_laps",
            "best_lap_time_ms",
            "median_clean_lap_time_ms",
        ),
        Column(
            "stint_time_ms",
            "int64",
            "Sum of the lap times of the stint; null where a lap of it has none.",
        ),
        Column("position_start", "int32", "Position at the end of the first lap; null outside races."),
        Column("position_end", "int32", "Position at the end of the last lap; null outside races."),
    ),
    key=("session_key", "car_number", "stint_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stint_number"),
    version=2,
)
