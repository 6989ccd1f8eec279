"""Spellings, pages and values of Jolpica's documents."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest

from sources.errors import UnreadableDocumentError
from sources.jolpica_documents import (
    document_parts,
    fetch_pages,
    page_head,
    read_documents,
    spelling_variants,
)
from sources.jolpica_lap_rows import read_laps, read_pit_stops
from sources.jolpica_rows import (
    read_calendar,
    read_qualifying_results,
    read_results,
    read_sprint_results,
)
from sources.jolpica_season_rows import (
    read_constructor_standings,
    read_constructors,
    read_driver_standings,
    read_drivers,
)
from sources.jolpica_values import date, duration_ms, instant, integer, number, text
from sources.responses import JOLPICA_URL, Response

URL = f"{JOLPICA_URL}/1960/10/driverstandings.json"


def _response(url: str, total: int, limit: int, offset: int, **table: Any) -> Response:
    head = {"limit": str(limit), "offset": str(offset), "total": str(total)}
    body = json.dumps({"MRData": head | table}).encode()
    return Response(url, 200, {}, body, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "mirror:/x")


def _race(**race: Any) -> Response:
    race = {"season": "1957", "round": "2", **race}
    return _response(URL, 1, 30, 0, RaceTable={"season": "1957", "Races": [race]})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2024/8/results.json", (2024, 8, "results", 0)),
        ("/2024/8/driverStandings.json?limit=100&offset=200", (2024, 8, "driverstandings", 200)),
        ("/2024/8/laps/1.json", (2024, 8, "laps/1", 0)),
        ("/2024/8/results/", (2024, 8, "results", 0)),
        ("/2024.json", (2024, None, "races", 0)),
        ("/2024/races.json", (2024, None, "races", 0)),
        ("/2024/drivers.json", (2024, None, "drivers", 0)),
    ],
)
def test_address_says_what_it_asks_for(path: str, expected: tuple[Any, ...]) -> None:
    parts = document_parts(JOLPICA_URL + path)
    assert parts is not None
    assert (parts.season, parts.round_number, parts.topic, parts.offset) == expected


def test_address_of_something_else_is_none() -> None:
    assert document_parts(f"{JOLPICA_URL}/seasons.json") is None


def test_other_spellings_of_an_address() -> None:
    variants = spelling_variants(URL)
    assert URL not in variants
    assert f"{JOLPICA_URL}/1960/10/driverStandings.json" in variants
    assert f"{URL}?limit=100&offset=0" in variants
    assert f"{JOLPICA_URL}/1960/10/driverstandings/" in variants
    assert f"{JOLPICA_URL}/2024.json" in spelling_variants(f"{JOLPICA_URL}/2024/races.json")
    camel = f"{JOLPICA_URL}/1960/10/constructorStandings.json"
    assert camel.replace("Standings", "standings") in spelling_variants(camel)


def test_bare_address_is_enough_within_its_limit() -> None:
    held = {URL: _response(URL, 30, 30, 0)}
    document = fetch_pages(URL, held.get)
    assert (document.pages, document.missing) == ((held[URL],), None)


def test_more_rows_than_the_limit_are_paged() -> None:
    pages = {f"{URL}?limit=100&offset={offset}": _response("p", 250, 100, offset) for offset in (0, 100, 200)}
    document = fetch_pages(URL, {URL: _response(URL, 250, 30, 0), **pages}.get)
    assert document.pages == tuple(pages.values())
    assert document.missing is None


def test_rows_that_no_layer_has_are_named() -> None:
    bare = _response(URL, 90, 30, 0)
    document = fetch_pages(URL, {URL: bare}.get)
    assert (document.pages, document.missing) == ((bare,), "rows 31 to 90 of 90 are missing")
    first = f"{URL}?limit=100&offset=0"
    document = fetch_pages(URL, {URL: _response(URL, 250, 30, 0), first: _response(first, 250, 100, 0)}.get)
    assert document.missing == "rows 101 to 250 of 250 are missing"


def test_missing_document_has_no_pages() -> None:
    assert fetch_pages(URL, lambda _: None).pages == ()
    missing = Response(URL, 404, {}, b"", dt.datetime.now(dt.UTC), "online")
    assert fetch_pages(URL, lambda _: missing).pages == (missing,)


def test_each_row_is_read_once_where_pages_overlap() -> None:
    bare, large = _response("bare", 150, 30, 0), _response("large", 150, 100, 0)
    rest = _response("rest", 150, 100, 100)
    assert [response.url for response, _ in read_documents([rest, bare, large])] == ["large", "rest"]
    assert [response.url for response, _ in read_documents([_response("none", 0, 30, 0)])] == ["none"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"MRData":[]}', b'{"MRData":{"limit":"x"}}'])
def test_document_that_is_none_is_named(body: bytes) -> None:
    response = Response(URL, 200, {}, body, dt.datetime.now(dt.UTC), "online")
    with pytest.raises(UnreadableDocumentError, match=r"1960/10/driverstandings\.json"):
        page_head(response)


def test_values_that_say_nothing_are_null() -> None:
    fields = {"a": "", "b": "None", "c": "x", "d": {"e": "1.5"}, "t": "1:2:3", "n": None}
    assert text(fields, "a") is None
    assert text(fields, "b") is None
    assert text(fields, "c", "d") is None
    assert text(fields, "n") is None
    assert integer(fields, "c") is None
    assert number(fields, "c") is None
    assert number(fields, "d", "e") == 1.5
    assert number(fields, "z") is None
    assert date(fields, "c") is None
    assert date(fields, "z") is None
    assert duration_ms(fields, "c") is None
    assert instant({"date": "2024-05-05"}) is None
    assert instant({"date": "2024-05-05", "time": "late"}) is None
    assert instant({"date": "2024-05-05", "time": "20:00:00"}) == dt.datetime(2024, 5, 5, 20, tzinfo=dt.UTC)
    assert instant({"date": "2024-05-05", "time": "20:00:00Z"}) == dt.datetime(2024, 5, 5, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1:15.586", 75_586), ("59.1", 59_100), ("1:30:49.876", 5_449_876), ("1:07", 67_000), ("+18.300", None)],
)
def test_durations_are_milliseconds(written: str, expected: int | None) -> None:
    assert duration_ms({"t": written}, "t") == expected


def _entry(position: str, **more: Any) -> dict[str, Any]:
    return {
        "number": "None",
        "position": position,
        "positionText": "R",
        "points": "1.5",
        "grid": "0",
        "laps": "3",
        "status": "Engine",
        "Driver": {"driverId": "fangio"},
        "Constructor": {"constructorId": "maserati", "name": "Maserati"},
        **more,
    }


def test_result_keeps_what_jolpica_says_and_nulls_what_it_does_not() -> None:
    first = _entry(
        "1", Time={"millis": "10", "time": "1:00"}, FastestLap={"lap": "2", "Time": {"time": "1:01.5"}}
    )
    rows = read_results([_race(Results=[first, _entry("2")])], "1957-02-R")
    row, last = rows.to_dicts()
    assert (row["race_time_ms"], row["gap_text"], row["fastest_lap_time_ms"]) == (10, "1:00", 61_500)
    assert (last["result_order"], last["position_text"], last["grid_position"]) == (2, "R", 0)
    for column in ("car_number", "race_time_ms", "driver_code", "date_of_birth", "fastest_lap_rank"):
        assert last[column] is None
    assert (last["round_id_jolpica"], last["status"], last["points"]) == (2, "Engine", 1.5)
    assert last["source_layer"] == "mirror"


def test_race_that_was_not_held_has_no_rows() -> None:
    empty = _response(URL, 0, 30, 0, RaceTable={"season": "2026", "Races": []})
    assert read_results([empty], "2026-01-R").is_empty()
    assert read_sprint_results([], "2026-01-S").is_empty()
    assert read_qualifying_results([], "2026-01-Q").schema["q1_ms"] == pl.Int64


def test_document_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match="without SprintResults"):
        read_sprint_results([_race(Results=[])], "1957-02-S")
    with pytest.raises(UnreadableDocumentError, match="names no driver"):
        read_results([_race(Results=[_entry("1", Driver={})])], "1957-02-R")
    with pytest.raises(UnreadableDocumentError, match="position is missing"):
        read_qualifying_results([_race(QualifyingResults=[_entry("")])], "1957-02-Q")
    with pytest.raises(UnreadableDocumentError, match="no list of races"):
        read_calendar([_response(URL, 1, 30, 0)], 1957)
    with pytest.raises(UnreadableDocumentError, match="no list of Drivers"):
        read_drivers([_response(URL, 1, 30, 0)], 1957)


def _laps_page(offset: int, laps: list[dict[str, Any]]) -> Response:
    races = [{"season": "2012", "round": "5", "Laps": laps}]
    url = f"{JOLPICA_URL}/2012/5/laps.json?limit=100&offset={offset}"
    return _response(url, 103, 100, offset, RaceTable={"season": "2012", "Races": races})


def _timing(driver: str, position: int, time: str | None) -> dict[str, Any]:
    return {"driverId": driver, "position": str(position), "time": time}


def test_a_page_may_end_within_a_lap() -> None:
    first = _laps_page(0, [{"number": "1", "Timings": [_timing("maldonado", 1, "1:38.109")] * 100}])
    rest = [_timing("alonso", 2, "1:38.5"), _timing("massa", 3, None)]
    second = _laps_page(
        100,
        [{"number": "1", "Timings": rest}, {"number": "2", "Timings": [_timing("alonso", 1, "18:27.400")]}],
    )
    rows = read_laps([first, second], "2012-05-R")
    assert rows.height == 103
    assert rows.tail(3).select("driver_id_jolpica", "lap_number", "position", "lap_time_ms").rows() == [
        ("alonso", 1, 2, 98_500),
        ("massa", 1, 3, None),
        ("alonso", 2, 1, 1_107_400),
    ]
    assert rows["session_key"].unique().to_list() == ["2012-05-R"]


def test_laps_that_cannot_be_told_apart_are_refused() -> None:
    for laps, what in (
        ([{"number": "1"}], "without Timings"),
        ([{"Timings": [_timing("alonso", 1, None)]}], "number is missing"),
        ([{"number": "1", "Timings": [{"position": "1"}]}], "names no driver"),
    ):
        with pytest.raises(UnreadableDocumentError, match=what):
            read_laps([_laps_page(0, laps)], "2012-05-R")


def test_pit_stops_of_seconds_and_of_minutes() -> None:
    stops = [
        {"driverId": "alonso", "lap": "10", "stop": "1", "time": "14:16:03", "duration": "20.942"},
        {"driverId": "alonso", "lap": "41", "stop": "2", "time": "15:11:00", "duration": "16:44.718"},
    ]
    rows = read_pit_stops([_race(PitStops=stops)], "2012-05-R")
    assert rows["pit_lane_time_ms"].to_list() == [20_942, 1_004_718]
    assert rows["local_time"].to_list() == ["14:16:03", "15:11:00"]
    assert rows["stop_number"].to_list() == [1, 2]
    with pytest.raises(UnreadableDocumentError, match="stop is missing"):
        read_pit_stops([_race(PitStops=[{"driverId": "alonso", "lap": "1"}])], "2012-05-R")


def test_a_row_of_the_standings_without_a_driver_is_refused() -> None:
    lists = [{"season": "1957", "round": "8", "DriverStandings": [{"points": "1", "Constructors": []}]}]
    page = _response(URL, 1, 30, 0, StandingsTable={"StandingsLists": lists})
    with pytest.raises(UnreadableDocumentError, match="without driverId"):
        read_driver_standings([page], "1957-08")


def test_calendar_without_times_has_dates_only() -> None:
    row = read_calendar(
        [_race(raceName="Monaco Grand Prix", date="1957-05-19", Circuit={"circuitId": "monaco"})], 1957
    )
    assert row["race_date"].to_list() == [dt.date(1957, 5, 19)]
    assert row["race_start_at"].to_list() == [None]
    assert row["latitude_deg"].to_list() == [None]


def test_standings_drivers_and_constructors_are_rows() -> None:
    drivers = [
        {
            "position": "1",
            "positionText": "1",
            "points": "40",
            "wins": "4",
            "Driver": {"driverId": "fangio"},
            "Constructors": [{"constructorId": "maserati"}, {"constructorId": "ferrari"}],
        },
        {"positionText": "-", "points": "0", "wins": "0", "Driver": {"driverId": "x"}, "Constructors": []},
    ]
    lists = [{"season": "1957", "round": "8", "DriverStandings": drivers}]
    page = _response(URL, 2, 30, 0, StandingsTable={"StandingsLists": lists})
    rows = read_driver_standings([page], "1957-08")
    assert rows["weekend_key"].to_list() == ["1957-08"] * 2
    assert rows["constructor_ids_jolpica"].to_list() == ["maserati|ferrari", None]
    assert rows["position"].to_list() == [1, None]
    teams = [{"position": "1", "points": "1", "wins": "0", "Constructor": {"constructorId": "ferrari"}}]
    lists = [{"season": "1958", "round": "1", "ConstructorStandings": teams}]
    page = _response(URL, 1, 30, 0, StandingsTable={"StandingsLists": lists})
    rows = read_constructor_standings([page], "1958-01")
    assert rows["constructor_id_jolpica"].to_list() == ["ferrari"]
    people = _response(
        URL, 1, 30, 0, DriverTable={"Drivers": [{"driverId": "fangio", "dateOfBirth": "1911-06-24"}]}
    )
    assert read_drivers([people], 1957)["date_of_birth"].to_list() == [dt.date(1911, 6, 24)]
    makers = _response(URL, 1, 30, 0, ConstructorTable={"Constructors": [{"constructorId": "ferrari"}]})
    assert read_constructors([makers], 1957)["constructor_id_jolpica"].to_list() == ["ferrari"]
