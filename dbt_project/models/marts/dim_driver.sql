-- arg_max passes over rows in which the value is null.
with seen as (
    select * from {{ ref('int_drivers__seen') }}
)

select
    driver_key,
    bool_and(is_provisional) as is_provisional,
    arg_max(driver_id_jolpica, seen_order) as driver_id_jolpica,
    arg_max(driver_reference, seen_order) as driver_reference,
    arg_max(full_name, seen_order) as full_name,
    arg_max(first_name, seen_order) as first_name,
    arg_max(last_name, seen_order) as last_name,
    arg_max(nationality, seen_order) as nationality,
    arg_max(date_of_birth, seen_order) as date_of_birth,
    arg_max(driver_code, seen_order) as latest_driver_code,
    arg_max(car_number, seen_order) as latest_car,
    arg_max(team_key, seen_order) as latest_team_key,
    min(season) as first_season,
    max(season) as last_season,
    cast(count(distinct session_key) as integer) as sessions_count,
from seen
group by driver_key
