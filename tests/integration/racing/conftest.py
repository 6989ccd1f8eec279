"""Fixtures of the racing tests over real sessions: from bytes to curated frames, without a lake."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from racing.discrepancies import compare_sources
from racing.identities import resolve_drivers
from racing.keys import code_of, season_of, session_key, weekend_of
from racing.laps import classify_laps
from racing.pit_stops import find_pit_stops
from racing.results import classify_entries
from racing.stints import split_into_stints
from sources.calendar_documents import CalendarWeekend, find_weekend, read_schedule, schedule_url, weekends_of
from sources.fastf1_sessions import SessionInput, parse_session
from sources.fetch import fetch_weekend
from sources.fetch_documents import Fetched
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.jolpica_season_rows import read_drivers
from sources.open_source import Source, open_source
from sources.responses import JOLPICA_URL, Response

Frames = dict[str, pl.DataFrame]
FASTF1 = "processed.fastf1__"
READERS = {
    "results": (read_results, "R"),
    "sprint": (read_sprint_results, "S"),
    "qualifying": (read_qualifying_results, "Q"),
}


@pytest.fixture(scope="session")
def stacked(test_data: Path) -> Source:
    """Return the FastF1 cache of 36 races on top of the mirror."""
    return open_source(f"fastf1-cache:{test_data / 'fastf1-cache'},mirror:{test_data / 'mirror'}")


@pytest.fixture(scope="session")
def curated_session(stacked: Source) -> Callable[[str], Frames]:
    """Return a function that computes the curated tables of a session; each session once."""

    @cache
    def calendar_of(season: int) -> tuple[Response, list[CalendarWeekend]]:
        calendar = stacked.get(schedule_url(season))
        assert calendar is not None
        return calendar, weekends_of(read_schedule(calendar, season))

    @cache
    def compute(key: str) -> Frames:
        calendar, weekends = calendar_of(season_of(key))
        weekend = find_weekend(weekends, weekend_of(key))
        codes = {session.code for session in weekend.sessions}
        fetched = fetch_weekend(stacked, weekend, [code_of(key)], weekend.round_number)
        others = [code for code in ("R", "S", "Q") if code in codes and code != code_of(key)]
        documents = [*fetched, *fetch_weekend(stacked, weekend, others, weekend.round_number)]
        parsed = parse_session(_session_input(key, weekend, calendar, fetched)).frames
        pages = [stacked.get(f"{JOLPICA_URL}/{season_of(key)}/drivers.json")]
        season_drivers = read_drivers([page for page in pages if page is not None], season_of(key))
        return curate(key, parsed, _official(documents, weekend_of(key)), season_drivers)

    return compute


def curate(key: str, parsed: Frames, official: Frames, season_drivers: pl.DataFrame) -> Frames:
    """Return the curated tables of one session, as the lake's assets compute them."""
    laps, status = parsed[f"{FASTF1}laps"], parsed[f"{FASTF1}session_status"]
    identities = resolve_drivers(
        parsed[f"{FASTF1}session_drivers"],
        laps,
        *official.values(),
        session_key=key,
        season_drivers=season_drivers,
    )
    curated_laps = classify_laps(laps, parsed[f"{FASTF1}tyre_stints"], identities)
    stints = split_into_stints(curated_laps, status, parsed[f"{FASTF1}tyre_stints"])
    return {
        "curated.driver_identities": identities,
        "curated.laps": curated_laps,
        "curated.stints": stints,
        "curated.pit_stops": find_pit_stops(curated_laps, stints),
        "curated.results": classify_entries(
            *official.values(), identities, curated_laps, status, session_key=key
        ),
        "curated.discrepancies": compare_sources(
            laps=curated_laps,
            jolpica_results=official["results"],
            jolpica_sprint_results=official["sprint"],
            jolpica_qualifying_results=official["qualifying"],
            race_control_messages=parsed[f"{FASTF1}race_control_messages"],
            track_status=parsed[f"{FASTF1}track_status"],
            session_status=status,
            session_key=key,
        ),
    }


def _session_input(
    key: str, weekend: CalendarWeekend, calendar: Response, fetched: list[Fetched]
) -> SessionInput:
    session = next(session for session in weekend.sessions if session.code == code_of(key))
    parsed = next((answer for answer in fetched if answer.parsed_folder), None)
    found = [
        (answer.request, answer.response)
        for answer in fetched
        if answer.response and answer.response.is_found
    ]
    assert session.archive_path is not None
    return SessionInput(
        session_key=key,
        session_name=session.name,
        archive_path=session.archive_path,
        calendar=calendar,
        topics={asked.topic: response for asked, response in found if asked.kind == "live_timing"},
        parsed_folder=parsed.parsed_folder if parsed else None,
        parsed_layer=parsed.parsed_layer if parsed else None,
        jolpica=tuple(response for asked, response in found if asked.kind == "jolpica"),
        jolpica_round=weekend.round_number,
    )


def _official(fetched: list[Fetched], weekend: str) -> Frames:
    """Return Jolpica's results of a weekend: race, sprint, qualifying."""
    frames: Frames = {}
    for topic, (read, code) in READERS.items():
        pages = [
            answer.response
            for answer in fetched
            if answer.request.kind == "jolpica" and answer.request.topic == topic and answer.response
        ]
        frames[topic] = read([page for page in pages if page.is_found], session_key(weekend, code))
    return frames
