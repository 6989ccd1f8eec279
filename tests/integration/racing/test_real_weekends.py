"""Both calendars of every season: all weekends find each other, whatever their numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from racing.weekends import jolpica_round_of, match_weekends, rounds_without_weekend
from sources.calendar_documents import SCHEDULE_SCHEMA, read_schedule, schedule_url
from sources.jolpica_rows import read_calendar
from sources.open_source import Source, open_source
from sources.responses import JOLPICA_URL

TIMING = pl.DataFrame(
    schema={
        "weekend_key": pl.String,
        "session_key": pl.String,
        "meeting_id_f1": pl.Int32,
        "official_event_name": pl.String,
    }
)
Calendars = Callable[[int], tuple[pl.DataFrame, pl.DataFrame]]


@pytest.fixture(scope="module")
def calendars(test_data: Path) -> Calendars:
    """Return a function that reads both calendars of a season; the F1 calendar is empty before 2018."""
    source = open_source(f"mirror:{test_data / 'mirror'}")

    @cache
    def read(season: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        schedule = source.get(schedule_url(season))
        announced = read_schedule(schedule, season) if schedule else pl.DataFrame(schema=SCHEDULE_SCHEMA)
        return announced, _jolpica(source, season)

    return read


def _jolpica(source: Source, season: int) -> pl.DataFrame:
    for address in (f"{JOLPICA_URL}/{season}/races.json", f"{JOLPICA_URL}/{season}.json"):
        document = source.get(address)
        if document is not None:
            return read_calendar([document], season)
    pytest.fail(f"the mirror has no calendar of {season}")


@pytest.mark.parametrize("season", range(2018, 2027))
def test_every_announced_weekend_finds_its_round(calendars: Calendars, season: int) -> None:
    schedule, jolpica = calendars(season)
    weekends = match_weekends(schedule, jolpica, TIMING)
    races = weekends.filter(~pl.col("is_test"))
    assert races.height == schedule["round_number"].n_unique() - schedule["round_number"].has_nulls()
    assert races["round_id_jolpica"].null_count() == 0
    assert races["round_id_jolpica"].n_unique() == races.height
    assert races["weekend_key"].n_unique() == races.height
    moved = races.filter(pl.col("matched_by") != "date_and_circuit")
    assert moved["weekend_key"].to_list() == (["2026-16"] if season == 2026 else [])
    elsewhere = races.filter(pl.col("circuit_name").is_null())
    assert elsewhere["weekend_key"].to_list() == (["2026-16"] if season == 2026 else [])
    left = rounds_without_weekend(weekends, jolpica)["race_name"].to_list()
    assert left == (["Saudi Arabian Grand Prix"] if season == 2026 else [])


def test_miami_and_bahrain_2026_resolve_to_their_own_rounds(calendars: Calendars) -> None:
    schedule, jolpica = calendars(2026)
    weekends = match_weekends(schedule, jolpica, TIMING)
    by_key = {row["weekend_key"]: row for row in weekends.to_dicts()}
    assert by_key["2026-04"]["event_name"] == "Miami Grand Prix"
    assert jolpica_round_of(weekends, "2026-04") == 6
    bahrain = by_key["2026-16"]
    assert (bahrain["event_name"], bahrain["location"]) == ("Bahrain Grand Prix", "Kuala Lumpur")
    assert (jolpica_round_of(weekends, "2026-16"), bahrain["matched_by"]) == (4, "circuit")
    # Announced at UTC+08:00 and officially "in Malaysia": not at the circuit that Jolpica still names.
    assert (bahrain["circuit_key"], bahrain["circuit_locality"]) == ("kuala_lumpur", "Kuala Lumpur")
    assert "2026-04-12" in bahrain["match_note"]
    assert "Kuala Lumpur" in bahrain["match_note"]


def test_two_races_at_one_circuit_keep_their_dates(calendars: Calendars) -> None:
    schedule, jolpica = calendars(2020)
    weekends = match_weekends(schedule, jolpica, TIMING)
    dates = dict(jolpica.select("round_id_jolpica", "race_date").rows())
    for circuit, names in {
        "red_bull_ring": ["Austrian Grand Prix", "Styrian Grand Prix"],
        "silverstone": ["British Grand Prix", "70th Anniversary Grand Prix"],
        "bahrain": ["Bahrain Grand Prix", "Sakhir Grand Prix"],
    }.items():
        races = weekends.filter(pl.col("circuit_key") == circuit, ~pl.col("is_test")).sort("weekend_key")
        assert races["event_name"].to_list() == names
        assert races["scheduled_date"].to_list() == [dates[number] for number in races["round_id_jolpica"]]


def test_date_of_las_vegas_is_local(calendars: Calendars) -> None:
    weekends = match_weekends(*calendars(2025), TIMING)
    vegas = weekends.filter(pl.col("circuit_key") == "vegas").row(0, named=True)
    assert vegas["scheduled_date"] == dt.date(2025, 11, 22)
    assert "local date and UTC" in vegas["match_note"]


def test_tests_are_at_the_circuit_of_their_town(calendars: Calendars) -> None:
    circuits = {
        row["weekend_key"]: row["circuit_key"]
        for season in (2020, 2022, 2026)
        for row in match_weekends(*calendars(season), TIMING).filter(pl.col("is_test")).to_dicts()
    }
    assert circuits == {
        "2020-T1": "catalunya",
        "2020-T2": "catalunya",
        "2022-T1": "catalunya",
        "2022-T2": "bahrain",
        "2026-T1": "bahrain",
        "2026-T2": "bahrain",
    }


@pytest.mark.parametrize("decade", range(1950, 2018, 10))
def test_seasons_without_an_f1_calendar_have_jolpicas_rounds(calendars: Calendars, decade: int) -> None:
    for season in range(decade, min(decade + 10, 2018)):
        schedule, jolpica = calendars(season)
        weekends = match_weekends(schedule, jolpica, TIMING)
        assert weekends["round_number"].to_list() == jolpica["round_id_jolpica"].to_list()
        assert weekends["matched_by"].unique().to_list() == ["jolpica_only"]
