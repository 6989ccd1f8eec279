{{ config(materialized='ephemeral') }}
-- Points of races and sprints, for the driver and for the constructor.
{% for championship, key in [('drivers', 'driver_key'), ('constructors', 'team_key')] -%}
    select
        '{{ championship }}' as championship,
        season,
        weekend_key,
        {{ key }} as competitor_key,
        sum(points) as points,
    from {{ ref('stg_curated__results') }}
    where points > 0 and {{ key }} is not null
    group by all
    {{ 'union all' if not loop.last }}
{% endfor %}
