{{ config(materialized='ephemeral') }}
-- Each driver beside the only other driver of the team in the session (metrics C5). Teams with one driver, or
-- with more than two, have no pair.
with entries as (
    select * from {{ ref('int_entries__best') }}
    where team_key is not null
),

pairs as (
    select
        own.season,
        own.weekend_key,
        own.session_code,
        own.session_preference,
        own.driver_key,
        mate.driver_key as team_mate_driver_key,
        own.is_classified and mate.is_classified as is_both_classified,
        own.position < mate.position as is_position_ahead,
        -- The last segment that both have a time in.
        case
            when own.q3_ms is not null and mate.q3_ms is not null then [own.q3_ms, mate.q3_ms]
            when own.q2_ms is not null and mate.q2_ms is not null then [own.q2_ms, mate.q2_ms]
            when own.q1_ms is not null and mate.q1_ms is not null then [own.q1_ms, mate.q1_ms]
        end as common_segment_ms,
    from entries as own
    inner join entries as mate
        on
            own.session_key = mate.session_key
            and own.team_key = mate.team_key
            and own.driver_key <> mate.driver_key
    qualify count(*) over (partition by own.session_key, own.driver_key) = 1
)

select
    * exclude (is_both_classified, is_position_ahead, common_segment_ms),
    common_segment_ms[1] - common_segment_ms[2] as qualifying_delta_ms,
    (common_segment_ms[1] - common_segment_ms[2]) / common_segment_ms[2] * 100 as qualifying_delta_pct,
    common_segment_ms[1] < common_segment_ms[2] as is_ahead_in_qualifying,
    case when is_both_classified then is_position_ahead end as is_ahead_in_race,
from pairs
