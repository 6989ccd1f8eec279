"""Yellow and red flags of invented practices and qualifyings: who does what, and what the feed says."""

from __future__ import annotations

import pytest

from sources.synthetic.field import invented_field
from sources.synthetic.options import WeekendOptions
from sources.synthetic.practice_model import run_practice
from sources.synthetic.qualifying_model import run_qualifying
from sources.synthetic.session_flags import SessionFlag
from sources.synthetic.session_run import SessionRun
from sources.synthetic.wire_session import extrapolated_clock, status_times

FLAGGED = WeekendOptions(cars=20, session_flags=True)
LENGTHS_MS = {"FP1": 3_600_000, "Q": 1_080_000}


@pytest.fixture(scope="module", params=["FP1", "Q"])
def session(request: pytest.FixtureRequest) -> SessionRun:
    field = invented_field(FLAGGED)
    return run_qualifying(FLAGGED, field) if request.param == "Q" else run_practice(FLAGGED, field, "FP1")


def red_of(session: SessionRun) -> SessionFlag:
    (red,) = [shown for shown in session.events.flags if shown.colour == "red"]
    return red


def test_nobody_begins_a_lap_or_leaves_the_pits_under_the_red_flag(session: SessionRun) -> None:
    red = red_of(session)
    caught = 0
    for number, laps in session.laps.items():
        assert not any(red.start_ms < lap.start_ms < red.end_ms and lap.pit_out_ms is None for lap in laps)
        outs = [v.out_ms for v in session.pit_visits if v.car_number == number and v.out_ms is not None]
        assert not any(red.start_ms < out < red.end_ms for out in outs)
        begun = [lap for lap in laps if lap.pit_out_ms is None and lap.start_ms < red.start_ms]
        on_track = [lap for lap in begun if lap.end_ms > red.start_ms]
        caught += len(on_track)
        assert all(lap.pit_in_ms is not None for lap in on_track)
    assert caught >= 3


def test_feed_stops_and_resumes_the_session(session: SessionRun) -> None:
    red = red_of(session)
    statuses = status_times(session)
    place = statuses.index((red.start_ms - 110, "Aborted"))
    assert statuses[place + 1] == (red.end_ms, "Started")
    assert {(red.start_ms, "5", "Red"), (red.end_ms, "1", "AllClear")} <= set(session.track_status)
    assert {code for _, code, _ in session.track_status} == {"1", "2", "5"}
    said = [str(message.fields["Message"]) for message in session.control]
    assert said.count("RED FLAG") == 1
    assert any(text.startswith("DOUBLE YELLOW IN TRACK SECTOR") for text in said)
    assert any(text.startswith("SESSION WILL RESUME AT") for text in said)


def test_clock_of_qualifying_stands_still_and_that_of_practice_does_not(session: SessionRun) -> None:
    red, part = red_of(session), session.parts[0]
    stood_ms = red.end_ms - red.start_ms if session.is_qualifying else 0
    assert part.end_ms - part.start_ms == LENGTHS_MS[session.code] + stood_ms
    stops = [at for at, fields in extrapolated_clock(session) if fields.get("Extrapolating") is False]
    assert any(red.start_ms <= at < red.start_ms + 1_000 for at in stops) == session.is_qualifying


def test_every_car_has_a_time_in_the_end(session: SessionRun) -> None:
    assert all(any(lap.has_lap_time for lap in laps) for laps in session.laps.values())
    for number, trace in session.traces.items():
        assert (trace.time_ms[1:] >= trace.time_ms[:-1]).all(), number
        for lap in session.laps[number]:
            assert lap.start_ms < lap.sector_ends_ms[0] < lap.sector_ends_ms[1] < lap.end_ms
