{{ config(materialized='ephemeral') }}
-- What there is of each season; zero where there is nothing.
with sessions as (
    select
        season,
        count(*) filter (where has_timing) as timed_sessions_count,
        count(*) filter (where has_telemetry) as telemetry_sessions_count,
        count(*) filter (where has_timing and session_code = 'R') as timed_races_count,
        count(*) filter (where has_official_result and session_code = 'R') as race_results_count,
        count(*) filter (where has_official_result and session_code = 'Q') as qualifying_results_count,
        count(*) filter (where has_official_result and session_code = 'S') as sprint_results_count,
    from {{ ref('stg_curated__sessions') }}
    group by season
),

laps as (
    select
        season,
        count(*) as laps_count,
        count(distinct session_key) filter (where lap_source = 'jolpica') as official_lap_races_count,
    from {{ ref('stg_curated__laps') }}
    group by season
),

stops as (
    select
        season,
        count(distinct session_key) filter (where session_key like '%-R') as pit_stop_races_count,
    from {{ ref('stg_curated__pit_stops') }}
    group by season
),

standings as (
    select
        season,
        count(distinct weekend_key) as standings_count,
    from {{ ref('stg_curated__standings') }}
    where championship = 'drivers'
    group by season
)

select
    sessions.*,
    coalesce(laps.laps_count, 0) as laps_count,
    coalesce(laps.official_lap_races_count, 0) as official_lap_races_count,
    coalesce(stops.pit_stop_races_count, 0) as pit_stop_races_count,
    coalesce(standings.standings_count, 0) as standings_count,
from sessions
left join laps on sessions.season = laps.season
left join stops on sessions.season = stops.season
left join standings on sessions.season = standings.season
