-- arg_max passes over rows in which the value is null.
with seen as (
    select * from {{ ref('int_drivers__seen') }}
    where team_key is not null
)

select
    season,
    team_key,
    arg_max(team_name, seen_order) as team_name,
    arg_max(constructor_id_jolpica, seen_order) as constructor_id_jolpica,
    arg_max(team_colour, seen_order) as team_colour,
    cast(count(distinct driver_key) as integer) as drivers_count,
from seen
group by season, team_key
