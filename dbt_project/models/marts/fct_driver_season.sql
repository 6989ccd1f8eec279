-- The official standings stand beside the sums of what was scored: rules dropped scores in some seasons.
with summed as (
    select * from {{ ref('int_driver_seasons__summed') }}
),

races as (
    select
        season,
        count(distinct weekend_key) as races_count,
    from {{ ref('int_driver_weekends__described') }}
    where race_entries_count > 0
    group by season
),

standings as (
    select * from {{ ref('int_standings__compared') }}
    where championship = 'drivers' and is_latest
)

select
    summed.season,
    summed.driver_key,
    teams.team_keys,
    cast(coalesce(races.races_count, 0) as integer) as races_in_lake_count,
    standings.position as championship_position,
    standings.points as championship_points,
    standings.points_not_counted,
    standings.weekend_key as standings_weekend_key,
    {% for column in [
        'entries_count', 'starts_count', 'wins_count', 'podiums_count', 'points_finishes_count', 'poles_count',
        'fastest_laps_count', 'dnfs_count', 'sprint_entries_count', 'sprint_wins_count', 'laps_completed_count',
        'laps_led_count'
    ] -%}
        cast(summed.{{ column }} as integer) as {{ column }},
    {% endfor -%}
    summed.points_sum,
    case
        when summed.points_sum is not null
            then cast(rank() over (
                partition by summed.season
                order by summed.points_sum desc nulls last, summed.wins_count desc
            ) as integer)
    end as points_rank,
    summed.best_finish_position,
    summed.average_finish_position,
    summed.average_grid_position,
    cast(summed.qualifying_ahead_count as integer) as qualifying_ahead_count,
    cast(summed.qualifying_behind_count as integer) as qualifying_behind_count,
    cast(summed.race_ahead_count as integer) as race_ahead_count,
    cast(summed.race_behind_count as integer) as race_behind_count,
    summed.median_team_mate_qualifying_delta_pct,
from summed
left join races on summed.season = races.season
left join {{ ref('int_driver_seasons__teams') }} as teams
    on summed.season = teams.season and summed.driver_key = teams.driver_key
left join standings on summed.season = standings.season and summed.driver_key = standings.driver_key
