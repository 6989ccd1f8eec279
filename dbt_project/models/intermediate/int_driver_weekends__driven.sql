{{ config(materialized='ephemeral') }}
{%- set fewest_laps = 5 %}
-- What laps and stops of the race say of a driver's weekend; no row without laps. Stops are known from 2011 on.
with races as (
    select session_key from {{ ref('int_sessions__described') }}
    where session_code = 'R'
),

laps as (
    select
        weekend_key,
        driver_key,
        min(lap_time_ms) filter (where is_deleted is not true) as best_lap_time_ms,
        count(*) filter (where position = 1 and is_lap_counted) as laps_led_count,
        case
            when count(fuel_corrected_lap_time_s) filter (where is_clean_race) >= {{ fewest_laps }}
                then median(fuel_corrected_lap_time_s) filter (where is_clean_race)
        end as race_pace_s,
        count(is_in_lap) > 0 as has_stops,
    from {{ ref('int_laps__fuel_corrected') }}
    where session_key in (select races.session_key from races)
    group by weekend_key, driver_key
),

stints as (
    select
        weekend_key,
        driver_key,
        count(*) as stints_count,
        string_agg(compound, ' ' order by car_number, stint_number) as compounds_used,
    from {{ ref('stg_curated__stints') }}
    where session_key in (select races.session_key from races)
    group by weekend_key, driver_key
)

select
    laps.weekend_key,
    laps.driver_key,
    laps.best_lap_time_ms,
    laps.laps_led_count,
    laps.race_pace_s,
    stints.stints_count,
    stints.compounds_used,
    case when laps.has_stops then coalesce(stops.pit_stops_count, 0) end as pit_stops_count,
    case when laps.has_stops then if(stops.driver_key is null, 0, stops.tyre_changes_count) end as tyre_changes_count,
from laps
left join stints on laps.weekend_key = stints.weekend_key and laps.driver_key = stints.driver_key
left join {{ ref('int_driver_weekends__stopped') }} as stops
    on laps.weekend_key = stops.weekend_key and laps.driver_key = stops.driver_key
