with sessions as (
    select * from {{ ref('int_sessions__described') }}
)

select
    session_key,
    season,
    weekend_key,
    circuit_key,
    session_code,
    session_type,
    session_number,
    session_name,
    gmt_offset,
    session_id_f1,
    has_timing,
    has_telemetry,
    has_official_result,
    scheduled_laps_count,
    date_diff('millisecond', started_at, ended_at) as duration_ms,
    scheduled_date,
    scheduled_start_at,
    started_at,
    ended_at,
from sessions
