with stints as (
    select * from {{ ref('stg_curated__stints') }}
    where weekend_key in (select scope.weekend_key from {{ ref('stg_scope__weekends') }} as scope)
),

driven as (
    select
        session_key,
        car_number,
        stint_number,
        case when count(is_clear_air) > 0 then count(*) filter (where is_green and not is_clear_air) end
            as traffic_laps_count,
        count(*) filter (where regexp_matches(track_status, '[4567]')) as neutralised_laps_count,
        case when count(lap_time_ms) = count(*) then sum(lap_time_ms) end as stint_time_ms,
        arg_min_null(position, lap_number) as position_start,
        arg_max_null(position, lap_number) as position_end,
    from {{ ref('int_laps__fuel_corrected') }}
    group by session_key, car_number, stint_number
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
    stints.compound_grade,
    stints.is_new_set,
    stints.end_reason,
    stints.stint_number = max(stints.stint_number) over (partition by stints.session_key, stints.car_number)
        as is_last_stint,
    stints.first_lap_number,
    stints.last_lap_number,
    stints.laps_count,
    stints.clean_laps_count,
    cast(driven.traffic_laps_count as integer) as traffic_laps_count,
    cast(coalesce(driven.neutralised_laps_count, 0) as integer) as neutralised_laps_count,
    stints.tyre_age_start_laps,
    stints.tyre_age_end_laps,
    stints.best_lap_time_ms,
    stints.median_clean_lap_time_ms,
    cast(driven.stint_time_ms as bigint) as stint_time_ms,
    driven.position_start,
    driven.position_end,
from stints
left join driven
    on
        stints.session_key = driven.session_key
        and stints.car_number = driven.car_number
        and stints.stint_number = driven.stint_number
