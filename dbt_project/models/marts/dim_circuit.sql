-- arg_max passes over rows in which the value is null.
with weekends as (
    select * from {{ ref('stg_curated__weekends') }}
),

known as (
    select
        *,
        arg_max(length_m, weekend_key) over (partition by circuit_key) as latest_length_m,
        case when length_m = latest_length_m then fastest_race_lap_ms end as comparable_lap_ms,
    from {{ ref('stg_curated__circuits') }}
),

measured as (
    select
        circuit_key,
        arg_max(length_m, weekend_key) as length_m,
        arg_max(corners_count, weekend_key) as corners_count,
        arg_max(outline_length_m, weekend_key) as outline_length_m,
        min(comparable_lap_ms) as fastest_race_lap_ms,
        arg_min(fastest_race_lap_driver_key, comparable_lap_ms) as fastest_race_lap_driver_key,
        arg_min(weekend_key, comparable_lap_ms) as fastest_race_lap_weekend_key,
    from known
    group by circuit_key
),

seen as (
    select
        circuit_key,
        arg_max(circuit_name, weekend_key) as circuit_name,
        arg_max(circuit_country, weekend_key) as circuit_country,
        arg_max(circuit_locality, weekend_key) as circuit_locality,
        arg_max(latitude_deg, weekend_key) as latitude_deg,
        arg_max(longitude_deg, weekend_key) as longitude_deg,
        min(season) as first_season,
        max(season) as last_season,
        cast(count(*) filter (where not is_test) as integer) as weekends_count,
    from weekends
    group by circuit_key
)

select
    seen.*,
    measured.length_m,
    measured.corners_count,
    measured.outline_length_m,
    measured.fastest_race_lap_ms,
    measured.fastest_race_lap_driver_key,
    measured.fastest_race_lap_weekend_key,
from seen
left join measured on seen.circuit_key = measured.circuit_key
