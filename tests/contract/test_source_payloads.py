"""What our parsers and FastF1 rely on in the sources' payloads, held against recorded ones.

A field that an upstream drops or retypes shows here first, by topic, not as odd numbers in a mart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from sources.jolpica_documents import document_parts, page_head, read_document
from sources.mirror_layer import MirrorLayer
from sources.responses import JOLPICA_URL, SCHEDULE_URL, Response
from sources.stream_lines import check_lines, read_messages

NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
DURATION = re.compile(r"^(\d+:)?\d{1,2}:\d{2}\.\d{3}$|^\d{1,2}\.\d{3}$|^$")


def _number_text(value: Any) -> bool:
    return isinstance(value, str) and NUMBER.match(value) is not None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _local_time(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", value) is not None


_WEATHER_FIELDS = ("AirTemp", "Humidity", "Pressure", "Rainfall", "TrackTemp", "WindDirection", "WindSpeed")
WEATHER = dict.fromkeys(_WEATHER_FIELDS, _number_text)
DRIVER = dict.fromkeys(("RacingNumber", "BroadcastName", "Tla", "TeamName", "TeamColour"), _text)
STINT = {
    "LapFlags": _whole,
    "Compound": _text,
    "New": _text,
    "TyresNotChanged": _text,
    "TotalLaps": _whole,
    "StartLaps": _whole,
    "LapTime": _text,
    "LapNumber": _whole,
}
TIMING = {"NumberOfLaps": _whole, "InPit": _flag, "Position": _text, "GapToLeader": _text, "Retired": _flag}


def _topic_files(test_data: Path, topic: str) -> list[Path]:
    found = sorted((test_data / "mirror" / "livetiming.formula1.com").rglob(f"{topic}.jsonStream"))
    assert found, topic
    return found


def _payloads(test_data: Path, topic: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in _topic_files(test_data, topic):
        for _, payload in read_messages(path.read_bytes()):
            yield path, payload


def _assert_fields(where: object, payload: dict[str, Any], fields: dict[str, Callable[[Any], bool]]) -> None:
    for name, is_right in fields.items():
        if name in payload:
            assert is_right(payload[name]), (where, name, payload[name])


@pytest.mark.parametrize(
    "topic",
    [
        "SessionInfo",
        "DriverList",
        "SessionStatus",
        "TrackStatus",
        "LapCount",
        "TimingData",
        "TimingAppData",
        "WeatherData",
        "RaceControlMessages",
        "CarData.z",
        "Position.z",
        "SessionData",
        "Heartbeat",
    ],
)
def test_every_recorded_line_can_be_read(test_data: Path, topic: str) -> None:
    for path in _topic_files(test_data, topic):
        body = path.read_bytes()
        lines = check_lines(topic, body)
        assert lines.malformed == (), path
        assert lines.body == body
        assert body.endswith(b"\r\n")


def test_session_info_says_what_when_and_where(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "SessionInfo"):
        assert _whole(payload["Key"]), path
        assert _local_time(payload["StartDate"]), path
        assert _local_time(payload["EndDate"]), path
        assert re.match(r"^-?\d\d:\d\d:\d\d$", payload["GmtOffset"]), path
        assert _whole(payload["Meeting"]["Key"]), path
        assert _whole(payload["Meeting"]["Circuit"]["Key"]), path
        assert _text(payload["Meeting"]["Country"]["Code"]), path


def test_driver_list_names_cars_by_number(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "DriverList"):
        for car, update in payload.items():
            if car.isdigit():
                _assert_fields(path, update, DRIVER)


def test_changes_of_status_are_text(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "TrackStatus"):
        assert payload["Status"] in {"1", "2", "4", "5", "6", "7"}, path
    known = {"Inactive", "Started", "Aborted", "Finished", "Finalised", "Ends"}
    for path, payload in _payloads(test_data, "SessionStatus"):
        assert payload["Status"] in known, path


def test_weather_is_numbers_as_text(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "WeatherData"):
        assert WEATHER.keys() <= payload.keys(), path
        _assert_fields(path, payload, WEATHER)


def test_race_control_messages_carry_utc_and_text(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "RaceControlMessages"):
        messages = payload["Messages"]
        for message in messages.values() if isinstance(messages, dict) else messages:
            assert _local_time(message["Utc"]), path
            assert _text(message["Category"]), path
            assert _text(message["Message"]), path
            _assert_fields(path, message, {"Flag": _text, "Scope": _text, "RacingNumber": _text})


def test_lap_count_is_whole_numbers(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "LapCount"):
        _assert_fields(path, payload, {"CurrentLap": _whole, "TotalLaps": _whole})


def test_timing_lines_are_by_car(test_data: Path) -> None:
    for path in _topic_files(test_data, "TimingData"):
        for _, payload in read_messages(path.read_bytes()):
            for car, update in payload.get("Lines", {}).items():
                assert car.isdigit(), path
                _assert_fields(path, update, TIMING)
                lap = update.get("LastLapTime", {}).get("Value", "")
                assert DURATION.match(lap), (path, lap)


def test_tyre_stints_are_lists_or_numbered(test_data: Path) -> None:
    for path, payload in _payloads(test_data, "TimingAppData"):
        for update in payload.get("Lines", {}).values():
            stints = update.get("Stints", {})
            for stint in stints.values() if isinstance(stints, dict) else stints:
                _assert_fields(path, stint, STINT)


@pytest.fixture(scope="module")
def jolpica(test_data: Path) -> list[Response]:
    layer = MirrorLayer(test_data / "mirror")
    folder = test_data / "mirror" / "api.jolpi.ca" / "ergast" / "f1"
    names = [str(path.relative_to(folder)) for path in sorted(folder.glob("202[0-9]/*/*.json"))]
    found = (layer.get(f"{JOLPICA_URL}/{name}") for name in names)
    responses = [response for response in found if response is not None]
    assert len(responses) > 400
    return responses


@pytest.mark.parametrize(
    ("topic", "list_name", "fields"),
    [
        ("results", "Results", ("position", "positionText", "points", "grid", "laps", "status", "number")),
        ("sprint", "SprintResults", ("position", "positionText", "points", "grid", "laps", "status")),
        ("qualifying", "QualifyingResults", ("position", "number")),
    ],
)
def test_results_have_the_fields_that_rows_need(
    jolpica: list[Response], topic: str, list_name: str, fields: tuple[str, ...]
) -> None:
    found = [response for response in jolpica if _topic_of(response) == topic]
    assert found
    for response in found:
        assert page_head(response).end == page_head(response).total
        for race in read_document(response)["RaceTable"]["Races"]:
            for entry in race[list_name]:
                assert all(_text(entry[field]) for field in fields), response.url
                assert _text(entry["Driver"]["driverId"]), response.url
                assert _text(entry["Constructor"]["constructorId"]), response.url


def test_standings_list_points_and_wins(jolpica: list[Response]) -> None:
    for topic, name in (
        ("driverstandings", "DriverStandings"),
        ("constructorstandings", "ConstructorStandings"),
    ):
        found = [response for response in jolpica if _topic_of(response) == topic]
        assert found
        for response in found:
            for standings in read_document(response)["StandingsTable"]["StandingsLists"]:
                assert all(_number_text(entry["points"]) for entry in standings[name]), response.url
                assert all(_number_text(entry["wins"]) for entry in standings[name]), response.url


@pytest.mark.parametrize("season", range(2018, 2027))
def test_calendar_has_the_columns_that_fastf1_reads(test_data: Path, season: int) -> None:
    response = MirrorLayer(test_data / "mirror").get(f"{SCHEDULE_URL}/schedule_{season}.json")
    assert response is not None
    columns = orjson.loads(response.body)
    slots = {f"session{slot}{end}" for slot in range(1, 6) for end in ("", "_date")}
    named = {
        "round_number",
        "country",
        "location",
        "official_event_name",
        "event_date",
        "event_name",
        "gmt_offset",
        "event_format",
        "f1_api_support",
    }
    assert columns.keys() >= slots | named
    assert len({len(column) for column in columns.values()}) == 1


def _topic_of(response: Response) -> str | None:
    parts = document_parts(response.url)
    return None if parts is None else parts.topic
