{{ config(materialized='ephemeral') }}
-- Sums over the weekends of a driver's season that the lake has results of.
select
    season,
    driver_key,
    count(*) filter (where race_entries_count > 0) as entries_count,
    count(*) filter (where is_started) as starts_count,
    count(*) filter (where finish_position = 1) as wins_count,
    count(*) filter (where finish_position <= 3) as podiums_count,
    count(*) filter (where race_points > 0) as points_finishes_count,
    count(*) filter (where is_pole) as poles_count,
    count(*) filter (where is_fastest and race_entries_count > 0) as fastest_laps_count,
    count(*) filter (where is_dnf) as dnfs_count,
    count(*) filter (where sprint_entries_count > 0) as sprint_entries_count,
    count(*) filter (where sprint_position = 1) as sprint_wins_count,
    sum(laps_completed) as laps_completed_count,
    sum(laps_led_count) as laps_led_count,
    -- Shared drives have points such as 8.14: without rounding the last bits hang on the order of the rows.
    round(sum(points), 6) as points_sum,
    min(finish_position) as best_finish_position,
    avg(finish_position) filter (where is_classified) as average_finish_position,
    avg(nullif(grid_position, 0)) filter (where is_started) as average_grid_position,
    -- A sum without any value is null: no qualifying with a team-mate is known, which is not a draw of 0 to 0.
    sum(cast(is_ahead_in_qualifying as integer)) as qualifying_ahead_count,
    sum(cast(not is_ahead_in_qualifying as integer)) as qualifying_behind_count,
    count(*) filter (where is_ahead_in_race) as race_ahead_count,
    count(*) filter (where not is_ahead_in_race) as race_behind_count,
    median(team_mate_qualifying_delta_pct) as median_team_mate_qualifying_delta_pct,
from {{ ref('int_driver_weekends__described') }}
group by season, driver_key
