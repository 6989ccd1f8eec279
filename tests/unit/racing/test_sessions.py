"""Sessions of a weekend are those announced, timed or known by a result."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from racing.sessions import describe_sessions

UTC = pl.Datetime("us", "UTC")
WEEKENDS = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "round_id_jolpica": pl.Int32,
    "scheduled_date": pl.Date,
    "matched_by": pl.String,
}
CALENDAR = {
    "season": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "race_start_at": UTC,
    "sprint_start_at": UTC,
    "qualifying_start_at": UTC,
}
SCHEDULE = {
    "season": pl.Int32,
    "round_number": pl.Int32,
    "test_number": pl.Int32,
    "session_code": pl.String,
    "session_name": pl.String,
    "session_number": pl.Int32,
    "scheduled_start_at": UTC,
    "gmt_offset": pl.String,
}
TIMING = {
    "session_key": pl.String,
    "session_name": pl.String,
    "scheduled_start_at": UTC,
    "gmt_offset": pl.String,
    "session_id_f1": pl.Int32,
    "scheduled_laps_count": pl.Int32,
    "clock_started_at": UTC,
    "started_session_time_ms": pl.Int64,
    "ended_session_time_ms": pl.Int64,
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def keyed(*keys: str) -> pl.DataFrame:
    return pl.DataFrame({"session_key": list(keys)}, schema={"session_key": pl.String})


def announced(
    code: str, name: str, number: int, start: str | None, round_number: int | None = 8
) -> dict[str, Any]:
    return {
        "season": 2024,
        "round_number": round_number,
        "test_number": None if round_number else 1,
        "session_code": code,
        "session_name": name,
        "session_number": number,
        "scheduled_start_at": at(start) if start else None,
        "gmt_offset": "+02:00",
    }


def described(
    schedule: list[dict[str, Any]],
    timing: list[dict[str, Any]] | None = None,
    *,
    weekend: str = "2024-08",
    matched_by: str = "date_and_circuit",
    jolpica_race_start: str | None = None,
    **known: pl.DataFrame,
) -> list[dict[str, Any]]:
    season = int(weekend[:4])
    weekends = [(season, weekend, 8, dt.date(2024, 5, 26), matched_by)]
    rounds = [(season, 8, at(jolpica_race_start), None, None)] if jolpica_race_start else []
    frames = {
        name: known.get(name, keyed())
        for name in ("laps", "car_telemetry", "results", "sprint_results", "qualifying_results")
    }
    return describe_sessions(
        weekends=pl.DataFrame(weekends, WEEKENDS, orient="row"),
        schedule=pl.DataFrame(schedule, schema=SCHEDULE),
        jolpica_calendar=pl.DataFrame(rounds, CALENDAR, orient="row"),
        timing_sessions=pl.DataFrame(timing or [], schema=TIMING),
        **frames,
    ).to_dicts()


def test_announced_sessions_are_there_before_anything_was_read() -> None:
    rows = described(
        [
            announced("Q", "Qualifying", 4, "2024-05-25T14:00"),
            announced("R", "Race", 5, "2024-05-26T13:00"),
            announced("R", "Race", 5, "2024-06-09T13:00", round_number=9),
        ]
    )
    assert [(row["session_key"], row["session_number"], row["session_name"]) for row in rows] == [
        ("2024-08-Q", 1, "Qualifying"),
        ("2024-08-R", 2, "Race"),
    ]
    assert rows[0]["scheduled_date"] == dt.date(2024, 5, 25)
    assert not any(rows[0][name] for name in ("has_timing", "has_telemetry", "has_official_result"))
    assert rows[0]["started_at"] is None


def test_local_date_is_that_of_the_circuit() -> None:
    late = {**announced("R", "Race", 5, "2024-11-24T06:00"), "gmt_offset": "-08:00"}
    assert described([late])[0]["scheduled_date"] == dt.date(2024, 11, 23)


def test_true_start_and_end_are_on_the_session_clock() -> None:
    timing = {
        "session_key": "2024-08-R",
        "session_name": "Race",
        "session_id_f1": 9523,
        "scheduled_laps_count": 78,
        "clock_started_at": at("2024-05-26T12:00"),
        "started_session_time_ms": 3_780_000,
        "ended_session_time_ms": 12_000_000,
    }
    row = described([announced("R", "Race", 5, "2024-05-26T13:00")], [timing])[0]
    assert row["started_at"] == at("2024-05-26T13:03")
    assert row["ended_at"] == at("2024-05-26T15:20")
    assert (row["session_id_f1"], row["scheduled_laps_count"]) == (9523, 78)


def test_session_without_a_dated_clock_has_no_true_start() -> None:
    timing = {"session_key": "2024-08-R", "started_session_time_ms": 3_780_000}
    assert described([announced("R", "Race", 5, "2024-05-26T13:00")], [timing])[0]["started_at"] is None


def test_what_is_in_the_lake_is_said_for_each_session() -> None:
    rows = described(
        [announced("Q", "Qualifying", 4, "2024-05-25T14:00"), announced("R", "Race", 5, "2024-05-26T13:00")],
        laps=keyed("2024-08-Q", "2024-08-R"),
        car_telemetry=keyed("2024-08-Q"),
        results=keyed("2024-08-R", "2024-08-R"),
    )
    assert [(row["has_timing"], row["has_telemetry"], row["has_official_result"]) for row in rows] == [
        (True, True, False),
        (True, False, True),
    ]


def test_session_that_only_the_feed_knows_comes_after_the_announced() -> None:
    timing = {"session_key": "2024-08-FP3", "session_name": "Practice 3"}
    rows = described([announced("R", "Race", 5, "2024-05-26T13:00")], [timing])
    assert [row["session_key"] for row in rows] == ["2024-08-R", "2024-08-FP3"]


def test_race_of_a_season_without_a_calendar_is_there_with_its_date() -> None:
    rows = described([], weekend="1956-01", matched_by="jolpica_only", qualifying_results=keyed("1956-01-Q"))
    assert [(row["session_key"], row["session_name"]) for row in rows] == [
        ("1956-01-Q", "Qualifying"),
        ("1956-01-R", "Race"),
    ]
    assert [row["scheduled_date"] for row in rows] == [None, dt.date(2024, 5, 26)]
    assert [row["has_official_result"] for row in rows] == [True, False]


def test_start_that_only_jolpica_knows_stands_and_leaves_the_order_as_it_was() -> None:
    rows = described(
        [],
        weekend="2007-08",
        matched_by="jolpica_only",
        jolpica_race_start="2007-06-10T17:00",
        qualifying_results=keyed("2007-08-Q"),
    )
    assert [(row["session_code"], row["scheduled_start_at"]) for row in rows] == [
        ("Q", None),
        ("R", at("2007-06-10T17:00")),
    ]


def test_start_of_the_f1_calendar_comes_before_jolpicas() -> None:
    race = announced("R", "Race", 5, "2024-05-26T13:00")
    (row,) = described([race], jolpica_race_start="2024-05-26T14:00")
    assert row["scheduled_start_at"] == at("2024-05-26T13:00")


def test_starts_by_the_clock_of_the_circuit_are_no_utc_and_left_out() -> None:
    for season, start in ((2006, None), (2007, at("2007-03-18T14:00"))):
        (row,) = described(
            [],
            weekend=f"{season}-08",
            matched_by="jolpica_only",
            jolpica_race_start=f"{season}-03-18T14:00",
        )
        assert row["scheduled_start_at"] == start


def test_days_of_a_test_are_its_sessions() -> None:
    days = [announced(f"D{day}", f"Practice {day}", day, None, round_number=None) for day in (1, 2, 3)]
    assert [row["session_key"] for row in described(days, weekend="2024-T1")] == [
        "2024-T1-D1",
        "2024-T1-D2",
        "2024-T1-D3",
    ]
