with stops as (
    select * from {{ ref('int_pit_stops__fuel_corrected') }}
),

laps as (
    select * from {{ ref('stg_curated__laps') }}
)

select
    stops.season,
    stops.weekend_key,
    stops.session_key,
    stops.car_number,
    stops.stop_number,
    stops.driver_key,
    stops.team_key,
    stops.driver_code,
    stops.stop_source,
    stops.lap_number,
    -- Digits: 5 red, 4 safety car, 6 and 7 virtual safety car and its end, 2 yellow, 1 clear.
    case
        when stops.track_status like '%5%' then 'RED'
        when stops.track_status like '%4%' then 'SAFETY_CAR'
        when regexp_matches(stops.track_status, '[67]') then 'VIRTUAL_SAFETY_CAR'
        when stops.track_status like '%2%' then 'YELLOW'
        when stops.track_status like '%1%' then 'GREEN'
        else 'UNKNOWN'
    end as track_condition_code,
    stops.is_tyre_change,
    stops.is_under_red_flag,
    stops.compound_before,
    stops.compound_after,
    stops.pit_lane_time_ms,
    case
        when stops.pit_lane_time_ms is not null and stops.is_under_red_flag is not true
            then cast(rank() over session_stops as integer)
    end as pit_lane_time_rank,
    stops.pit_loss_ms,
    stops.fuel_corrected_pit_loss_s,
    lap_before.position as position_before,
    lap_after.position as position_after,
    lap_after.position - lap_before.position as positions_lost_count,
    stops.pit_in_session_time_ms,
    stops.pit_out_session_time_ms,
from stops
left join laps as lap_before
    on
        stops.session_key = lap_before.session_key
        and stops.car_number = lap_before.car_number
        and stops.lap_number = lap_before.lap_number + 1
left join laps as lap_after
    on
        stops.session_key = lap_after.session_key
        and stops.car_number = lap_after.car_number
        and stops.lap_number = lap_after.lap_number - 1
window session_stops as (
    partition by stops.session_key, stops.is_under_red_flag is true order by stops.pit_lane_time_ms
)
