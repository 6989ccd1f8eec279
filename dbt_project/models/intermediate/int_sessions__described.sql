-- Sessions with their type, their circuit and their place in time.
select
    sessions.*,
    weekends.circuit_key,
    case
        when sessions.session_code in ('R', 'S') then 'RACE'
        when sessions.session_code in ('Q', 'SQ') then 'QUALIFYING'
        when sessions.session_code like 'FP%' then 'PRACTICE'
        else 'TEST'
    end as session_type,
    -- Later sessions have greater numbers; a test comes before round 1.
    (sessions.season * 100 + coalesce(weekends.round_number, 0)) * 100 + sessions.session_number
        as session_sequence,
from {{ ref('stg_curated__sessions') }} as sessions
left join {{ ref('stg_curated__weekends') }} as weekends
    on sessions.weekend_key = weekends.weekend_key
