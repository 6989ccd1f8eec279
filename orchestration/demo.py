"""What the demo tells of the invented race: podium, pole, fastest lap, and how much the lake holds.

Ingesting it is the same job as everywhere (``orchestration/backfills.py``); printing is
``orchestration/cli/demo_report.py``.
"""

from dataclasses import dataclass

from lake.lake import Lake

_PODIUM_SQL = """
select
    results.position,
    drivers.full_name,
    teams.team_name,
    results.grid_position,
    results.race_time_ms,
    results.gap_to_winner_ms
from marts.fct_session_result as results
left join marts.dim_driver as drivers on drivers.driver_key = results.driver_key
left join marts.dim_team as teams
    on teams.season = results.season and teams.team_key = results.team_key
where results.session_key = '{weekend_key}-R' and results.position <= 3
order by results.result_order
"""

_POLE_SQL = """
select drivers.full_name, results.qualifying_time_ms as time_ms, cast(null as integer) as lap_number
from marts.fct_session_result as results
left join marts.dim_driver as drivers on drivers.driver_key = results.driver_key
where results.session_key = '{weekend_key}-Q' and results.position = 1
"""

_FASTEST_SQL = """
select drivers.full_name, results.fastest_lap_time_ms as time_ms, results.fastest_lap_number as lap_number
from marts.fct_session_result as results
left join marts.dim_driver as drivers on drivers.driver_key = results.driver_key
where results.session_key = '{weekend_key}-R' and results.fastest_lap_time_ms is not null
order by results.fastest_lap_time_ms
limit 1
"""


@dataclass(frozen=True)
class PodiumPlace:
    """One of the first three.

    Attributes:
        position: 1 to 3.
        full_name: Driver; null where no source names the driver.
        team_name: Team, likewise.
        grid_position: Place on the grid; 0 for the pit lane, null where unknown.
        race_time_ms: Race time. Milliseconds; null where unknown.
        gap_to_winner_ms: Time behind the winner. Milliseconds; null where unknown.
    """

    position: int
    full_name: str | None
    team_name: str | None
    grid_position: int | None
    race_time_ms: int | None
    gap_to_winner_ms: int | None


@dataclass(frozen=True)
class BestLap:
    """A lap worth naming.

    Attributes:
        full_name: Driver; null where no source names the driver.
        time_ms: Lap time. Milliseconds; null where the result has none.
        lap_number: Lap of the race; null for qualifying.
    """

    full_name: str | None
    time_ms: int | None
    lap_number: int | None


@dataclass(frozen=True)
class RaceFacts:
    """A race in a few words.

    Attributes:
        podium: The first three, in order.
        pole: Best of qualifying; null where there is none.
        fastest_lap: Fastest lap of the race; null where no time is known.
        table_count: Tables of the lake that hold rows.
        row_count: Rows in them.
    """

    podium: tuple[PodiumPlace, ...]
    pole: BestLap | None
    fastest_lap: BestLap | None
    table_count: int
    row_count: int


def race_facts(lake: Lake, weekend_key: str) -> RaceFacts:
    """Return what there is to say about the race of a weekend.

    Args:
        lake: The lake.
        weekend_key: The weekend; ingested down to the marts.
    """
    podium = lake.query(_PODIUM_SQL.format(weekend_key=weekend_key)).to_pylist()
    counts = [state.row_count for state in lake.tables() if state.row_count]
    return RaceFacts(
        podium=tuple(PodiumPlace(**row) for row in podium),
        pole=_best_lap(lake, _POLE_SQL.format(weekend_key=weekend_key)),
        fastest_lap=_best_lap(lake, _FASTEST_SQL.format(weekend_key=weekend_key)),
        table_count=len(counts),
        row_count=sum(counts),
    )


def _best_lap(lake: Lake, sql: str) -> BestLap | None:
    rows = lake.query(sql).to_pylist()
    return BestLap(**rows[0]) if rows else None
