{{ config(materialized='ephemeral') }}
-- The teams a driver entered for in a season, in order.
with first_weekends as (
    select
        season,
        driver_key,
        team_key,
        min(weekend_key) as first_weekend_key,
    from {{ ref('int_driver_weekends__described') }}
    where team_key is not null
    group by season, driver_key, team_key
)

select
    season,
    driver_key,
    string_agg(team_key, ' ' order by first_weekend_key, team_key) as team_keys,
from first_weekends
group by season, driver_key
