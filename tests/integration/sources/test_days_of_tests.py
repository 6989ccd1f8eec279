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
from sources.fastf1_sessions import SessionInput, parse_session
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.open_source import Source

SESSIONS, LAPS = "processed.fastf1__sessions", "processed.fastf1__laps"


@pytest.mark.parametrize(("test", "day"), [("2022-T2", 1), ("2024-T1", 3)])
def test_day_of_a_test_has_laps_and_drivers_without_a_round_or_a_result(
    mirror: Source, session_input: Callable[[Source, str], SessionInput], test: str, day: int
) -> None:
    practice, season = session_input(mirror, "2020-03-FP2"), season_of(test)
    calendar = mirror.get(schedule_url(season))
    assert calendar is not None
    weekend = find_weekend(weekends_of(read_schedule(calendar, season)), test)
    session = weekend.sessions[day - 1]
    assert session.archive_path is not None
    parsed = parse_session(
        replace(
            practice,
            session_key=session.session_key,
            session_name=session.name,
            archive_path=session.archive_path,
            calendar=calendar,
            jolpica=(),
            jolpica_round=None,
        )
    ).frames
    key = f"{test}-D{day}"
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
