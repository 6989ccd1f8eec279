"""Lap classes are those of the metric definitions, one rule at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from racing.lap_classes import clean_race_laps, is_green, is_quick, is_within_spread

LAPS = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "stint_number": pl.Int32,
    "lap_time_ms": pl.Int64,
    "is_accurate": pl.Boolean,
    "is_green": pl.Boolean,
    "is_deleted": pl.Boolean,
    "track_status": pl.String,
}


def raced(*changes: dict[str, Any], laps: int = 8) -> pl.DataFrame:
    """Return laps of one car of 90 s, with changes by lap number."""
    rows = {
        lap: {
            "car_number": "4",
            "lap_number": lap,
            "stint_number": 1,
            "lap_time_ms": 90_000 + 10 * lap,
            "is_accurate": True,
            "is_green": True,
            "is_deleted": False,
            "track_status": "1",
        }
        for lap in range(1, laps + 1)
    }
    for change in changes:
        rows[change["lap_number"]] |= change
    return pl.DataFrame(list(rows.values()), schema=LAPS)


def unclean(laps: pl.DataFrame) -> list[int]:
    return laps.filter(~pl.lit(clean_race_laps(laps)))["lap_number"].to_list()


def test_first_lap_is_never_clean() -> None:
    assert unclean(raced()) == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"is_accurate": False},
        {"is_accurate": None},
        {"is_green": False},
        {"is_deleted": True},
        {"lap_time_ms": None},
    ],
)
def test_lap_that_breaks_one_rule_is_not_clean(change: dict[str, Any]) -> None:
    assert unclean(raced({"lap_number": 4, **change})) == [1, 4]


def test_lap_is_clean_where_race_control_said_nothing_of_deletions() -> None:
    assert unclean(raced({"lap_number": 4, "is_deleted": None})) == [1]


@pytest.mark.parametrize("status", ["4", "24", "12451", "6", "67", "671", "5"])
def test_first_lap_after_a_restart_is_not_clean(status: str) -> None:
    assert unclean(raced({"lap_number": 4, "track_status": status, "is_green": False})) == [1, 4, 5]


def test_lap_after_a_yellow_flag_is_clean() -> None:
    assert unclean(raced({"lap_number": 4, "track_status": "12", "is_green": False})) == [1, 4]


def test_lap_outside_the_spread_of_its_stint_is_not_clean() -> None:
    assert unclean(raced({"lap_number": 5, "lap_time_ms": 95_000}, laps=15)) == [1, 5]


def test_stints_are_judged_apart() -> None:
    second = [{"lap_number": lap, "stint_number": 2, "lap_time_ms": 80_000} for lap in range(6, 11)]
    assert unclean(raced(*second, laps=10)) == [1]


def test_wear_is_no_outlier() -> None:
    lap = np.arange(30, dtype=np.float64)
    assert is_within_spread(lap, 90_000 + 100 * lap).all()


def test_two_laps_are_taken_as_they_are() -> None:
    assert is_within_spread(np.array([1.0, 2.0]), np.array([90_000.0, 99_000.0])).all()


def test_few_equal_laps_do_not_condemn_one_a_little_off() -> None:
    lap = np.arange(6, dtype=np.float64)
    times = np.full(6, 90_000.0)
    times[3] += 250
    assert is_within_spread(lap, times).all()
    times[3] += 250
    assert is_within_spread(lap, times).tolist() == [True, True, True, False, True, True]


def test_quick_is_under_107_percent_of_the_best() -> None:
    times = pl.DataFrame({"lap_time_ms": [100_000, 106_999, 107_000, None]})
    assert times.select(is_quick(pl.col("lap_time_ms"))).to_series().to_list() == [True, True, False, None]


def test_green_is_clear_for_the_whole_lap() -> None:
    status = pl.DataFrame({"track_status": ["1", "12", "", None]})
    assert status.select(is_green(pl.col("track_status"))).to_series().to_list() == [
        True,
        False,
        False,
        False,
    ]
