"""A weekend's documents from stored layers and from an upstream on this machine, and their coverage."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.requests import request_rows
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from sources.calendar_documents import CalendarWeekend, find_weekend, read_schedule, weekends_of
from sources.errors import AccessDeniedError, UnreadableDocumentError, UpstreamError
from sources.fastf1_sessions import SessionInput
from sources.fetch import fetch_season, fetch_weekend
from sources.fetch_documents import Fetched, FetchOptions
from sources.online_layer import OnlineLayer
from sources.open_source import Source, open_source
from sources.request_plan import WeekendChoice, plan_requests
from sources.responses import Response

MakeOnline = Callable[..., OnlineLayer]
QUALIFYING = "/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying/"


def _weekend(source: Source, key: str) -> CalendarWeekend:
    season = int(key[:4])
    calendar = fetch_season(source, season)[0].response
    assert calendar is not None
    return find_weekend(weekends_of(read_schedule(calendar, season)), key)


def _topics(answers: list[Fetched], key: str) -> dict[str, Fetched]:
    return {answer.request.topic: answer for answer in answers if answer.request.session_key == key}


@pytest.fixture
def served_mexico(upstream: Any, reply: Any, mirror: Source, test_data: Path) -> Any:
    """Serve Mexico's qualifying, the calendars and one faulty document."""
    folder = test_data / "mirror" / "livetiming.formula1.com" / QUALIFYING.lstrip("/")
    feeds = {}
    for path in folder.glob("*.jsonStream"):
        if not path.name.startswith(("CarData", "Position")):
            upstream.serve(
                QUALIFYING + path.name, reply(body=path.read_bytes(), headers={"ETag": f'"{path.name}"'})
            )
            feeds[path.name.removesuffix(".jsonStream")] = {"StreamPath": path.name}
    feeds["NewTopic"] = {"StreamPath": "NewTopic.jsonStream"}
    upstream.serve(
        QUALIFYING + "Index.json", reply(body=b"\xef\xbb\xbf" + json.dumps({"Feeds": feeds}).encode())
    )
    upstream.serve(QUALIFYING + "NewTopic.jsonStream", reply(body=b"00:00:00.000{}\r\n"))
    for season_answer in fetch_season(mirror, 2025):
        assert season_answer.response is not None
        name = season_answer.request.url.rpartition("/")[2]
        place = "/schedule/" if season_answer.request.kind == "calendar" else "/ergast/f1/2025/"
        upstream.serve(place + name, reply(body=season_answer.response.body))
    return upstream


def test_weekend_from_the_upstream_equals_the_mirror(
    served_mexico: Any, make_online: MakeOnline, mirror: Source, session_input: Any
) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    seen: list[tuple[int, int]] = []
    options = FetchOptions(on_progress=lambda done, total, _request: seen.append((done, total)))
    answers = fetch_weekend(source, weekend, ["Q"], 20, options)
    topics = _topics(answers, "2025-20-Q")
    stored: SessionInput = session_input(mirror, "2025-20-Q")
    for topic, response in stored.topics.items():
        if not topic.endswith(".z"):
            found = topics[topic].response
            assert found is not None
            assert found.sha256 == response.sha256
    assert topics["CarData.z"].reason == "the session's index does not list it"
    assert served_mexico.count(QUALIFYING + "CarData.z.jsonStream") == 0
    assert topics["NewTopic"].response is not None
    assert topics["qualifying"].reason == "the upstream has no such document (404)"
    assert seen[-1][0] == len(answers) - 1
    assert answers[-1].request.topic == "circuit"
    assert answers[-1].request.url.endswith("/circuits/65/2025")


def test_settled_documents_are_asked_for_once(served_mexico: Any, make_online: MakeOnline) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    first = fetch_weekend(source, weekend, ["Q"], 20)
    known = {answer.response.url: answer.response for answer in first if answer.response is not None}
    asked = len(served_mexico.asked)
    again = fetch_weekend(source, weekend, ["Q"], 20, FetchOptions(known=known.get))
    assert len(served_mexico.asked) == asked
    assert [answer.response for answer in again] == [answer.response for answer in first]
    refreshed = fetch_weekend(source, weekend, ["Q"], 20, FetchOptions(known=known.get, refresh=True))
    assert len(served_mexico.asked) > asked
    assert any("if-none-match" in headers for _, headers in served_mexico.asked[asked:])
    bodies = [answer.response.body for answer in refreshed if answer.response is not None]
    assert bodies == [answer.response.body for answer in first if answer.response is not None]


