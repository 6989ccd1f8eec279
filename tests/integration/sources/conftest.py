"""Fixtures of the source tests: an upstream on this machine and an online layer that asks it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from racing.keys import code_of, season_of, weekend_of
from sources.calendar_documents import (
    CalendarWeekend,
    find_weekend,
    read_schedule,
    schedule_url,
    weekends_of,
)
from sources.fastf1_sessions import SessionInput
from sources.fetch import fetch_weekend
from sources.online_layer import OnlineLayer, OnlineSettings
from sources.open_source import Source, open_source
from sources.responses import (
    CIRCUIT_URL,
    JOLPICA_URL,
    LIVE_TIMING_MIRROR_URL,
    LIVE_TIMING_URL,
    SCHEDULE_URL,
    Response,
)


def _load_upstream() -> Any:
    """Load the helper beside this file: tests are no packages, so it cannot be imported by name."""
    spec = importlib.util.spec_from_file_location(
        "loopback_upstream", Path(__file__).with_name("loopback_upstream.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


loopback_upstream = _load_upstream()


@pytest.fixture
def upstream() -> Iterator[Any]:
    with loopback_upstream.running_upstream() as running:
        yield running


@pytest.fixture
def reply() -> Any:
    return loopback_upstream.Reply


@pytest.fixture
def etag_reply() -> Any:
    return loopback_upstream.etag_reply


@pytest.fixture
def waits() -> list[tuple[float, str]]:
    """Waits that were announced."""
    return []


@pytest.fixture
def slept() -> list[float]:
    """Seconds that were slept."""
    return []


@pytest.fixture
def make_online(
    upstream: Any, tmp_path: Path, waits: list[tuple[float, str]], slept: list[float]
) -> Callable[..., OnlineLayer]:
    """Build online layers whose hosts are all the upstream on this machine."""

    def build(**changes: Any) -> OnlineLayer:
        hosts = {
            LIVE_TIMING_MIRROR_URL: f"{upstream.base_url}/mirror",
            LIVE_TIMING_URL: upstream.base_url,
            JOLPICA_URL: f"{upstream.base_url}/ergast/f1",
            SCHEDULE_URL: f"{upstream.base_url}/schedule",
            CIRCUIT_URL: f"{upstream.base_url}/circuits",
        }
        settings = {
            "home": tmp_path / "home",
            "base_urls": hosts,
            "announce": lambda seconds, reason: waits.append((seconds, reason)),
            "sleep": slept.append,
        }
        return OnlineLayer(OnlineSettings(**{**settings, **changes}))

    return build


@pytest.fixture(scope="session")
def mirror(test_data: Path) -> Source:
    """Return the mirror of real responses as a source."""
    return open_source(f"mirror:{test_data / 'mirror'}")


@pytest.fixture(scope="session")
def session_input() -> Callable[[Source, str], SessionInput]:
    """Fetch what a source has of a session, as FastF1 needs it."""
    calendars: dict[tuple[str, int], tuple[Response, list[CalendarWeekend]]] = {}

    def fetch(source: Source, key: str) -> SessionInput:
        season, code = season_of(key), code_of(key)
        if (source.name, season) not in calendars:
            calendar = source.get(schedule_url(season))
            assert calendar is not None
            calendars[source.name, season] = (calendar, weekends_of(read_schedule(calendar, season)))
        calendar, weekends = calendars[source.name, season]
        weekend = find_weekend(weekends, weekend_of(key))
        session = next(session for session in weekend.sessions if session.code == code)
        answers = fetch_weekend(source, weekend, [code], weekend.round_number)
        parsed = next((answer for answer in answers if answer.parsed_folder), None)
        found = [answer for answer in answers if answer.response is not None and answer.response.is_found]
        assert session.archive_path is not None
        return SessionInput(
            session_key=key,
            session_name=session.name,
            archive_path=session.archive_path,
            calendar=calendar,
            topics={
                answer.request.topic: answer.response
                for answer in found
                if answer.request.kind == "live_timing" and answer.response is not None
            },
            parsed_folder=parsed.parsed_folder if parsed else None,
            parsed_layer=parsed.parsed_layer if parsed else None,
            jolpica=tuple(
                answer.response for answer in found if answer.request.kind == "jolpica" and answer.response
            ),
            jolpica_round=weekend.round_number,
        )

    return fetch
