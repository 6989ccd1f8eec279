with weekends as (
    select * from {{ ref('stg_curated__weekends') }}
),

held as (
    select
        weekend_key,
        count(*) as sessions_count,
        count(*) filter (where has_timing) as timed_sessions_count,
        bool_or(has_official_result and session_code = 'R') as has_official_result,
    from {{ ref('stg_curated__sessions') }}
    group by weekend_key
)

select
    weekends.weekend_key,
    weekends.season,
    weekends.circuit_key,
    weekends.round_number,
    weekends.is_test,
    weekends.event_name,
    weekends.official_event_name,
    weekends.country,
    weekends.location,
    weekends.event_format,
    weekends.event_format like 'sprint%' as is_sprint_weekend,
    weekends.scheduled_date,
    weekends.meeting_id_f1,
    weekends.round_id_jolpica,
    cast(coalesce(held.sessions_count, 0) as integer) as sessions_count,
    cast(coalesce(held.timed_sessions_count, 0) as integer) as timed_sessions_count,
    coalesce(held.has_official_result, false) as has_official_result,
from weekends
left join held on weekends.weekend_key = held.weekend_key
