"""Classified entries: official where there is a result, else what timing gives, marked so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from racing.results import RESULT_SCHEMA, classify_entries

Build = Callable[..., Any]
KEY = "2030-01-R"
QUALIFYING: dict[str, Any] = {
    "session_key": pl.String,
    "result_order": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "driver_code": pl.String,
    "constructor_id_jolpica": pl.String,
    "position": pl.Int32,
    "q1_ms": pl.Int64,
    "q2_ms": pl.Int64,
    "q3_ms": pl.Int64,
}
IDENTITIES = {
    "session_key": pl.String,
    "car_number": pl.String,
    "driver_key": pl.String,
    "team_key": pl.String,
    "driver_code": pl.String,
}
STATUS = pl.DataFrame(schema={"session_time_ms": pl.Int64, "status": pl.String})


def classify(race: Any, key: str = KEY, **changes: pl.DataFrame) -> pl.DataFrame:
    none = race.entry_frame().clear()
    inputs = {
        "results": race.entry_frame(),
        "sprint_results": none,
        "qualifying_results": pl.DataFrame(schema=QUALIFYING),
        "driver_identities": pl.DataFrame(schema=IDENTITIES),
        "laps": race.lap_frame(),
        "session_status": STATUS,
    }
    return classify_entries(**(inputs | changes), session_key=key)


def test_official_result_is_taken_over(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000, "3": 120_000})
    rows = classify(race)
    assert dict(rows.schema) == RESULT_SCHEMA
    assert rows.select("result_order", "driver_key", "position", "position_text", "is_classified").rows() == [
        (1, "driver_1", 1, "1", True),
        (2, "driver_2", 2, "2", True),
        (3, "driver_3", 3, "3", True),
    ]
    assert rows["gap_to_winner_ms"].to_list() == [0, 5_000, None]
    assert set(rows["result_source"]) == {"official"}
    assert rows.select("season", "weekend_key", "session_key").row(0) == (2030, "2030-01", KEY)


def test_lapped_and_retired_cars_have_no_time(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 120_000, "3": 81_000})
    race.entry("2")["race_time_ms"] = 480_000
    race.retire("3", 2)
    rows = classify(race).sort("car_number")
    assert rows["race_time_ms"].to_list() == [400_000, None, None]
    assert rows["position"].to_list() == [1, 3, None]
    assert rows["is_classified"].to_list() == [True, True, False]


def test_disqualified_entry_with_a_number_is_not_classified(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000})
    race.entry("2")["status"] = "Disqualified"
    second = classify(race).row(1, named=True)
    assert (second["position"], second["position_text"], second["is_classified"]) == (None, "2", False)
    assert second["race_time_ms"] is None


def test_shared_drives_are_several_entries_of_one_car(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000})
    shared = race.entry("2") | {"result_order": 3, "driver_id_jolpica": "driver_9", "points": 1.5}
    race.entries.append(shared)
    race.laps = []
    rows = classify(race)
    assert rows["car_number"].to_list() == ["1", "2", "2"]
    assert rows["points"].to_list() == [0.0, 0.0, 1.5]


def test_code_of_the_session_stands_in_for_a_missing_one(small_race: Build) -> None:
    race = small_race({"1": 80_000})
    race.entry("1")["driver_code"] = None
    known = pl.DataFrame([(KEY, "1", "driver_1", "team", "ONE")], schema=IDENTITIES, orient="row")
    assert classify(race, driver_identities=known)["driver_code"].to_list() == ["ONE"]


def test_timing_classifies_a_race_without_a_result(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000, "3": 81_100, "4": 100_000}, 20)
    race.retire("3", 18)
    race.retire("2", 17)
    known = pl.DataFrame([(KEY, "1", "norris", "mclaren", "NOR")], schema=IDENTITIES, orient="row")
    rows = classify(race, results=race.entry_frame().clear(), driver_identities=known)
    assert rows.select("car_number", "position_text", "status", "laps_completed").rows() == [
        ("1", "1", "Finished", 20),
        ("3", "2", "Retired", 18),
        ("2", "R", "Retired", 17),
        ("4", "R", "Lapped", 16),
    ]
    assert rows["is_classified"].to_list() == [True, True, False, False]
    assert set(rows["result_source"]) == {"timing"}
    assert rows["points"].is_null().all()
    assert rows.select("driver_key", "team_key", "driver_code").rows()[:2] == [
        ("norris", "mclaren", "NOR"),
        ("driver_3", None, None),
    ]


def test_official_qualifying_has_segments_and_no_race_columns(small_race: Build) -> None:
    row = ("2030-01-Q", 1, "1", "driver_1", "ONE", "team", 1, 80_000, 79_000, None)
    qualifying = pl.DataFrame([row], schema=QUALIFYING, orient="row")
    entry = classify(small_race({"1": 80_000}), "2030-01-Q", qualifying_results=qualifying).row(0, named=True)
    assert (entry["q1_ms"], entry["q2_ms"], entry["q3_ms"]) == (80_000, 79_000, None)
    assert (entry["position_text"], entry["is_classified"], entry["laps_completed"]) == ("1", None, None)


def test_timing_classifies_sprint_qualifying(small_race: Build) -> None:
    race = small_race({"1": 81_000, "2": 80_000})
    status = pl.DataFrame([(1, "Started")], schema=STATUS.schema, orient="row")
    rows = classify(race, "2030-01-SQ", session_status=status)
    assert rows.select("car_number", "position", "q1_ms", "result_source").rows() == [
        ("2", 1, 80_000, "timing"),
        ("1", 2, 81_000, "timing"),
    ]


@pytest.mark.parametrize("code", ["FP1", "D2"])
def test_practice_has_no_result(small_race: Build, code: str) -> None:
    rows = classify(small_race({"1": 80_000}), f"2030-01-{code}")
    assert rows.is_empty()
    assert dict(rows.schema) == RESULT_SCHEMA


@pytest.mark.parametrize("code", ["S", "Q", "SQ"])
def test_neither_result_nor_timing_gives_no_rows(small_race: Build, code: str) -> None:
    race = small_race({"1": 80_000})
    assert classify(race, f"2030-01-{code}", laps=race.lap_frame().clear()).is_empty()
