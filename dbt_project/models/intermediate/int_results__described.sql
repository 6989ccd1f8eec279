{%- set not_started = "('Did not start', 'Did not qualify', 'Did not prequalify', 'Withdrew', 'Excluded')" %}
-- Entries of the seasons in scope, with what follows from the result of their session.
with results as (
    select
        results.*,
        sessions.session_code,
        sessions.session_type = 'RACE' as is_race,
        coalesce(results.q3_ms, results.q2_ms, results.q1_ms) as qualifying_time_ms,
        -- A start from the pit lane is behind the last place on the grid.
        coalesce(
            nullif(results.grid_position, 0),
            max(results.grid_position) over (partition by results.session_key) + 1
        ) as start_position,
    from {{ ref('stg_curated__results') }} as results
    inner join {{ ref('int_sessions__described') }} as sessions on results.session_key = sessions.session_key
    where results.season in (select scope.season from {{ ref('stg_scope__weekends') }} as scope)
),

started as (
    select
        *,
        case
            when not is_race then null
            when laps_completed > 0 then true
            when position_text in ('W', 'F', 'E') then false
            else coalesce(status not in {{ not_started }}, true)
        end as is_started,
        max(qualifying_time_ms) filter (where position = 1) over (partition by session_key) as pole_time_ms,
    from results
)

select
    * exclude (is_race, start_position, pole_time_ms),
    case
        when is_race then is_started and not is_classified and coalesce(position_text not in ('D', 'E'), true)
    end as is_dnf,
    case when is_started and grid_position is not null then start_position - position end
        as positions_gained_count,
    case
        when q3_ms is not null then 3
        when q2_ms is not null then 2
        when q1_ms is not null then 1
    end as segment_reached_number,
    qualifying_time_ms - pole_time_ms as delta_to_pole_ms,
    (qualifying_time_ms - pole_time_ms) / pole_time_ms * 100 as delta_to_pole_pct,
from started
