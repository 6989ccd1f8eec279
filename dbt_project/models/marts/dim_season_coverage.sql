with weekends as (
    select
        season,
        count(*) filter (where not is_test) as weekends_count,
    from {{ ref('stg_curated__weekends') }}
    group by season
),

covered as (
    select
        season,
        count(distinct weekend_key) as weekends_in_lake_count,
        count(distinct case
            when is_essential and coverage_status in ('absent', 'partial', 'empty') then weekend_key
        end) as partial_weekends_count,
    from {{ ref('stg_curated__coverage') }}
    group by season
),

held as (
    select * from {{ ref('int_seasons__held') }}
)

select
    weekends.season,
    cast(weekends.weekends_count as integer) as weekends_count,
    cast(covered.weekends_in_lake_count as integer) as weekends_in_lake_count,
    {% for column in [
        'race_results_count', 'qualifying_results_count', 'sprint_results_count', 'standings_count',
        'timed_sessions_count', 'telemetry_sessions_count', 'timed_races_count', 'official_lap_races_count',
        'pit_stop_races_count', 'laps_count'
    ] -%}
        cast(held.{{ column }} as integer) as {{ column }},
    {% endfor -%}
    cast(covered.partial_weekends_count as integer) as partial_weekends_count,
    gaps.gaps,
    gaps.not_kept,
from weekends
inner join covered on weekends.season = covered.season
inner join held on weekends.season = held.season
left join {{ ref('int_seasons__gaps') }} as gaps on weekends.season = gaps.season
