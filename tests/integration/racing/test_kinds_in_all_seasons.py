"""Kinds of weekends over all seasons of real calendars and official documents: sessions, entries, points.

A weekend of each kind in a lake is in ``test_kinds_of_weekends.py``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

import orjson
import polars as pl
import pytest

from assets.raw.requests import request_rows
from racing.keys import session_key, weekend_key
from racing.results import classify_entries
from racing.sessions import describe_sessions
from racing.standings import describe_standings
from racing.weekends import match_weekends
from sources.calendar_documents import CalendarWeekend, find_weekend, read_schedule, schedule_url, weekends_of
from sources.documents import FIRST_PAGE, session_paths
from sources.fetch import fetch_weekend
from sources.fetch_documents import FetchOptions
from sources.jolpica_documents import PagedDocument, fetch_pages
from sources.jolpica_rows import read_calendar, read_qualifying_results, read_results, read_sprint_results
from sources.jolpica_season_rows import read_constructor_standings, read_driver_standings
from sources.open_source import Source
from sources.responses import JOLPICA_URL, LIVE_TIMING_URL, Response

NO_KEYS = pl.DataFrame(schema={"session_key": pl.String})
NO_IDENTITIES = pl.DataFrame(
    schema=dict.fromkeys(("session_key", "driver_key", "team_key", "driver_code", "car_number"), pl.String)
)
NO_TIMING = pl.DataFrame(
    schema={
        **dict.fromkeys(
            ("weekend_key", "session_key", "session_name", "gmt_offset", "official_event_name"), pl.String
        ),
        **dict.fromkeys(("meeting_id_f1", "session_id_f1", "scheduled_laps_count"), pl.Int32),
        **dict.fromkeys(("scheduled_start_at", "clock_started_at"), pl.Datetime("us", "UTC")),
        **dict.fromkeys(("started_session_time_ms", "ended_session_time_ms"), pl.Int64),
    }
)


@pytest.fixture(scope="module")
def schedule(stacked: Source) -> Callable[[int], pl.DataFrame]:
    """Return a function that reads the F1 calendar of a season."""

    @cache
    def read(season: int) -> pl.DataFrame:
        calendar = stacked.get(schedule_url(season))
        assert calendar is not None
        return read_schedule(calendar, season)

    return read


@pytest.fixture(scope="module")
def sessions(stacked: Source, schedule: Callable[[int], pl.DataFrame]) -> Callable[[int], pl.DataFrame]:
    """Return a function that gives the curated sessions of a season before anything of it was read."""

    @cache
    def describe(season: int) -> pl.DataFrame:
        calendar = read_calendar(documents(stacked, f"{season}/races"), season)
        return describe_sessions(
            weekends=match_weekends(schedule(season), calendar, NO_TIMING),
            schedule=schedule(season),
            jolpica_calendar=calendar,
            timing_sessions=NO_TIMING,
            laps=NO_KEYS,
            car_telemetry=NO_KEYS,
            results=NO_KEYS,
            sprint_results=NO_KEYS,
            qualifying_results=NO_KEYS,
        )

    return describe


def document(source: Source, address: str) -> PagedDocument:
    """Return a document with the pages that are there, whichever way its first one was asked for."""
    bare = f"{JOLPICA_URL}/{address}.json"
    found = fetch_pages(bare, source.get)
    return found if any(page.is_found for page in found.pages) else fetch_pages(bare + FIRST_PAGE, source.get)


def documents(source: Source, address: str) -> list[Response]:
    return [page for page in document(source, address).pages if page.is_found]


def classified(source: Source, season: int, number: int, code: str = "R") -> pl.DataFrame:
    """Return ``curated.results`` of a session from its official documents alone."""
    topic, read = {"R": ("results", read_results), "S": ("sprint", read_sprint_results)}[code]
    key = session_key(weekend_key(season, number), code)
    frames = {
        "R": read_results([], key),
        "S": read_sprint_results([], key),
        "Q": read_qualifying_results([], key),
        code: read(documents(source, f"{season}/{number}/{topic}"), key),
    }
    none = pl.DataFrame()
    return classify_entries(*frames.values(), NO_IDENTITIES, none, none, session_key=key)


def standings(source: Source, season: int, number: int) -> pl.DataFrame:
    key = weekend_key(season, number)
    pages = {
        name: documents(source, f"{season}/{number}/{name}standings") for name in ("driver", "constructor")
    }
    return describe_standings(
        read_driver_standings(pages["driver"], key), read_constructor_standings(pages["constructor"], key)
    )


def codes_by_weekend(schedule: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    return {
        weekend.weekend_key: tuple(session.code for session in weekend.sessions)
        for weekend in weekends_of(schedule)
    }


CONVENTIONAL = ("FP1", "FP2", "FP3", "Q", "R")
SPRINT_AFTER_QUALIFYING = ("FP1", "Q", "FP2", "S", "R")
SPRINT_SHOOTOUT = ("FP1", "Q", "SQ", "S", "R")
SPRINT_QUALIFYING = ("FP1", "SQ", "S", "Q", "R")
TEST = ("D1", "D2", "D3")


@pytest.mark.parametrize(
    ("season", "forms"),
    [
        (2018, {CONVENTIONAL: 21}),
        (2019, {CONVENTIONAL: 21}),
        (2020, {CONVENTIONAL: 16, ("FP1", "Q", "R"): 1, TEST: 2}),
        (2021, {CONVENTIONAL: 19, SPRINT_AFTER_QUALIFYING: 3, TEST: 1}),
        (2022, {CONVENTIONAL: 19, SPRINT_AFTER_QUALIFYING: 3, TEST: 2}),
        (2023, {CONVENTIONAL: 16, SPRINT_SHOOTOUT: 6, TEST: 1}),
        (2024, {CONVENTIONAL: 18, SPRINT_QUALIFYING: 6, TEST: 1}),
        (2025, {CONVENTIONAL: 18, SPRINT_QUALIFYING: 6, TEST: 1}),
    ],
)
def test_every_weekend_has_the_sessions_of_its_form_in_order(
    schedule: Callable[[int], pl.DataFrame],
    sessions: Callable[[int], pl.DataFrame],
    season: int,
    forms: dict[tuple[str, ...], int],
) -> None:
    announced = codes_by_weekend(schedule(season))
    assert Counter(announced.values()) == forms
    ordered = sessions(season).sort("weekend_key", "session_number")
    described = ordered.group_by("weekend_key", maintain_order=True).agg("session_code")
    assert {key: tuple(codes) for key, codes in described.iter_rows()} == announced
    starts = ordered.filter(pl.col("scheduled_start_at").is_not_null())
    assert starts.sort("weekend_key", "scheduled_start_at")["session_key"].equals(starts["session_key"])


@pytest.mark.parametrize("season", range(2021, 2025))
def test_weekends_that_announce_a_sprint_and_only_these_have_an_official_one(
    stacked: Source, schedule: Callable[[int], pl.DataFrame], season: int
) -> None:
    winners = {}
    for key, codes in codes_by_weekend(schedule(season)).items():
        if "R" not in codes:
            continue
        number = int(key[5:])
        assert bool(documents(stacked, f"{season}/{number}/sprint")) == ("S" in codes), key
        if "S" in codes:
            winners[key] = classified(stacked, season, number, "S")["points"].to_list()[:9]
    # Three drivers had points for the sprint qualifyings of 2021, eight since.
    points = [3, 2, 1, 0, 0, 0, 0, 0, 0] if season == 2021 else [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert set(map(tuple, winners.values())) == {tuple(points)}


# --- sessions that were put off, called off, or begin on another day of UTC


def archive_index(source: Source, season: int) -> set[str]:
    """Return the folders of the sessions of a season that the archive itself lists."""
    index = source.get(f"{LIVE_TIMING_URL}/static/{season}/Index.json")
    assert index is not None
    meetings = orjson.loads(index.body.removeprefix(b"\xef\xbb\xbf"))["Meetings"]
    paths = [session.get("Path") for meeting in meetings for session in meeting["Sessions"]]
    return {f"/static/{path}" for path in paths if path and not path.startswith("..")}


@pytest.mark.parametrize(
    ("season", "not_held"),
    [
        (2019, {"2019-17-FP3"}),  # called off for a typhoon
        (2021, {"2021-02-FP1", "2021-T1-D1", "2021-T1-D2", "2021-T1-D3"}),
        (2022, {"2022-T1-D1", "2022-T1-D2", "2022-T1-D3"}),
        (2023, set()),
    ],
)
def test_archive_keeps_every_session_where_it_is_looked_for(
    stacked: Source, schedule: Callable[[int], pl.DataFrame], season: int, not_held: set[str]
) -> None:
    kept = archive_index(stacked, season)
    found = {
        session.session_key: kept.intersection(session_paths(session))
        for weekend in weekends_of(schedule(season))
        for session in weekend.sessions
    }
    assert {key for key, paths in found.items() if not paths} == not_held
    assert {len(paths) for paths in found.values()} <= {0, 1}
    assert set().union(*found.values()) == kept


@pytest.mark.parametrize("weekend", ["2019-17", "2024-21"])
def test_qualifying_put_off_to_sunday_stays_before_the_race(
    sessions: Callable[[int], pl.DataFrame], weekend: str
) -> None:
    rows = sessions(int(weekend[:4])).filter(pl.col("weekend_key") == weekend).sort("session_number")
    assert rows["session_code"].to_list()[-2:] == ["Q", "R"]
    assert rows["scheduled_date"].to_list()[-2] == rows["scheduled_date"].to_list()[-1]
    assert rows["scheduled_start_at"].is_sorted()


def weekend_of_calendar(schedule: pl.DataFrame, key: str) -> CalendarWeekend:
    return find_weekend(weekends_of(schedule), key)


def test_practice_that_was_called_off_is_announced_and_absent(
    stacked: Source, schedule: Callable[[int], pl.DataFrame]
) -> None:
    # Fog kept the medical helicopter of the 2020 Eifel Grand Prix on the ground all Friday.
    weekend = weekend_of_calendar(schedule(2020), "2020-11")
    assert [session.code for session in weekend.sessions] == list(CONVENTIONAL)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    answers = fetch_weekend(stacked, weekend, ["FP1", "FP2"], 11, FetchOptions(now=now))
    rows = request_rows(answers, "2020-11", now).filter(pl.col("topic") == "session")
    assert rows.select("session_key", "outcome", "reason").rows() == [
        (f"2020-11-{code}", "no_layer", "no layer of the source has it") for code in ("FP1", "FP2")
    ]


@pytest.mark.parametrize(("season", "rounds", "circuit"), [(2011, 19, "bahrain"), (2023, 22, "imola")])
def test_round_that_was_called_off_is_no_weekend(
    stacked: Source, schedule: Callable[[int], pl.DataFrame], season: int, rounds: int, circuit: str
) -> None:
    announced = schedule(2023).filter(pl.col("season") == season)
    calendar = read_calendar(documents(stacked, f"{season}/races"), season)
    weekends = match_weekends(announced, calendar, NO_TIMING).filter(~pl.col("is_test"))
    assert weekends["round_number"].to_list() == list(range(1, rounds + 1))
    assert circuit not in weekends["circuit_key"].to_list()


@pytest.mark.parametrize("season", [2023, 2024, 2025])
def test_sessions_of_las_vegas_are_on_the_local_day_whatever_day_it_is_in_utc(
    sessions: Callable[[int], pl.DataFrame], season: int
) -> None:
    rows = sessions(season).with_columns(utc_date=pl.col("scheduled_start_at").dt.date())
    vegas = rows.filter(pl.col("gmt_offset") == "-08:00").sort("session_number")
    assert vegas["session_code"].to_list() == list(CONVENTIONAL)
    race = vegas.row(4, named=True)
    assert race["scheduled_date"].isoweekday() == 6
    assert race["utc_date"] == race["scheduled_date"] + dt.timedelta(days=1)
    days = [(race["scheduled_date"] - day).days for day in vegas["scheduled_date"]]
    # The second practice of 2023 began at midnight by the clock of Las Vegas, so on Friday.
    assert days == ([2, 1, 1, 0, 0] if season == 2023 else [2, 2, 1, 1, 0])
    assert vegas["weekend_key"].n_unique() == 1


@pytest.mark.parametrize(
    ("weekend", "zone"),
    [
        ("2018-19", "America/Mexico_City"),
        ("2019-18", "America/Mexico_City"),
        ("2019-19", "America/Chicago"),
        ("2020-12", "Europe/Lisbon"),
        ("2022-20", "America/Mexico_City"),
        ("2023-03", "Australia/Melbourne"),
    ],
)
def test_announced_starts_are_an_hour_late_before_the_sunday_on_which_clocks_change(
    sessions: Callable[[int], pl.DataFrame], weekend: str, zone: str
) -> None:
    rows = sessions(int(weekend[:4])).filter(pl.col("weekend_key") == weekend).sort("session_number")
    late = []
    for start, offset in rows.select("scheduled_start_at", "gmt_offset").iter_rows():
        hours = int(offset[:3])
        by_the_clock = (start + dt.timedelta(hours=hours)).replace(tzinfo=ZoneInfo(zone))
        late.append(start - by_the_clock.astimezone(dt.UTC))
    hour, none = dt.timedelta(hours=1), dt.timedelta()
    assert late == [hour, hour, hour, hour, none]


def test_days_of_a_test_are_sessions_without_a_round_or_a_result(
    stacked: Source, schedule: Callable[[int], pl.DataFrame], sessions: Callable[[int], pl.DataFrame]
) -> None:
    rows = sessions(2024).filter(pl.col("weekend_key") == "2024-T1").sort("session_number")
    assert rows.select("session_key", "session_name", "scheduled_date").rows() == [
        (f"2024-T1-D{day}", f"Practice {day}", dt.date(2024, 2, 20 + day)) for day in (1, 2, 3)
    ]
    answers = fetch_weekend(stacked, weekend_of_calendar(schedule(2024), "2024-T1"), list(TEST), None)
    assert {answer.request.kind for answer in answers} == {"live_timing"}
    assert not [answer for answer in answers if answer.response is not None]


def test_substitute_takes_over_from_the_session_he_first_drove(
    stacked: Source,
    curated_session: Callable[[str], dict[str, pl.DataFrame]],
) -> None:
    # Sainz was taken ill after the first day in Jeddah 2024; Bearman drove the other Ferrari from then on.
    ferraris = {}
    for code in ("FP2", "FP3"):
        cars = curated_session(f"2024-02-{code}")["curated.driver_identities"]
        assert cars.height == 20
        assert not cars["is_provisional"].any()
        ferrari = cars.filter(pl.col("team_key") == "ferrari").sort("car_number")
        ferraris[code] = ferrari.select("car_number", "driver_key", "evidence").rows()
    assert ferraris == {
        "FP2": [("16", "leclerc", "season_code"), ("55", "sainz", "season_code")],
        "FP3": [("16", "leclerc", "season_code"), ("38", "bearman", "season_code")],
    }
    entries = classified(stacked, 2024, 2)
    assert entries.filter(pl.col("team_key") == "ferrari")["driver_key"].to_list() == ["leclerc", "bearman"]
    assert "sainz" not in entries["driver_key"].to_list()


# --- shortened races and shared cars


@pytest.mark.parametrize(
    ("season", "number", "laps", "winner", "points"),
    [
        (1975, 4, 29, "mass", 4.5),
        (1975, 12, 29, "brambilla", 4.5),
        (1984, 6, 31, "prost", 4.5),
        (1991, 16, 14, "senna", 5.0),
        (2009, 2, 31, "button", 5.0),
        (2021, 12, 1, "max_verstappen", 12.5),
    ],
)
def test_race_stopped_for_good_has_half_points_in_results_and_standings(
    stacked: Source, season: int, number: int, laps: int, winner: str, points: float
) -> None:
    result = classified(stacked, season, number)
    first = result.row(0, named=True)
    assert (first["driver_key"], first["laps_completed"], first["points"]) == (winner, laps, points)
    rule = {1975: [9, 6, 4, 3, 2, 1], 1984: [9, 6, 4, 3, 2, 1], 1991: [10, 6, 4, 3, 2, 1]}.get(
        season, [10, 8, 6, 5, 4, 3, 2, 1] if season == 2009 else [25, 18, 15, 12, 10, 8, 6, 4, 2, 1]
    )
    assert sum(result["points"]) == pytest.approx(sum(rule) / 2)
    before, after = (standings(stacked, season, n) for n in (number - 1, number))
    key = (pl.col("driver_key") == winner) & (pl.col("championship") == "drivers")
    total = before.filter(key)["points"].sum() + points
    assert after.filter(key)["points"].to_list() == [total]


def test_shortened_race_can_have_full_points(stacked: Source) -> None:
    # Japan 2022 was flagged off after 28 of 53 laps: the rule of that year cut points only of a stopped race.
    result = classified(stacked, 2022, 18)
    assert result.row(0, named=True)["laps_completed"] == 28
    assert result["points"].to_list()[:10] == [25, 18, 15, 12, 10, 8, 6, 4, 2, 1]


@pytest.mark.parametrize("season", range(1950, 1958))
def test_shared_cars_have_an_entry_for_each_driver_and_share_the_points(stacked: Source, season: int) -> None:
    shared = complete = 0
    for number in range(1, 10):
        official = document(stacked, f"{season}/{number}/results")
        if not any(page.is_found for page in official.pages):
            continue
        result = classified(stacked, season, number)
        assert result["result_order"].to_list() == list(range(1, result.height + 1))
        drivers = result.group_by("car_number").agg(pl.col("driver_key").n_unique(), pl.col("position"))
        shared += (drivers["driver_key"] > 1).sum()
        # Who shared a car shares its place, and no two cars have one.
        places = drivers.explode("position").drop_nulls().unique(["car_number", "position"])
        assert places["position"].is_unique().all(), result["session_key"][0]
        if official.missing is None:
            complete += 1
            # 8, 6, 4, 3 and 2 for the first five, 1 for the fastest lap, whoever shares them.
            assert sum(result["points"]) == pytest.approx(24, abs=0.03), result["session_key"][0]
    assert shared >= 4
    assert complete >= 5


def test_excluded_driver_keeps_the_points_without_a_place(stacked: Source) -> None:
    rows = standings(stacked, 1997, 17).filter(pl.col("championship") == "drivers")
    excluded = rows.filter(pl.col("driver_key") == "michael_schumacher").row(0, named=True)
    assert (excluded["position"], excluded["position_text"], excluded["points"]) == (None, "D", 78.0)
    champion = rows.filter(pl.col("position") == 1).row(0, named=True)
    assert (champion["driver_key"], champion["points"]) == ("villeneuve", 81.0)
