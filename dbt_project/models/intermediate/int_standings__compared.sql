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

listed as (
    select distinct
        season,
        championship,
        round_sequence,
    from official
),

scored as (
    select
        official.weekend_key,
        official.championship,
        official.competitor_key,
        round(sum(points.points), 6) as points_scored,
    from official
    inner join {{ ref('int_rounds__counted') }} as rounds
        on official.season = rounds.season and official.round_sequence >= rounds.round_sequence
    inner join {{ ref('int_points__scored') }} as points
        on
            rounds.weekend_key = points.weekend_key
            and official.championship = points.championship
            and official.competitor_key = points.competitor_key
    group by all
)

select
    standing.*,
    case when standing.missing_results_count = 0 then coalesce(scored.points_scored, 0) end as points_sum,
    round(points_sum - standing.points, 6) as points_not_counted,
    case
        when standing.round_sequence = 1 then standing.points
        when listed.round_sequence is not null then round(standing.points - coalesce(earlier.points, 0), 6)
    end as points_gained,
from official as standing
left join scored using (weekend_key, championship, competitor_key)
left join listed
    on
        standing.season = listed.season
        and standing.championship = listed.championship
        and standing.round_sequence = listed.round_sequence + 1
left join official as earlier
    on
        standing.season = earlier.season
        and standing.championship = earlier.championship
        and standing.competitor_key = earlier.competitor_key
        and standing.round_sequence = earlier.round_sequence + 1
