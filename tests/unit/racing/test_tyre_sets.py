"""Stints of one compound are joined to sets by the age of the tyres."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.tyre_sets import TYRE_SET_SCHEMA, list_tyre_sets

STINTS = {
    "session_key": pl.String,
    "car_number": pl.String,
    "stint_number": pl.Int32,
    "compound": pl.String,
    "compound_grade": pl.String,
    "is_new_set": pl.Boolean,
    "tyre_age_start_laps": pl.Int32,
    "tyre_age_end_laps": pl.Int32,
    "laps_count": pl.Int32,
    "driver_key": pl.String,
}
GRADES = {"HARD": "C1", "SOFT": "C4"}
SESSIONS = pl.DataFrame(
    {"session_key": ["2030-01-Q", "2030-01-R", "2030-01-FP1"], "session_number": [2, 3, 1]},
    schema={"session_key": pl.String, "session_number": pl.Int32},
)


def sets(*stints: tuple[Any, ...]) -> pl.DataFrame:
    """Return the sets of stints given as session, number, compound, is new, age at start and end."""
    rows = [
        {
            "session_key": f"2030-01-{code}",
            "car_number": "7",
            "stint_number": number,
            "compound": compound,
            "compound_grade": GRADES.get(compound),
            "is_new_set": is_new,
            "tyre_age_start_laps": start,
            "tyre_age_end_laps": end,
            "laps_count": (end or 1) - (start or 1) + 1,
            "driver_key": "swift",
        }
        for code, number, compound, is_new, start, end in stints
    ]
    return list_tyre_sets(pl.DataFrame(rows, schema=STINTS), SESSIONS, weekend_key="2030-01")


def test_used_set_is_recognised_by_compound_and_age_across_sessions() -> None:
    found = sets(
        ("R", 1, "SOFT", False, 5, 20),
        ("Q", 1, "SOFT", True, 1, 4),
        ("Q", 2, "SOFT", True, 1, 3),
        ("R", 2, "HARD", True, 1, 30),
    )
    assert found.schema == pl.Schema(TYRE_SET_SCHEMA)
    columns = ("tyre_set_number", "compound", "is_new_set", "stints", "laps_count", "tyre_age_end_laps")
    assert found.select(columns).rows() == [
        (1, "SOFT", True, "Q 1, R 1", 20, 20),
        (2, "SOFT", True, "Q 2", 3, 3),
        (3, "HARD", True, "R 2", 30, 30),
    ]
    assert found.row(0, named=True)["first_session_key"] == "2030-01-Q"
    assert found.row(0, named=True)["last_session_key"] == "2030-01-R"


def test_of_two_sets_of_one_age_the_one_used_last_is_taken() -> None:
    found = sets(
        ("Q", 1, "SOFT", True, 1, 3),
        ("Q", 2, "SOFT", True, 1, 3),
        ("R", 1, "SOFT", False, 4, 10),
    )
    assert found["stints"].to_list() == ["Q 1", "Q 2, R 1"]


def test_used_set_that_nobody_saw_before_is_a_set_of_its_own() -> None:
    found = sets(("FP1", 1, "MEDIUM", True, 1, 8), ("R", 1, "MEDIUM", False, 4, 20))
    assert found.select("stints", "is_new_set", "tyre_age_start_laps").rows() == [
        ("FP1 1", True, 1),
        ("R 1", False, 4),
    ]


def test_unknown_compounds_and_ages_are_not_joined() -> None:
    found = sets(
        ("Q", 1, "UNKNOWN", None, 1, 3),
        ("R", 1, "UNKNOWN", None, 4, 9),
        ("R", 2, "HARD", None, None, None),
    )
    assert found["stints"].to_list() == ["Q 1", "R 1", "R 2"]


def test_set_has_the_grade_of_its_stints() -> None:
    found = sets(
        ("FP1", 1, "UNKNOWN", True, 1, 3), ("FP1", 2, "SOFT", True, 1, 3), ("R", 1, "SOFT", False, 4, 9)
    )
    assert found.select("stints", "compound_grade").rows() == [("FP1 1", None), ("FP1 2, R 1", "C4")]


def test_weekend_without_stints_has_no_sets() -> None:
    assert sets().schema == pl.Schema(TYRE_SET_SCHEMA)
