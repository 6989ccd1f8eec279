"""The season calendar: keys, UTC times, archive folders; unknown stays null."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from sources.calendar_documents import find_weekend, read_schedule, schedule_url, weekends_of
from sources.documents import (
    circuit_request,
    result_requests,
    season_requests,
    session_paths,
    session_requests,
)
from sources.errors import UnknownWeekendError, UnreadableDocumentError
from sources.responses import Response
from sources.topics import LIVE_TIMING_TOPICS, topic_file_name, topic_of_file


def _event(**changes: Any) -> dict[str, Any]:
    event = {
        "round_number": 1,
        "country": "Italy",
        "location": "Imola",
        "official_event_name": "FORMULA 1 X",
        "event_date": "2021-04-18T17:00:00",
        "event_name": "Emilia Romagna Grand Prix",
        "gmt_offset": "+02:00",
        "event_format": "conventional",
        "f1_api_support": True,
    }
    names = ("Practice 1", "Practice 2", "Practice 3", "Qualifying", "Race")
    for slot, name in enumerate(names, start=1):
        event[f"session{slot}"] = name
        event[f"session{slot}_date"] = "2021-04-18T15:00:00"
    return event | changes


def _calendar(*events: dict[str, Any], season: int = 2021) -> Response:
    columns = {key: {str(row): event[key] for row, event in enumerate(events)} for key in events[0]}
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Response(schedule_url(season), 200, {}, json.dumps(columns).encode(), now, "online")


def test_local_time_becomes_utc() -> None:
    rows = read_schedule(_calendar(_event()), 2021)
    race = rows.row(4, named=True)
    assert race["scheduled_start_at"] == dt.datetime(2021, 4, 18, 13, tzinfo=dt.UTC)
    assert race["archive_path"] == "/static/2021/2021-04-18_Emilia_Romagna_Grand_Prix/2021-04-18_Race/"
    assert (race["session_code"], race["event_date"]) == ("R", dt.date(2021, 4, 18))


def test_unknown_offset_leaves_the_start_unknown() -> None:
    rows = read_schedule(_calendar(_event(gmt_offset=None)), 2021)
    assert rows["scheduled_start_at"].null_count() == 5
    assert rows["archive_path"].null_count() == 0


def test_unknown_date_leaves_the_folder_unknown() -> None:
    rows = read_schedule(_calendar(_event(session5_date=None)), 2021)
    assert rows.row(4, named=True)["archive_path"] is None
    weekend = weekends_of(rows)[0]
    assert session_requests(weekend, weekend.sessions[4]) == []
    assert session_paths(weekend.sessions[4]) == ()


def test_tests_are_numbered_apart_from_rounds() -> None:
    practice = {"event_format": "testing", "round_number": 0, "event_name": "Pre-Season Testing"}
    none = {f"session{slot}{end}": None for slot in (4, 5) for end in ("", "_date")}
    rows = read_schedule(_calendar(_event(**practice, **none), _event(), _event(**practice, **none)), 2021)
    weekends = weekends_of(rows)
    assert [weekend.weekend_key for weekend in weekends] == ["2021-T1", "2021-01", "2021-T2"]
    assert [session.session_key for session in weekends[0].sessions] == [
        "2021-T1-D1",
        "2021-T1-D2",
        "2021-T1-D3",
    ]


@pytest.mark.parametrize(("season", "code"), [(2021, "S"), (2024, "SQ")])
def test_sprint_qualifying_was_a_race_once(season: int, code: str) -> None:
    rows = read_schedule(_calendar(_event(session4="Sprint Qualifying"), season=season), season)
    assert rows["session_code"].to_list()[3] == code


def test_unknown_session_name_is_an_error() -> None:
    with pytest.raises(UnreadableDocumentError, match="Warm-up"):
        read_schedule(_calendar(_event(session1="Warm-up")), 2021)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"gmt_offset":{"0":"+01:00"}}'])
def test_calendar_that_is_none_is_named(body: bytes) -> None:
    response = Response(schedule_url(2021), 200, {}, body, dt.datetime.now(dt.UTC), "online")
    with pytest.raises(UnreadableDocumentError, match=r"schedule_2021\.json"):
        read_schedule(response, 2021)


def test_weekend_that_is_not_there_is_named() -> None:
    weekends = weekends_of(read_schedule(_calendar(_event()), 2021))
    assert find_weekend(weekends, "2021-01").event_name == "Emilia Romagna Grand Prix"
    with pytest.raises(UnknownWeekendError, match="2021-09; it has 2021-01"):
        find_weekend(weekends, "2021-09")


def test_documents_of_a_weekend() -> None:
    sprint = {"session4": "Sprint", "session4_date": "2021-04-17T15:00:00"}
    weekend = weekends_of(read_schedule(_calendar(_event(**sprint)), 2021))[0]
    race, sprint_race = weekend.sessions[4], weekend.sessions[3]
    requests = session_requests(weekend, race)
    assert [request.topic for request in requests] == list(LIVE_TIMING_TOPICS)
    assert {request.topic for request in requests if request.required} == {
        "TimingData",
        "TimingAppData",
        "SessionStatus",
    }
    assert requests[1].subject_key == "2021-01-R"
    assert requests[1].settled_at == dt.datetime(2021, 4, 21, 13, tzinfo=dt.UTC)
    assert requests[1].alternatives[0].startswith("https://livetiming-mirror.fastf1.dev/static/2021/")
    assert session_paths(sprint_race)[1].endswith("/2021-04-17_Sprint_Qualifying/")
    assert any("_Sprint_Qualifying/" in url for url in session_requests(weekend, sprint_race)[0].alternatives)
    topics = [request.topic for request in result_requests(weekend, 2, ["Q", "R", "S"])]
    assert topics == ["results", "qualifying", "sprint", "laps/1", "driverstandings", "constructorstandings"]
    practice = result_requests(weekend, 2, ["FP1"])
    assert [(request.topic, request.required, request.session_key) for request in practice] == [
        ("results", False, None)
    ]
    assert result_requests(weekend, None, ["R"]) == []
    assert result_requests(weekend, 2, []) == []
    assert circuit_request(weekend, 39).url.endswith("/circuits/39/2021")


def test_qualifying_on_the_day_of_the_race_may_lie_under_the_day_before() -> None:
    put_off = {"session4_date": "2021-04-18T10:00:00", "session3_date": "2021-04-17T10:00:00"}
    weekend = weekends_of(read_schedule(_calendar(_event(**put_off)), 2021))[0]
    folder = "/static/2021/2021-04-18_Emilia_Romagna_Grand_Prix"
    practice, qualifying, race = (session_paths(session) for session in weekend.sessions[2:])
    assert qualifying == (f"{folder}/2021-04-18_Qualifying/", f"{folder}/2021-04-17_Qualifying/")
    assert practice == (f"{folder}/2021-04-17_Practice_3/",)
    assert race == (f"{folder}/2021-04-18_Race/",)


def test_documents_of_a_season() -> None:
    assert [request.kind for request in season_requests(2024)] == [
        "calendar",
        "jolpica",
        "jolpica",
        "jolpica",
    ]
    assert [request.topic for request in season_requests(1957, with_schedule=False)] == [
        "calendar",
        "drivers",
        "constructors",
    ]


@pytest.mark.parametrize("topic", LIVE_TIMING_TOPICS)
def test_topic_and_file_name_belong_together(topic: str) -> None:
    assert topic_of_file(topic_file_name(topic)) == topic
