-- What counts and what was scored differ where rules drop scores, count one car a team, or exclude somebody.
with official as (
    select
        standings.*,
        rounds.round_sequence,
        rounds.missing_results_count,
        coalesce(standings.driver_key, standings.team_key) as competitor_key,
        standings.weekend_key = max(standings.weekend_key) over (partition by standings.season) as is_latest,
    from {{ ref('stg_curated__standings') }} as standings
    left join {{ ref('int_rounds__counted') }} as rounds on standings.weekend_key = rounds.weekend_key
),

scored as (
    select
        official.weekend_key,
        official.championship,
        official.competitor_key,
        sum(points.points) as points,
    from official
    inner join {{ ref('int_rounds__counted') }} as rounds
        on official.season = rounds.season and official.round_sequence >= rounds.round_sequence
    inner join {{ ref('int_points__scored') }} as points
        on
            rounds.weekend_key = points.weekend_key
            and official.championship = points.championship
            and official.competitor_key = points.competitor_key
    group by all
),

compared as (
    select
        official.*,
        case when official.missing_results_count = 0 then round(coalesce(scored.points, 0), 6) end as points_sum,
        case
            when official.round_sequence = 1 then official.points
            when earlier.round_sequence is not null
                then round(official.points - coalesce(before.points, 0), 6)
        end as points_gained,
    from official
    left join scored using (weekend_key, championship, competitor_key)
    left join (select distinct season, championship, round_sequence from official) as earlier
        on
            official.season = earlier.season
            and official.championship = earlier.championship
            and official.round_sequence = earlier.round_sequence + 1
    left join official as before
        on
            official.season = before.season
            and official.championship = before.championship
            and official.competitor_key = before.competitor_key
            and official.round_sequence = before.round_sequence + 1
)

select
    * exclude (round_sequence, missing_results_count, competitor_key),
    round(points_sum - points, 6) as points_not_counted,
from compared
