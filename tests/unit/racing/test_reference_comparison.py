"""Differences to reference works: each rule on its case, and a witness where two of three agree."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from racing.official_status import outcome_of, status_class
from racing.reference_comparison import REFERENCE_SCHEMA, compare_results

KEY = "2030-01-R"
OURS = REFERENCE_SCHEMA | {"driver_key": pl.String(), "status": pl.String()}


def entry(place: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(OURS)
    return row | {
        "session_key": KEY,
        "car_number": str(place),
        "driver_key": f"driver_{place}",
        "result_order": place,
        "position_text": str(place),
        "status": "Finished",
        "status_text": "Finished",
        "laps_completed": 50,
        "points": 0.0,
        "grid_position": place,
        "race_time_ms": 5_000_000 + place * 1_000,
        **changes,
    }


def compare(
    ours: list[dict[str, Any]], theirs: list[dict[str, Any]], third: list[dict[str, Any]] | None = None
) -> list[tuple[str, str, str]]:
    def reference(rows: list[dict[str, Any]]) -> pl.DataFrame:
        return pl.DataFrame(rows, schema=OURS).select(list(REFERENCE_SCHEMA))

    rows = compare_results(
        pl.DataFrame(ours, schema=OURS),
        reference(theirs),
        "book",
        witness=None if third is None else reference(third),
    )
    assert set(rows["right_source"]) <= {"book"}
    return rows.select("measure", "subject", "rule").rows()


def test_equal_results_have_no_differences() -> None:
    rows = [entry(1), entry(2)]
    assert compare(rows, rows) == []
    assert compare([], []) == []


def test_value_that_the_reference_does_not_state_is_no_difference() -> None:
    assert compare([entry(1)], [entry(1, grid_position=None, laps_completed=None)]) == []


def test_entry_of_one_side_is_unexplained() -> None:
    assert compare([entry(1), entry(2)], [entry(1)]) == [("entry", "2", "UNEXPLAINED")]
    assert compare([entry(1)], [entry(1), entry(2)]) == [("entry", "2", "UNEXPLAINED")]


SINGLE: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("race_time_ms", {}, {"race_time_ms": 5_001_001}, "rounded_millisecond"),
    ("race_time_ms", {}, {"race_time_ms": 5_001_000 - 3_600_000}, "hours_dropped"),
    ("race_time_ms", {}, {"race_time_ms": 5_011_000, "penalty_ms": 10_000}, "penalty_in_one_time"),
    ("race_time_ms", {}, {"race_time_ms": 5_011_000}, "UNEXPLAINED"),
    ("race_time_ms", {}, {"race_time_ms": 5_001_002}, "UNEXPLAINED"),
    (
        "race_time_ms",
        {"position_text": "D", "status": "Disqualified", "race_time_ms": None},
        {"position_text": "DSQ"},
        "disqualification",
    ),
    ("grid_position", {"grid_position": 20}, {"grid_position": 0}, "pit_lane_start"),
    ("grid_position", {"grid_position": 0}, {"grid_position": 15}, "pit_lane_start"),
    ("grid_position", {"grid_position": 3}, {"grid_position": 5}, "UNEXPLAINED"),
    ("points", {"points": 8.0}, {"points": 6.0}, "UNEXPLAINED"),
    ("laps_completed", {}, {"laps_completed": 49}, "UNEXPLAINED"),
    (
        "position",
        {"position_text": "W", "laps_completed": 20},
        {"position_text": "DNF", "laps_completed": 20},
        "withdrawn_during_race",
    ),
    (
        "position",
        {"position_text": "R", "laps_completed": 0},
        {"position_text": "DNS", "laps_completed": None},
        "did_not_start",
    ),
    ("status_class", {}, {"status_text": "Gearbox"}, "UNEXPLAINED"),
]


@pytest.mark.parametrize(("measure", "ours", "theirs", "rule"), SINGLE)
def test_difference_is_named(measure: str, ours: dict[str, Any], theirs: dict[str, Any], rule: str) -> None:
    found = compare([entry(1, **ours)], [entry(1, **theirs)])
    assert (measure, "1", rule) in found


def test_car_that_stopped_is_classified_by_distance_in_one_source() -> None:
    for laps in (45, 44):
        ours = [entry(1), entry(2, position_text="R", status="Gearbox", laps_completed=laps)]
        theirs = [entry(1), entry(2, status_text="Gearbox", laps_completed=laps)]
        assert compare(ours, theirs) == [("position", "2", "classified_by_distance")]


def test_placed_car_that_was_not_running_may_keep_its_cause() -> None:
    ours, theirs = entry(2, laps_completed=48), entry(2, laps_completed=48, status_text="Gearbox")
    assert compare([entry(1), ours], [entry(1), theirs]) == [("status_class", "2", "classified_not_running")]


def test_gap_to_the_car_ahead_is_recognised() -> None:
    wrong = entry(3, race_time_ms=5_001_000 + 1_000)
    rows = [entry(1), entry(2), entry(3)]
    assert compare([entry(1), entry(2), wrong], rows) == [("race_time_ms", "3", "gap_to_car_ahead")]


def test_penalty_in_one_order_moves_both_cars() -> None:
    first, second = entry(1), entry(2, position_text="2")
    theirs = [
        entry(1, result_order=2, position_text="2", penalty_ms=5_000),
        entry(2, result_order=1, position_text="1"),
    ]
    found = compare([first, second], theirs)
    assert {rule for _, _, rule in found} == {"penalty_in_one_order"}


def test_grid_closes_up_behind_a_car_that_left_it() -> None:
    ours = [entry(1), entry(2), entry(3)]
    theirs = [entry(1), entry(2, grid_position=0), entry(3, grid_position=2)]
    assert compare(ours, theirs) == [
        ("grid_position", "2", "pit_lane_start"),
        ("grid_position", "3", "grid_closed_up"),
    ]


def test_witness_says_which_source_is_alone() -> None:
    ours, theirs = [entry(1, points=8.0)], [entry(1, points=6.0)]
    assert compare(ours, theirs, ours) == [("points", "1", "reference_stands_alone")]
    assert compare(ours, theirs, theirs) == [("points", "1", "official_stands_alone")]
    assert compare(ours, theirs, [entry(1, points=4.0)]) == [("points", "1", "UNEXPLAINED")]
    assert compare(ours, theirs, []) == [("points", "1", "UNEXPLAINED")]


def qualifier(place: int, **changes: Any) -> dict[str, Any]:
    empty = {"laps_completed": None, "race_time_ms": None, "grid_position": None, "points": None}
    times = {"session_key": "2030-01-Q", "status": None, "status_text": None, "q1_ms": 80_000 + place}
    return entry(place, **(empty | times | changes))


QUALIFYING: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"q1_ms": None}, {"q1_ms": None, "position_text": "NC"}, "no_qualifying_time"),
    ({"q1_ms": 90_000}, {"q1_ms": 90_000, "position_text": "NC"}, "no_qualifying_time"),
    ({"q1_ms": 82_000}, {"q1_ms": 82_000, "position_text": "NC"}, "UNEXPLAINED"),
    ({"q1_ms": None}, {"q1_ms": None, "position_text": "EX"}, "disqualified_from_qualifying"),
    ({"position_text": "1"}, {"position_text": "DSQ"}, "disqualified_from_qualifying"),
    ({}, {"position_text": "DSQ"}, "UNEXPLAINED"),
]


@pytest.mark.parametrize(("ours", "theirs", "rule"), QUALIFYING)
def test_qualifying_difference_is_named(ours: dict[str, Any], theirs: dict[str, Any], rule: str) -> None:
    found = compare([qualifier(1), qualifier(2, **ours)], [qualifier(1), qualifier(2, **theirs)])
    assert ("position", "2", rule) in found


def test_entry_without_a_time_in_qualifying_did_not_take_part() -> None:
    lone = qualifier(2, q1_ms=None)
    assert compare([qualifier(1), lone], [qualifier(1)]) == [("entry", "2", "did_not_take_part")]


@pytest.mark.parametrize(
    ("text", "status", "expected"),
    [
        ("7", "Finished", "PLACED"),
        ("19", "Disqualified", "DISQUALIFIED"),
        ("EX", None, "DISQUALIFIED"),
        ("DNS", None, "NOT_STARTED"),
        ("DNF", None, "NOT_CLASSIFIED"),
        ("N", None, "NOT_CLASSIFIED"),
    ],
)
def test_outcome_is_one_whatever_the_words(text: str, status: str | None, expected: str) -> None:
    assert outcome_of({"position_text": text, "status": status}) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Finished", "FINISHED"),
        ("Lapped", "LAPPED"),
        ("+1 Lap", "LAPPED"),
        ("+12 Laps", "LAPPED"),
        ("Gearbox", "RETIRED"),
        ("Did not start", "NOT_STARTED"),
        ("Excluded", "DISQUALIFIED"),
        ("Withdrew", None),
        (None, None),
    ],
)
def test_status_has_a_class(status: str | None, expected: str | None) -> None:
    assert status_class(status) == expected
