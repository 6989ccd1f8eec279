"""Mounting FastF1 on held bytes leaves nothing behind and lets nothing out."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path

import pytest

from sources.fastf1_engine import document_path, mounted_fastf1


def test_fastf1_reads_held_bytes_and_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from fastf1 import _api
    from fastf1.logger import LoggingManager
    from fastf1.req import Cache

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args: pytest.fail("a name was looked up"))
    names = ("_CACHE_DIR", "_requests_session", "_requests_session_cached", "_no_cached_warned")
    before = {name: getattr(Cache, name) for name in names}
    level, handlers = LoggingManager._console_handler.level, list(LoggingManager._root_logger.handlers)
    with mounted_fastf1({"TrackStatus.jsonStream": b'00:00:01.000{"Status":"1"}\r\n'}, {}) as log:
        assert _api.track_status_data("/static/any/folder/")["Status"] == ["1"]
        with pytest.raises(_api.SessionNotAvailableError):
            _api.weather_data("/static/any/folder/")
        logging.getLogger("fastf1.test").warning("look  here")
        logging.getLogger("fastf1.test").warning("look here")
    assert log.warnings == ["look here"]
    assert {name: getattr(Cache, name) for name in names} == before
    assert LoggingManager._console_handler.level == level
    assert LoggingManager._root_logger.handlers == handlers


def test_fastf1_is_put_back_after_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    from fastf1.req import Cache

    session = Cache._requests_session

    def fail() -> None:
        with mounted_fastf1({}, {}):
            logging.getLogger("fastf1.test").error("kept off the console")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert Cache._requests_session is session
    assert capsys.readouterr().err == ""


def test_documents_are_found_in_any_spelling() -> None:
    from fastf1.ergast import Ergast
    from fastf1.exceptions import ErgastInvalidRequestError

    path = document_path("/ergast/f1/2024/8/driverstandings.json")
    assert path == document_path("/ergast/f1/2024/8/driverStandings/")
    head = b'{"MRData":{"limit":"30","offset":"0","total":"0",'
    body = head + b'"StandingsTable":{"season":"2024","StandingsLists":[]}}}'
    with mounted_fastf1({}, {path: body}):
        assert Ergast().get_driver_standings(2024, 8).content == []
        with pytest.raises(ErgastInvalidRequestError, match="Not Found"):
            Ergast().get_driver_standings(2024, 9)


def test_one_session_at_a_time(tmp_path: Path) -> None:
    from fastf1.req import Cache

    entered = threading.Event()
    seen: list[str | None] = []

    def second() -> None:
        entered.set()
        with mounted_fastf1({}, {}):
            seen.append(Cache._CACHE_DIR)

    with mounted_fastf1({}, {}, tmp_path):
        thread = threading.Thread(target=second)
        thread.start()
        entered.wait(5)
        assert str(tmp_path) == Cache._CACHE_DIR
        assert seen == []
    thread.join(5)
    assert seen == [None]
