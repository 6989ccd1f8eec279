"""Seasons in which only the best results counted, from the real documents to the marts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lake.dbt_build import build_marts
from racing.keys import session_key, weekend_key
from racing.results import classify_entries
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

SEASONS = (1956, 1988)
NAMES = ("session_key", "weekend_key", "car_number", "driver_key", "team_key", "driver_code")
NO_IDENTITIES = pl.DataFrame(schema=dict.fromkeys(NAMES, pl.String))
NO_SESSIONS = pl.DataFrame(
    schema={
        "weekend_key": pl.String,
        "session_key": pl.String,
        "meeting_id_f1": pl.Int32,
        "official_event_name": pl.String,
    }
)

Rows = list[dict[str, Any]]


def pages(source: Source, address: str) -> Sequence[Response]:
    """Return the pages of a document, whichever way its first one was asked for; none that is not kept."""
    if not_kept_reason(address.rpartition("/")[2], int(address[:4])):
        return []
    for query in ("", FIRST_PAGE):
        found = fetch_pages(f"{JOLPICA_URL}/{address}.json{query}", source.get).pages
        if found and found[0].is_found:
            return found
    return []


def season_rows(source: Source, season: int) -> dict[str, Rows]:
    """Return the curated weekends, results and standings of a season without live timing."""
    calendar = read_calendar(pages(source, f"{season}/races"), season)
    weekends = match_weekends(pl.DataFrame(schema=SCHEDULE_SCHEMA), calendar, NO_SESSIONS)
    results, standings = [], []
    for number in calendar["round_id_jolpica"]:
        weekend, address = weekend_key(season, number), f"{season}/{number}"
        key = session_key(weekend, "R")
        results.append(
            classify_entries(
                read_results(pages(source, f"{address}/results"), key),
                read_sprint_results([], key),
                read_qualifying_results([], key),
                NO_IDENTITIES,
                pl.DataFrame(),
                pl.DataFrame(),
                session_key=key,
            )
        )
        standings.append(
            describe_standings(
                read_driver_standings(pages(source, f"{address}/driverstandings"), weekend),
                read_constructor_standings(pages(source, f"{address}/constructorstandings"), weekend),
            )
        )
    return {
        "curated.weekends": weekends.to_dicts(),
        "curated.results": pl.concat(results).to_dicts(),
        "curated.standings": pl.concat(standings).to_dicts(),
    }


@pytest.fixture(scope="module")
def standings(test_data: Path, dbt_home: Path, empty_lake: Any) -> pl.DataFrame:
    """``marts.fct_standing`` of both seasons."""
    source = open_source(f"mirror:{test_data / 'mirror'}")
    rows = empty_lake.rows
    for season in SEASONS:
        for name, found in season_rows(source, season).items():
            rows[name] += found
    keys = [row["weekend_key"] for row in rows["curated.weekends"]]
    build = build_marts(empty_lake, keys, workdir=dbt_home, select=["marts.fct_standing"])
    return pl.DataFrame(pl.from_arrow(build.tables["marts.fct_standing"]))


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
