"""A day of a pre-season test is parsed as a session of its own.

Of no test real timing is at hand: the bytes are those of a real practice, under key and calendar of a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from racing.identities import resolve_drivers
from racing.keys import season_of
from sources.calendar_documents import find_weekend, read_schedule, schedule_url, weekends_of
from sources.fastf1_sessions import ParsedSession, SessionInput, parse_session
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.open_source import Source

SESSIONS, LAPS = "processed.fastf1__sessions", "processed.fastf1__laps"


SessionInputs = Callable[[Source, str], SessionInput]


def parse_as(mirror: Source, practice: SessionInput, test: str, day: int) -> ParsedSession:
    """Return a practice, parsed as a day of a test."""
    calendar = mirror.get(schedule_url(season_of(test)))
    assert calendar is not None
    weekend = find_weekend(weekends_of(read_schedule(calendar, season_of(test))), test)
    session = weekend.sessions[day - 1]
    assert session.archive_path is not None
    return parse_session(
        replace(
            practice,
            session_key=session.session_key,
            session_name=session.name,
            archive_path=session.archive_path,
            calendar=calendar,
            jolpica=(),
            jolpica_round=None,
        )
    )


@pytest.mark.parametrize(("test", "day"), [("2022-T2", 1), ("2024-T1", 3)])
def test_day_of_a_test_has_laps_and_drivers_without_a_round_or_a_result(
    mirror: Source, session_input: SessionInputs, test: str, day: int
) -> None:
    key = f"{test}-D{day}"
    parsed = parse_as(mirror, session_input(mirror, "2020-03-FP2"), test, day).frames
    assert parsed[SESSIONS]["session_key"].to_list() == [key]
    laps = parsed[LAPS]
    assert (laps.height, laps["lap_time_ms"].is_not_null().sum()) == (109, 69)
    assert laps.select("weekend_key", "session_key").unique().rows() == [(test, key)]
    drivers = resolve_drivers(
        parsed["processed.fastf1__session_drivers"],
        laps,
        read_results([], f"{test}-R"),
        read_sprint_results([], f"{test}-S"),
        read_qualifying_results([], f"{test}-Q"),
        session_key=key,
    )
    assert set(drivers["evidence"]) == {"feed_reference"}
    assert set(laps["car_number"]) <= set(drivers["car_number"])


def test_test_without_live_timing_by_the_calendar_says_why_it_has_no_laps(
    mirror: Source, session_input: SessionInputs
) -> None:
    parsed = parse_as(mirror, session_input(mirror, "2020-03-FP2"), "2020-T1", 1)
    assert parsed.frames[LAPS].is_empty()
    assert str(parsed.notes[0]).startswith("no laps: the calendar says that there is no live timing")