def test_unsettled_documents_are_asked_again(served_mexico: Any, make_online: MakeOnline) -> None:
    weekend = _weekend(Source([make_online()]), "2025-20")
    during = dt.datetime(2025, 10, 25, 22, 30, tzinfo=dt.UTC)
    source = Source([make_online(clock=during.timestamp)])
    first = fetch_weekend(source, weekend, ["Q"], 20, FetchOptions(now=during))
    known = {answer.response.url: answer.response for answer in first if answer.response is not None}
    path = QUALIFYING + "TimingData.jsonStream"
    fetch_weekend(source, weekend, ["Q"], 20, FetchOptions(known=known.get, now=during))
    assert served_mexico.count(path) == 2


def test_session_that_has_not_started_is_not_asked_for(served_mexico: Any, make_online: MakeOnline) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    asked = len(served_mexico.asked)
    before = FetchOptions(now=dt.datetime(2025, 10, 24, tzinfo=dt.UTC))
    answers = fetch_weekend(source, weekend, ["Q", "R"], 20, before)
    assert [answer.reason for answer in answers] == ["the session has not started yet"] * 2
    assert len(served_mexico.asked) == asked


def test_plan_counts_requests_before_they_are_sent(
    served_mexico: Any, make_online: MakeOnline, test_data: Path
) -> None:
    online = make_online()
    source = Source([online])
    weekend = _weekend(source, "2025-20")
    asked = len(served_mexico.asked)
    plan = plan_requests(source, [WeekendChoice(weekend, ["Q"], 20)])
    assert len(served_mexico.asked) == asked
    assert plan.jolpica_count == 1
    assert plan.request_count > 20
    assert plan.wait_s == 0.0
    real = Source([make_online(base_urls={})])
    assert plan_requests(real, [WeekendChoice(weekend, ["Q"], 20)] * 20).wait_s > 3600
    first = fetch_weekend(source, weekend, ["Q"], 20)
    known = {answer.response.url: answer.response for answer in first if answer.response is not None}
    again = plan_requests(source, [WeekendChoice(weekend, ["Q"], 20)], FetchOptions(known=known.get))
    assert again.request_count == 0
    stacked = Source([*open_source(f"mirror:{test_data / 'mirror'}").layers, online])
    assert plan_requests(stacked, [WeekendChoice(weekend, ["Q"], 20)]).request_count == 1
    assert plan_requests(Source(stacked.layers[:1]), [WeekendChoice(weekend, ["Q"], 20)]).request_count == 0


def test_fastf1s_mirror_is_asked_where_the_archive_refuses(
    served_mexico: Any, reply: Any, make_online: MakeOnline
) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    body = served_mexico.replies[QUALIFYING + "TimingData.jsonStream"][0].body
    served_mexico.serve(QUALIFYING + "TimingData.jsonStream", reply(403))
    served_mexico.serve(f"/mirror{QUALIFYING}TimingData.jsonStream", reply(body=body))
    served_mexico.serve(QUALIFYING + "Heartbeat.jsonStream", reply(403))
    topics = _topics(fetch_weekend(source, weekend, ["Q"], 20), "2025-20-Q")
    timing = topics["TimingData"].response
    assert timing is not None
    assert timing.url.startswith("https://livetiming-mirror.fastf1.dev/")
    assert "refused (403)" in (topics["Heartbeat"].reason or "")


def test_session_that_is_refused_whole_is_an_error(
    served_mexico: Any, reply: Any, make_online: MakeOnline
) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    for path in list(served_mexico.replies):
        if path.startswith(QUALIFYING):
            served_mexico.serve(path, reply(401))
    with pytest.raises(AccessDeniedError, match="2025-20-Q: nothing could be had"):
        fetch_weekend(source, weekend, ["Q"], 20)


def test_failing_upstream_fails_the_weekend(served_mexico: Any, reply: Any, make_online: MakeOnline) -> None:
    source = Source([make_online()])
    weekend = _weekend(source, "2025-20")
    served_mexico.serve(QUALIFYING + "TimingData.jsonStream", reply(500))
    with pytest.raises(UpstreamError, match="TimingData"):
        fetch_weekend(source, weekend, ["Q"], 20)
    served_mexico.serve(QUALIFYING + "Index.json", reply(body=b"<html>"))
    with pytest.raises(UnreadableDocumentError, match="not the index of a session"):
        fetch_weekend(source, weekend, ["Q"], 20)


