with laps as (
    select * from {{ ref('int_laps__fuel_corrected') }}
    where weekend_key in (select scope.weekend_key from {{ ref('stg_scope__weekends') }} as scope)
)

select
    season,
    weekend_key,
    session_key,
    car_number,
    lap_number,
    driver_key,
    team_key,
    driver_code,
    lap_source,
    stint_number,
    stint_lap_number,
    compound,
    tyre_age_laps,
    is_new_set,
    surface_class,
    track_status,
    is_in_lap,
    is_out_lap,
    is_personal_best,
    is_deleted,
    deleted_reason,
    is_accurate,
    is_quick,
    is_green,
    is_clean_race,
    is_clear_air,
    is_lap_counted,
    lap_time_ms,
    sector_1_ms,
    sector_2_ms,
    sector_3_ms,
    lap_time_ms - min(lap_time_ms) filter (where is_deleted is not true) over (partition by session_key)
        as delta_to_best_ms,
    lap_time_ms - min(lap_time_ms) filter (where is_deleted is not true) over (
        partition by session_key, driver_key
    ) as delta_to_own_best_ms,
    fuel_mass_kg,
    fuel_corrected_lap_time_s,
    position,
    case lap_number - lag(lap_number) over car when 1 then lag(position) over car - position end
        as positions_gained_count,
    gap_to_leader_ms,
    interval_ahead_ms,
    laps_down,
    speed_i1_kph,
    speed_i2_kph,
    speed_fl_kph,
    speed_st_kph,
    lap_start_session_time_ms,
    lap_end_session_time_ms,
    lap_start_at,
from laps
window car as (partition by session_key, car_number order by lap_number)
