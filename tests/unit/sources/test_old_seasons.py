"""What is asked for of seasons and races without live timing, and what is known not to be there."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from assets.raw.requests import request_rows
from sources.calendar_documents import CalendarSession, CalendarWeekend
from sources.documents import result_requests
from sources.fetch import fetch_weekend
from sources.fetch_documents import FetchOptions
from sources.jolpica_documents import fetch_pages
from sources.online_layer import OnlineLayer, OnlineSettings
from sources.open_source import Source
from sources.request_plan import WeekendChoice, plan_requests
from sources.responses import JOLPICA_URL, Response
from sources.seasons import no_live_timing_reason, not_kept_reason

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def weekend(season: int) -> CalendarWeekend:
    key = f"{season}-05"
    sessions = tuple(CalendarSession(f"{key}-{code}", code, code, None, None) for code in ("Q", "R"))
    return CalendarWeekend(key, season, 5, None, "Grand Prix", dt.date(season, 5, 13), sessions)


def page(url: str, total: int, offset: int) -> Response:
    head = {"limit": "100", "offset": str(offset), "total": str(total)}
    body = json.dumps({"MRData": {**head, "RaceTable": {"Races": []}}}).encode()
    return Response(url, 200, {}, body, NOW, "online")


class CountingLayer:
    """Has the laps of one race, and remembers what it was asked for."""

    name = "mirror:/x"
    is_remote = False

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[str] = []

    def get(self, url: str, previous: Response | None = None) -> Response | None:  # noqa: ARG002
        self.asked.append(url)
        offset = int(url.rpartition("offset=")[2]) if "offset=" in url else 0
        return page(url, self.total, offset) if "/laps.json" in url else None

    def has_session(self, api_path: str) -> bool:  # noqa: ARG002
        return False

    def parsed_session(self, api_path: str) -> Path | None:  # noqa: ARG002
        return None


@pytest.mark.parametrize(
    ("topic", "season", "reason"),
    [
        ("laps", 1995, "Jolpica has laps from 1996 on"),
        ("laps", 1996, None),
        ("pitstops", 2010, "Jolpica has pitstops from 2011 on"),
        ("constructorstandings", 1957, "Jolpica has constructorstandings from 1958 on"),
        ("results", 1950, None),
    ],
)
def test_a_season_before_the_first_has_a_reason(topic: str, season: int, reason: str | None) -> None:
    assert not_kept_reason(topic, season) == reason


def test_live_timing_begins_in_2018() -> None:
    assert no_live_timing_reason(2017) == "live timing begins in 2018"
    assert no_live_timing_reason(2018) is None


def test_race_without_timing_wants_laps_and_stops_in_full_pages() -> None:
    requests = {
        request.topic: request for request in result_requests(weekend(2012), 5, ["R"], has_timing=False)
    }
    assert list(requests) == ["results", "laps", "pitstops", "driverstandings", "constructorstandings"]
    assert requests["laps"].url == f"{JOLPICA_URL}/2012/5/laps.json?limit=100&offset=0"
    assert requests["laps"].pages_at_most > requests["pitstops"].pages_at_most == 1
    assert not requests["laps"].required


def test_what_is_not_kept_is_essential_for_nobody() -> None:
    requests = {request.topic: request for request in result_requests(weekend(1993), 5, ["Q", "R"])}
    assert requests["qualifying"].not_kept is not None
    assert not requests["qualifying"].required
    assert requests["results"].required


def test_long_document_begins_with_its_full_first_page() -> None:
    first = f"{JOLPICA_URL}/2012/5/laps.json?limit=100&offset=0"
    second = first.replace("offset=0", "offset=100")
    asked: list[str] = []

    def get(url: str) -> Response:
        asked.append(url)
        return page(url, 150, 100 if url == second else 0)

    document = fetch_pages(first, get)
    assert asked == [first, second]
    assert (len(document.pages), document.missing) == (2, None)


def test_nobody_is_asked_for_what_is_not_kept_and_each_gap_is_a_row() -> None:
    layer = CountingLayer(250)
    answers = fetch_weekend(Source([layer]), weekend(2005), ["Q", "R"], 5, FetchOptions(now=NOW))
    assert not [url for url in layer.asked if "pitstops" in url or "livetiming" in url]
    rows = request_rows(answers, "2005-05", NOW).to_dicts()
    outcomes = {(row["session_key"], row["topic"]): (row["outcome"], row["reason"]) for row in rows}
    assert outcomes["2005-05-R", "session"] == ("not_kept", "live timing begins in 2018")
    assert outcomes["2005-05-Q", "session"] == ("not_kept", "live timing begins in 2018")
    assert outcomes["2005-05-R", "pitstops"] == ("not_kept", "Jolpica has pitstops from 2011 on")
    assert outcomes["2005-05-R", "laps"] == ("found", None)
    assert outcomes["2005-05-R", "results"][0] == "no_layer"
    assert sum(row["topic"] == "laps" for row in rows) == 3


def test_plan_counts_the_pages_of_laps_and_nothing_that_is_not_kept(tmp_path: Path) -> None:
    source = Source([OnlineLayer(OnlineSettings(home=tmp_path))])

    def planned(season: int) -> Any:
        return plan_requests(source, [WeekendChoice(weekend(season), ("Q", "R"), 5)])

    assert planned(1957).request_count == 2  # results and standings of drivers
    assert planned(1990).request_count == 3
    assert planned(1999).request_count == 22
    assert planned(2012).request_count == planned(2012).jolpica_count == 23
