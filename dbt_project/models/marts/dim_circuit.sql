-- arg_max passes over rows in which the value is null.
with weekends as (
    select * from {{ ref('stg_curated__weekends') }}
)

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
