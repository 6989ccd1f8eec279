-- A driver's best entry in a session: after a change of cars (shared drives to 1978) one driver has several.
-- Points are those of all entries, and so is the first place of the grid: whoever started there and took over
-- another car was on pole.
with entries as (
    select
        *,
        count(*) over driver_entries as entries_count,
        sum(points) over driver_entries as all_points,
        coalesce(bool_or(grid_position = 1) over driver_entries, false) as is_first_on_grid,
        row_number() over (partition by session_key, driver_key order by result_order) as entry_number,
        array_position(['R', 'S', 'Q', 'SQ'], session_code) as session_preference,
    from {{ ref('int_results__described') }}
    window driver_entries as (partition by session_key, driver_key)
)

select
    * exclude (points, all_points, entry_number),
    all_points as points,
from entries
where entry_number = 1
