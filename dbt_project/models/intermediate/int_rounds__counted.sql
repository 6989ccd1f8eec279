{{ config(materialized='ephemeral') }}
-- A round is a weekend that the championship knows; own sums stop to be known at the first without a result.
with raced as (
    select distinct weekend_key
    from {{ ref('stg_curated__results') }}
    where session_key like '%-R' and points is not null
)

select
    weekends.season,
    weekends.weekend_key,
    row_number() over season_so_far as round_sequence,
    count(*) filter (where raced.weekend_key is null) over season_so_far as missing_results_count,
from {{ ref('stg_curated__weekends') }} as weekends
left join raced on weekends.weekend_key = raced.weekend_key
where not weekends.is_test and weekends.round_id_jolpica is not null
window season_so_far as (partition by weekends.season order by weekends.weekend_key)
