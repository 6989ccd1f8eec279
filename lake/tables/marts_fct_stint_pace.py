"""Contract of ``marts.fct_stint_pace``: fuel-corrected pace of a stint."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.curated_stints import CURATED_STINTS
from lake.tables.mart_columns import take

MARTS_FCT_STINT_PACE = TableContract(
    name="marts.fct_stint_pace",
    description="Fuel-corrected pace and its loss per lap of the stints of races and sprints (metrics C1, C2, C11). Pace is null with fewer than 5 laps to fit. One row per session, car and stint.",
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
            "is_new_set",
            "laps_count",
        ),
        Column(
            "fitted_laps_count",
            "int32",
            "Clean racing laps that the pace rests on: the first two laps of the stint are left out.",
            nullable=False,
        ),
        Column(
            "fuel_start_mass_kg",
            "float64",
            "Modelled fuel at the start of the session; null where the season has no fuel model.",
        ),
        Column(
            "fuel_effect_s_per_kg",
            "float64",
            "Modelled cost of a kilogram of fuel per lap at the circuit; null where the season has no fuel model.",
        ),
        Column(
            "planned_laps_count",
            "int32",
            "Laps that the fuel is spread over: scheduled, else the most that a car completed.",
        ),
        Column(
            "pace_s", "float64", "Median fuel-corrected lap time of the fitted laps: that of an empty car."
        ),
        Column(
            "delta_to_best_pace_pct",
            "float64",
            "Pace less the best pace of any stint of the session, in percent of that. Track and tyres differ: compare stints run at the same time.",
        ),
        Column(
            "degradation_s_per_lap",
            "float64",
            "Least-squares slope of fuel-corrected lap time over laps, of tyres and track together; positive is slower with every lap.",
        ),
        Column(
            "degradation_low_s_per_lap",
            "float64",
            "The slope if a kilogram of fuel cost 0.01 s less per lap.",
        ),
        Column(
            "degradation_high_s_per_lap",
            "float64",
            "The slope if a kilogram of fuel cost 0.01 s more per lap.",
        ),
        Column(
            "degradation_error_s_per_lap",
            "float64",
            "Standard error of the slope from the scatter of the laps; the error of the fuel model is the band.",
        ),
    ),
    key=("session_key", "car_number", "stint_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stint_number"),
)
