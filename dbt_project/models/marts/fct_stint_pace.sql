{%- set effect_band_s_per_kg = 0.01 %}
-- Within one stint fuel and tyre age move together, so the fuel effect is a prior, and the slope is given
-- for a prior 0.01 s/kg lower and higher too: it moves by exactly that times the fuel burnt per lap.
-- Source: metrics C1 and C2.
with stints as (
    select stints.*
    from {{ ref('stg_curated__stints') }} as stints
    inner join {{ ref('int_sessions__described') }} as sessions on stints.session_key = sessions.session_key
    where
        sessions.session_type = 'RACE'
        and stints.weekend_key in (select scope.weekend_key from {{ ref('stg_scope__weekends') }} as scope)
),

fuel as (
    select
        *,
        {{ effect_band_s_per_kg }} * fuel_start_mass_kg / planned_laps_count as slope_band_s_per_lap,
    from {{ ref('int_sessions__fuel') }}
)

select
    stints.season,
    stints.weekend_key,
    stints.session_key,
    stints.car_number,
    stints.stint_number,
    stints.driver_key,
    stints.team_key,
    stints.driver_code,
    stints.compound,
    stints.is_new_set,
    stints.laps_count,
    cast(coalesce(pace.fitted_laps_count, 0) as integer) as fitted_laps_count,
    fuel.fuel_start_mass_kg,
    fuel.fuel_effect_s_per_kg,
    fuel.planned_laps_count,
    pace.pace_s,
    (pace.pace_s - min(pace.pace_s) over race) / min(pace.pace_s) over race * 100 as delta_to_best_pace_pct,
    pace.slope_s_per_lap as degradation_s_per_lap,
    round(pace.slope_s_per_lap - fuel.slope_band_s_per_lap, 6) as degradation_low_s_per_lap,
    round(pace.slope_s_per_lap + fuel.slope_band_s_per_lap, 6) as degradation_high_s_per_lap,
    pace.slope_error_s_per_lap as degradation_error_s_per_lap,
from stints
left join fuel on stints.session_key = fuel.session_key
left join {{ ref('int_stints__pace') }} as pace
    on
        stints.session_key = pace.session_key
        and stints.car_number = pace.car_number
        and stints.stint_number = pace.stint_number
window race as (partition by stints.session_key)
