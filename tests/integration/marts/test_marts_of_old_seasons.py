"""Standings and drivers' weekends of old seasons, from the real documents to the marts.

Only the best results of a season counted, drivers shared and changed cars, and there is no qualifying.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lake.dbt_build import build_marts
from lake.tables.registry import ALL_TABLES
from racing.identities import resolve_drivers
from racing.keys import session_key, weekend_key
from racing.results import classify_entries
from racing.sessions import describe_sessions
from racing.standings import describe_standings
from racing.weekends import match_weekends
from sources.calendar_documents import SCHEDULE_SCHEMA
from sources.documents import FIRST_PAGE
from sources.jolpica_documents import fetch_pages
from sources.jolpica_rows import read_calendar, read_qualifying_results, read_results, read_sprint_results
from sources.jolpica_season_rows import read_constructor_standings, read_driver_standings
from sources.open_source import Source, open_source
from sources.responses import JOLPICA_URL, Response
from sources.seasons import not_kept_reason

ROUNDS = {1956: range(1, 9), 1988: range(1, 17), 2021: range(10, 11)}
"""Rounds of a season that are read: all of the old ones, and a sprint of 2021."""

Rows = list[dict[str, Any]]
Marts = dict[str, pl.DataFrame]


def empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(ALL_TABLES[table].arrow_schema.empty_table()))


def pages(source: Source, address: str) -> Sequence[Response]:
    """Return the pages of a document, whichever way its first one was asked for; none that is not kept."""
    if not_kept_reason(address.rpartition("/")[2], int(address[:4])):
        return []
    for query in ("", FIRST_PAGE):
        found = fetch_pages(f"{JOLPICA_URL}/{address}.json{query}", source.get).pages
        if found and found[0].is_found:
            return found
    return []


def weekend_rows(source: Source, weekend: str, address: str) -> dict[str, list[pl.DataFrame]]:
    """Return the curated identities, results and standings of a weekend without live timing."""
    official = {
        code: read(pages(source, f"{address}/{topic}"), session_key(weekend, code))
        for code, topic, read in (
            ("R", "results", read_results),
            ("S", "sprint", read_sprint_results),
            ("Q", "qualifying", read_qualifying_results),
        )
    }
    keys = [session_key(weekend, code) for code, entries in official.items() if not entries.is_empty()]
    untimed = (empty("processed.fastf1__session_drivers"), empty("processed.fastf1__laps"))
    identities = [resolve_drivers(*untimed, *official.values(), session_key=key) for key in keys]
    classified = partial(classify_entries, *official.values())
    none = pl.DataFrame()
    return {
        "curated.driver_identities": identities,
        "curated.results": [
            classified(drivers, none, none, session_key=key)
            for key, drivers in zip(keys, identities, strict=True)
        ],
        "curated.standings": [
            describe_standings(
                read_driver_standings(pages(source, f"{address}/driverstandings"), weekend),
                read_constructor_standings(pages(source, f"{address}/constructorstandings"), weekend),
            )
        ],
    }


def season_rows(source: Source, season: int) -> dict[str, Rows]:
    """Return the curated rows of a season's rounds."""
    calendar = read_calendar(pages(source, f"{season}/races"), season)
    no_sessions, no_keys = (
        empty("processed.fastf1__sessions"),
        pl.DataFrame(schema={"session_key": pl.String}),
    )
    schedule = pl.DataFrame(schema=SCHEDULE_SCHEMA)
    weekends = match_weekends(schedule, calendar, no_sessions).filter(
        pl.col("round_number").is_in(ROUNDS[season])
    )
    found: dict[str, list[pl.DataFrame]] = {"curated.weekends": [weekends]}
    for number in ROUNDS[season]:
        rows = weekend_rows(source, weekend_key(season, number), f"{season}/{number}")
        found = {name: [*found.get(name, []), *rows.get(name, [])] for name in {**found, **rows}}
    found["curated.sessions"] = [
        describe_sessions(
            weekends=weekends,
            schedule=schedule,
            jolpica_calendar=calendar,
            timing_sessions=no_sessions,
            laps=no_keys,
            car_telemetry=no_keys,
            results=pl.concat(found["curated.results"]),
            sprint_results=no_keys,
            qualifying_results=no_keys,
        )
    ]
    return {name: pl.concat(frames).to_dicts() for name, frames in found.items()}


@pytest.fixture(scope="module")
def marts(test_data: Path, dbt_home: Path, empty_lake: Any) -> Marts:
    """Standings and drivers' weekends of all rounds."""
    source = open_source(f"mirror:{test_data / 'mirror'}")
    rows = empty_lake.rows
    for season in ROUNDS:
        for name, found in season_rows(source, season).items():
            rows[name] += found
    keys = [row["weekend_key"] for row in rows["curated.weekends"]]
    names = ["marts.fct_standing", "marts.fct_driver_weekend"]
    build = build_marts(empty_lake, keys, workdir=dbt_home, select=names)
    return {name: pl.DataFrame(pl.from_arrow(build.tables[name])) for name in names}