def test_online_weekend_reaches_the_lake_and_coverage_names_what_is_missing(
    served_mexico: Any, reply: Any, make_online: MakeOnline, tmp_path: Path
) -> None:
    served_mexico.serve(QUALIFYING + "WeatherData.jsonStream", reply(body=b"\xef\xbb\xbf"))
    broken = served_mexico.replies[QUALIFYING + "TrackStatus.jsonStream"][0].body + b"broken\r\n"
    served_mexico.serve(QUALIFYING + "TrackStatus.jsonStream", reply(body=broken))
    source = Source([make_online()])
    options = RunOptions("run", "2025-20", ("Q",))
    with Lake.open(LakeSettings(home=tmp_path / "home")) as lake:
        fetch_raw(lake, options, source)
        compute_processed(lake, options, source)
        compute_curated(lake, options, CURATED)
        rows = lake.read("curated.coverage").to_pylist()
        fetched = lake.read("raw.live_timing__responses", columns=["url"]).num_rows
        fetch_raw(lake, options, Source([make_online()]))
        assert lake.read("raw.live_timing__responses", columns=["url"]).num_rows == fetched
    by_topic = {row["topic"]: row for row in rows if row["subject_key"] == "2025-20-Q"}
    assert by_topic["WeatherData"]["coverage_status"] == "empty"
    assert by_topic["TrackStatus"]["coverage_status"] == "partial"
    assert "line 4" in by_topic["TrackStatus"]["reason"]
    assert by_topic["TimingData"]["coverage_status"] == "available"
    assert by_topic["TimingData"]["rows_count"] == 307
    assert by_topic["TimingData"]["source_layer"] == "online"
    assert by_topic["LapCount"]["coverage_status"] == "absent"
    assert (by_topic["qualifying"]["coverage_status"], by_topic["qualifying"]["is_essential"]) == (
        "absent",
        True,
    )


def test_imported_and_absent_sessions_say_so(test_data: Path) -> None:
    source = open_source(f"fastf1-cache:{test_data / 'fastf1-cache'},mirror:{test_data / 'mirror'}")
    weekend = _weekend(source, "2024-08")
    answers = fetch_weekend(source, weekend, ["FP1", "R"], 8)
    rows = request_rows(answers, "2024-08", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).to_dicts()
    outcomes = {(row["session_key"], row["topic"]): row["outcome"] for row in rows}
    assert outcomes["2024-08-FP1", "session"] == "no_layer"
    assert outcomes["2024-08-R", "session"] == "imported"
    assert outcomes["2024-08-R", "results"] == "found"
    assert outcomes["2024-08-R", "laps/1"] == "no_layer"


def test_old_season_is_complete_through_its_pages(mirror: Source) -> None:
    answers = fetch_season(mirror, 1957)
    drivers = [answer for answer in answers if answer.request.topic == "drivers"]
    assert all(answer.response is not None and answer.reason is None for answer in drivers)
    assert [answer.request.kind for answer in answers].count("calendar") == 0


@pytest.mark.parametrize("f1_round", [4, 18])
def test_fastf1_gets_the_round_that_is_meant(mirror: Source, session_input: Any, f1_round: int) -> None:
    """FastF1 asks with the announced round; Jolpica's document of its own round is what it must get."""
    from sources.fastf1_sessions import _documents

    source_round = 6
    base = session_input(mirror, "2025-06-S")
    body = b"{}"
    url = f"https://api.jolpi.ca/ergast/f1/2026/{source_round}/results.json"
    wrong = f"https://api.jolpi.ca/ergast/f1/2026/{f1_round}/results.json"
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    session = SessionInput(
        session_key=f"2026-{f1_round:02d}-R",
        session_name="Race",
        archive_path="/static/x/",
        calendar=base.calendar,
        jolpica=(
            Response(url, 200, {}, body, now, "online"),
            Response(wrong, 200, {}, b"wrong", now, "online"),
        ),
        jolpica_round=source_round,
    )
    documents = _documents(session)
    assert documents[f"/ergast/f1/2026/{f1_round}/results"] == body
    assert b"wrong" not in documents.values()
