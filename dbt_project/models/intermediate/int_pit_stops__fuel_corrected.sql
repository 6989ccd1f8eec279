-- Stops of the weekends in scope, and what each cost once the burning of fuel is taken out of it (metrics C12):
-- in-lap and out-lap less twice the median clean lap within three laps before and after, all as of an empty car.
-- The loss as timed knows in-laps and out-laps without a lap time, so it is corrected, not worked out anew.
with stops as (
    select * from {{ ref('stg_curated__pit_stops') }}
    where weekend_key in (select scope.weekend_key from {{ ref('stg_scope__weekends') }} as scope)
),

laps as (
    select
        *,
        fuel_effect_s_per_kg * fuel_mass_kg as fuel_cost_s,
    from {{ ref('int_laps__fuel_corrected') }}
),

clean as (
    select
        stops.session_key,
        stops.car_number,
        stops.stop_number,
        median(laps.lap_time_ms) / 1000 as lap_time_s,
        median(laps.fuel_corrected_lap_time_s) as fuel_corrected_lap_time_s,
    from stops
    inner join laps
        on
            stops.session_key = laps.session_key
            and stops.car_number = laps.car_number
            and laps.lap_number between stops.lap_number - 3 and stops.lap_number + 4
    where laps.is_clean_race
    group by stops.session_key, stops.car_number, stops.stop_number
)

select
    stops.*,
    stops.pit_loss_ms / 1000
    - in_lap.fuel_cost_s
    - out_lap.fuel_cost_s
    + 2 * (clean.lap_time_s - clean.fuel_corrected_lap_time_s) as fuel_corrected_pit_loss_s,
from stops
left join clean
    on
        stops.session_key = clean.session_key
        and stops.car_number = clean.car_number
        and stops.stop_number = clean.stop_number
left join laps as in_lap
    on
        stops.session_key = in_lap.session_key
        and stops.car_number = in_lap.car_number
        and stops.lap_number = in_lap.lap_number
left join laps as out_lap
    on
        stops.session_key = out_lap.session_key
        and stops.car_number = out_lap.car_number
        and stops.lap_number + 1 = out_lap.lap_number
