{{ config(materialized='ephemeral') }}
-- Documents that are missing, by season: those that somebody has, and those that nobody has of that season.
with named as (
    select
        season,
        weekend_key,
        case topic when 'session' then 'live timing' else topic end as what,
        is_essential and coverage_status in ('absent', 'partial', 'empty') as is_gap,
        coverage_status = 'not_kept' as is_not_kept,
    from {{ ref('stg_curated__coverage') }}
),

counted as (
    select
        season,
        what,
        count(distinct weekend_key) filter (where is_gap) as gaps_count,
        bool_or(is_not_kept) as is_not_kept,
    from named
    where is_gap or is_not_kept
    group by season, what
)

select
    season,
    string_agg(format('{} {}', what, gaps_count), ', ' order by what) filter (where gaps_count > 0) as gaps,
    string_agg(what, ', ' order by what) filter (where is_not_kept) as not_kept,
from counted
group by season
