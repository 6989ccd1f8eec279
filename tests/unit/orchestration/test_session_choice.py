"""Which weekends are run where only some sessions are wanted."""

import datetime as dt

import pytest

from orchestration.errors import UnknownSessionOfWeekendError
from orchestration.session_choice import require_sessions, sessions_of, with_any_session
from orchestration.weekend_runs import IngestOptions, WeekendWork
from sources.calendar_documents import CalendarSession, CalendarWeekend


def weekend(key: str, *codes: str) -> CalendarWeekend:
    sessions = tuple(CalendarSession(f"{key}-{code}", code, code, None, None) for code in codes)
    return CalendarWeekend(
        key, int(key[:4]), int(key[5:]), None, "Some Grand Prix", dt.date(2024, 5, 5), sessions
    )


SPRINT = weekend("2024-06", "FP1", "SQ", "S", "Q", "R")
NORMAL = weekend("2024-08", "FP1", "FP2", "FP3", "Q", "R")


def test_weekends_of_a_range_without_the_session_are_left_out_with_a_remark() -> None:
    said: list[str] = []
    assert with_any_session([SPRINT, NORMAL], ["S"], said.append) == [SPRINT]
    assert said == ["without a session S, left out: 2024-08"]
    assert with_any_session([SPRINT, NORMAL], ["S", "Q"], said.append) == [SPRINT, NORMAL]
    assert with_any_session([SPRINT, NORMAL], [], said.append) == [SPRINT, NORMAL]
    assert len(said) == 1


def test_range_without_any_such_session_is_an_error() -> None:
    with pytest.raises(UnknownSessionOfWeekendError, match="no weekend from 2024-08 to 2024-08"):
        with_any_session([NORMAL], ["S"], lambda _: None)


def test_single_weekend_without_the_session_names_those_it_has() -> None:
    require_sessions(SPRINT, ["S", "Q"])
    with pytest.raises(UnknownSessionOfWeekendError, match="no session S, SQ: it has FP1, FP2, FP3, Q, R"):
        require_sessions(NORMAL, ["S", "Q", "SQ"])


def test_run_of_a_weekend_asks_only_for_sessions_that_it_has() -> None:
    has = {one.weekend_key: sessions_of(one, ("S", "Q")) for one in (SPRINT, NORMAL)}
    options = IngestOptions(("S", "Q"), sessions_of=has)
    work = WeekendWork(options, ("raw",), has_pictures=True)
    assert work.tags("2024-06") == {"f1lake/sessions": "S,Q"}
    assert work.tags("2024-08") == {"f1lake/sessions": "Q"}
