{{ config(materialized='ephemeral') }}
-- Passages of the pit lane in a driver's race, and those with a change of tyres. Waits under a red flag are left out.
with races as (
    select session_key from {{ ref('int_sessions__described') }}
    where session_code = 'R'
),

stops as (
    select
        *,
        -- Official documents do not say what was done. A car that did not come round again is no change of tyres.
        is_tyre_change is null and (stop_source = 'jolpica' or pit_out_session_time_ms is not null) as is_unknown,
    from {{ ref('stg_curated__pit_stops') }}
    where session_key in (select races.session_key from races) and is_under_red_flag is not true
)

select
    weekend_key,
    driver_key,
    count(*) as pit_stops_count,
    case when not bool_or(is_unknown) then count(*) filter (where is_tyre_change) end as tyre_changes_count,
from stops
group by weekend_key, driver_key