@pytest.fixture(scope="module")
def standings(marts: Marts) -> pl.DataFrame:
    return marts["marts.fct_standing"]


@pytest.fixture(scope="module")
def driver_weekends(marts: Marts) -> pl.DataFrame:
    return marts["marts.fct_driver_weekend"]


def final(standings: pl.DataFrame, season: int, championship: str) -> Rows:
    rows = standings.filter("is_latest", pl.col("season") == season, pl.col("championship") == championship)
    return rows.sort("standing_order").to_dicts()


def test_champion_of_1988_scored_less_than_the_second(standings: pl.DataFrame) -> None:
    first, second = final(standings, 1988, "drivers")[:2]
    names = ("driver_key", "points", "points_sum", "points_not_counted")
    assert [tuple(row[name] for name in names) for row in (first, second)] == [
        ("senna", 90.0, 94.0, 4.0),
        ("prost", 87.0, 105.0, 18.0),
    ]


def test_points_of_a_round_fall_short_once_scores_are_dropped(standings: pl.DataFrame) -> None:
    prost = standings.filter(pl.col("season") == 1988, pl.col("driver_key") == "prost").sort("weekend_key")
    gained, scored = prost["points_gained"], prost["points_sum"].diff().fill_null(prost["points_sum"][0])
    assert (gained <= scored).all()
    # Eleven results counted: to the eleventh everything, later only what is better than the worst of them.
    assert gained[:11].to_list() == scored[:11].to_list()
    assert gained[11:].sum() == scored[11:].sum() - 18.0


def test_shared_drives_count_with_their_share_among_the_dropped_scores(standings: pl.DataFrame) -> None:
    first, second = final(standings, 1956, "drivers")[:2]
    assert [(row["driver_key"], row["points"]) for row in (first, second)] == [
        ("fangio", 30.0),
        ("moss", 27.0),
    ]
    assert first["points_sum"] > first["points"]


def test_constructors_have_a_championship_only_from_1958_on(standings: pl.DataFrame) -> None:
    assert final(standings, 1956, "constructors") == []
    mclaren = final(standings, 1988, "constructors")[0]
    assert (mclaren["team_key"], mclaren["points"], mclaren["points_not_counted"]) == ("mclaren", 199.0, 0.0)


def of_driver(driver_weekends: pl.DataFrame, weekend: str, driver: str, *names: str) -> tuple[Any, ...]:
    rows = driver_weekends.filter(pl.col("weekend_key") == weekend, pl.col("driver_key") == driver)
    (row,) = rows.select(names).rows()
    return row


def on_pole(driver_weekends: pl.DataFrame, season: int) -> dict[str, list[str]]:
    """Return the weekends in which each driver was on pole."""
    poles = driver_weekends.filter("is_pole", pl.col("season") == season).sort("weekend_key")
    return dict(poles.group_by("driver_key", maintain_order=True).agg("weekend_key").iter_rows())


def test_driver_of_two_cars_has_the_better_place_and_the_points_of_both(
    driver_weekends: pl.DataFrame,
) -> None:
    names = ("race_entries_count", "finish_position", "points")
    # Monaco 1956: half of the second place with the car of Collins, half of the fourth with his own, and the
    # point of the fastest lap.
    assert of_driver(driver_weekends, "1956-02", "fangio", *names) == (2, 2, 3 + 1.5 + 1)
    # In Argentina his own car had retired when he took over the one that won.
    assert of_driver(driver_weekends, "1956-01", "fangio", *names) == (2, 1, 5.0)


def test_pole_without_a_qualifying_is_the_first_place_of_the_grid(driver_weekends: pl.DataFrame) -> None:
    assert driver_weekends.filter(pl.col("season") < 1994)["qualifying_position"].null_count() > 500
    poles = on_pole(driver_weekends, 1988)
    assert {driver: len(weekends) for driver, weekends in poles.items()} == {
        "senna": 13,
        "prost": 2,
        "berger": 1,
    }


def test_pole_is_kept_by_who_changes_to_another_car(driver_weekends: pl.DataFrame) -> None:
    poles = on_pole(driver_weekends, 1956)
    assert poles["fangio"] == [f"1956-0{number}" for number in (1, 2, 4, 5, 7, 8)]
    assert (poles["flaherty"], poles["moss"]) == (["1956-03"], ["1956-06"])
    assert of_driver(driver_weekends, "1956-01", "fangio", "grid_position") == (3,)
    # Castellotti took over the car that Fangio had started with: no document says who of them was on pole.
    assert poles["castellotti"] == ["1956-02", "1956-08"]


def test_pole_of_a_sprint_weekend_is_the_first_in_qualifying(driver_weekends: pl.DataFrame) -> None:
    assert on_pole(driver_weekends, 2021) == {"hamilton": ["2021-10"]}
    # Whoever won the sprint of 2021 started the race first.
    names = ("qualifying_position", "sprint_position", "grid_position", "sprint_points")
    assert of_driver(driver_weekends, "2021-10", "max_verstappen", *names) == (2, 1, 1, 3.0)
