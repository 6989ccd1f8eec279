{{ config(materialized='ephemeral') }}
-- A driver's entries of a weekend side by side. Driver, car and team are those of the race, else of the sprint,
-- qualifying or sprint qualifying.
with entries as (
    select * from {{ ref('int_entries__best') }}
),

race as (select * from entries where session_code = 'R'),

sprint as (select * from entries where session_code = 'S'),

qualifying as (select * from entries where session_code = 'Q'),

sprint_qualifying as (select * from entries where session_code = 'SQ'),

drivers as (
    select
        season,
        weekend_key,
        driver_key,
        arg_min(team_key, session_preference) as team_key,
        arg_min(car_number, session_preference) as car_number,
        arg_min(driver_code, session_preference) as driver_code,
    from entries
    group by season, weekend_key, driver_key
)

select
    drivers.*,
    qualifying.position as qualifying_position,
    qualifying.qualifying_time_ms,
    qualifying.delta_to_pole_ms,
    qualifying.delta_to_pole_pct,
    coalesce(race.entries_count, 0) as race_entries_count,
    race.is_started,
    race.grid_position,
    race.is_first_on_grid,
    race.position as finish_position,
    race.position_text,
    race.status,
    race.is_classified,
    race.is_dnf,
    race.positions_gained_count,
    race.laps_completed,
    race.race_time_ms,
    race.gap_to_winner_ms,
    race.fastest_lap_time_ms,
    race.points as race_points,
    sprint_qualifying.position as sprint_qualifying_position,
    coalesce(sprint.entries_count, 0) as sprint_entries_count,
    sprint.grid_position as sprint_grid_position,
    sprint.position as sprint_position,
    sprint.points as sprint_points,
from drivers
left join race using (weekend_key, driver_key)
left join sprint using (weekend_key, driver_key)
left join qualifying using (weekend_key, driver_key)
left join sprint_qualifying using (weekend_key, driver_key)
