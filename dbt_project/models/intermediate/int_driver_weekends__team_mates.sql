{{ config(materialized='ephemeral') }}
-- The team-mate of the weekend: the one of the race, else of the sprint, qualifying or sprint qualifying.
select
    weekend_key,
    driver_key,
    arg_min(team_mate_driver_key, session_preference) as team_mate_driver_key,
    any_value(qualifying_delta_ms) filter (where session_code = 'Q') as qualifying_delta_ms,
    any_value(qualifying_delta_pct) filter (where session_code = 'Q') as qualifying_delta_pct,
    any_value(is_ahead_in_qualifying) filter (where session_code = 'Q') as is_ahead_in_qualifying,
    any_value(is_ahead_in_race) filter (where session_code = 'R') as is_ahead_in_race,
    any_value(is_ahead_in_race) filter (where session_code = 'S') as is_ahead_in_sprint,
from {{ ref('int_entries__against_team_mate') }}
group by weekend_key, driver_key
