{{ config(materialized='ephemeral') }}
{%- set fewest_laps = 5 %}
-- Line through the fuel-corrected clean laps of a stint. The first two laps of a stint (out-lap or standing
-- start, then a lap on cold tyres) are left out, and nothing is said of a stint with fewer than five others.
-- Rounded to a microsecond: the last bits of a fit hang on the order of the rows.
-- Source: metrics C1, C2 and C11.
with fitted as (
    select
        session_key,
        car_number,
        stint_number,
        count(fuel_corrected_lap_time_s) as fitted_laps_count,
        median(fuel_corrected_lap_time_s) as pace_s,
        regr_slope(fuel_corrected_lap_time_s, lap_number) as slope_s_per_lap,
        regr_sxx(fuel_corrected_lap_time_s, lap_number) as sxx,
        regr_syy(fuel_corrected_lap_time_s, lap_number) as syy,
    from {{ ref('int_laps__fuel_corrected') }}
    where is_clean_race and stint_lap_number > 2
    group by session_key, car_number, stint_number
)

select
    session_key,
    car_number,
    stint_number,
    fitted_laps_count,
    case when fitted_laps_count >= {{ fewest_laps }} then pace_s end as pace_s,
    case when fitted_laps_count >= {{ fewest_laps }} then round(slope_s_per_lap, 6) end as slope_s_per_lap,
    case
        when fitted_laps_count >= {{ fewest_laps }}
            then round(sqrt(greatest(syy - slope_s_per_lap ^ 2 * sxx, 0) / (fitted_laps_count - 2) / sxx), 6)
    end as slope_error_s_per_lap,
from fitted
