-- Fuel at the start of each race and sprint, what it costs, and the laps it is spread over (metrics C1).
-- A sprint starts with a third of a race's fuel, as its distance is a third.
with sessions as (
    select * from {{ ref('int_sessions__described') }}
    where
        session_type = 'RACE'
        and season in (select scope.season from {{ ref('stg_scope__weekends') }} as scope)
),

laps_run as (
    select
        session_key,
        max(lap_number) as most_laps_count,
    from {{ ref('stg_curated__laps') }}
    where is_lap_counted
    group by session_key
),

effects as (
    select * from {{ ref('fuel_effects') }}
)

select
    sessions.session_key,
    loads.race_start_mass_kg / (case sessions.session_code when 'S' then 3 else 1 end) as fuel_start_mass_kg,
    coalesce(effects.effect_s_per_kg, usual.effect_s_per_kg) as fuel_effect_s_per_kg,
    coalesce(sessions.scheduled_laps_count, laps_run.most_laps_count) as planned_laps_count,
from sessions
inner join {{ ref('fuel_loads') }} as loads
    on sessions.season between loads.first_season and coalesce(loads.last_season, sessions.season)
inner join effects as usual on usual.circuit_key = 'default'
left join effects on sessions.circuit_key = effects.circuit_key
left join laps_run on sessions.session_key = laps_run.session_key
