-- Laps of the seasons in scope, less what the modelled fuel in the middle of the lap costs (metrics C1).
with laps as (
    select * from {{ ref('stg_curated__laps') }}
    where season in (select scope.season from {{ ref('stg_scope__weekends') }} as scope)
),

weighed as (
    select
        laps.*,
        fuel.fuel_effect_s_per_kg,
        fuel.fuel_start_mass_kg
        * greatest(1 - (laps.lap_number - 0.5) / fuel.planned_laps_count, 0) as fuel_mass_kg,
    from laps
    left join {{ ref('int_sessions__fuel') }} as fuel on laps.session_key = fuel.session_key
)

select
    *,
    lap_time_ms / 1000.0 - fuel_effect_s_per_kg * fuel_mass_kg as fuel_corrected_lap_time_s,
from weighed
