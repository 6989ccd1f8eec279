-- A driver's weekend: results, timing of the race and team-mate. All weekends of the seasons in scope.
with results as (
    select * from {{ ref('int_driver_weekends__classified') }}
),

joined as (
    select
        results.*,
        driven.laps_led_count,
        driven.race_pace_s,
        driven.pit_stops_count,
        driven.tyre_changes_count,
        driven.stints_count,
        driven.compounds_used,
        mates.team_mate_driver_key,
        mates.qualifying_delta_ms as team_mate_qualifying_delta_ms,
        mates.qualifying_delta_pct as team_mate_qualifying_delta_pct,
        mates.is_ahead_in_qualifying,
        mates.is_ahead_in_race,
        mates.is_ahead_in_sprint,
        coalesce(driven.best_lap_time_ms, results.fastest_lap_time_ms) as best_lap_time_ms,
    from results
    left join {{ ref('int_driver_weekends__driven') }} as driven
        on results.weekend_key = driven.weekend_key and results.driver_key = driven.driver_key
    left join {{ ref('int_driver_weekends__team_mates') }} as mates
        on results.weekend_key = mates.weekend_key and results.driver_key = mates.driver_key
)

select
    * exclude (fastest_lap_time_ms, is_first_on_grid),
    case
        when count(qualifying_position) over weekend > 0 then coalesce(qualifying_position = 1, false)
        else coalesce(is_first_on_grid, false)
    end as is_pole,
    best_lap_time_ms = min(best_lap_time_ms) over weekend as is_fastest,
    coalesce(race_points + sprint_points, race_points, sprint_points) as points,
from joined
window weekend as (partition by weekend_key)
