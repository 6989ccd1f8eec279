-- Who sat in which car in a session; seen_order is unique and grows with time, so that the newest
-- value of an attribute does not depend on the order of the rows.
select
    identities.*,
    format(
        '{:08d} {} {}', coalesce(sessions.session_sequence, 0), identities.car_number, identities.driver_key
    ) as seen_order,
from {{ ref('stg_curated__driver_identities') }} as identities
left join {{ ref('int_sessions__described') }} as sessions
    on identities.session_key = sessions.session_key
