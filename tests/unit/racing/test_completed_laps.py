"""Completed laps, the order at the flag and the fastest lap, from timing alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from racing.completed_laps import is_lap_counted
from racing.errors import MissingColumnsError
from racing.timing_order import TIMED_CAR_SCHEMA, finishing_order

Build = Callable[..., Any]
LAPS = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "lap_time_ms": pl.Int64,
    "sector_3_session_time_ms": pl.Int64,
}


def counted(*rows: tuple[str, int, int | None, int | None]) -> list[bool]:
    return is_lap_counted(pl.DataFrame(list(rows), schema=LAPS, orient="row"), "R").to_list()


def test_lap_with_a_time_is_completed() -> None:
    assert counted(("1", 1, 90_000, None)) == [True]


def test_lap_that_ends_at_the_line_in_the_pit_lane_is_completed() -> None:
    assert counted(("1", 1, None, 3_600_000)) == [True]


def test_last_lap_never_timed_at_its_end_is_partial() -> None:
    assert counted(("1", 1, 90_000, 100), ("1", 2, None, None)) == [True, False]


def test_lap_before_another_is_completed_even_if_the_feed_lost_it() -> None:
    assert counted(("1", 2, None, None), ("1", 3, 90_000, 300), ("2", 2, None, None)) == [True, True, False]


def test_session_code_and_columns_are_checked() -> None:
    laps = pl.DataFrame(schema=LAPS)
    with pytest.raises(ValueError, match="'X' is not a session"):
        is_lap_counted(laps, "X")
    with pytest.raises(MissingColumnsError, match="sector_3_session_time_ms"):
        is_lap_counted(laps.drop("sector_3_session_time_ms"), "R")


def test_order_is_by_laps_then_by_crossing(small_race: Build) -> None:
    race = small_race({"1": 81_000, "2": 80_000, "3": 130_000})
    cars = finishing_order(race.lap_frame())
    assert dict(cars.schema) == TIMED_CAR_SCHEMA
    assert cars.select("car_number", "timing_order", "laps_completed", "gap_to_winner_ms").rows() == [
        ("2", 1, 5, 0),
        ("1", 2, 5, 5_000),
        ("3", 3, 4, 120_000),
    ]
    assert cars["is_running_at_flag"].all()


def test_laps_begun_after_the_flag_do_not_count(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 130_000})
    race.laps.append(race.lap("2", 4) | {"lap_number": 5, "lap_end_session_time_ms": 1_650_000})
    assert finishing_order(race.lap_frame())["laps_completed"].to_list() == [5, 4]


def test_car_that_stopped_is_not_running_at_the_flag(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000})
    race.retire("2", 3)
    stopped = finishing_order(race.lap_frame()).row(1, named=True)
    assert (stopped["laps_completed"], stopped["last_lap_number"]) == (3, 4)
    assert not stopped["is_running_at_flag"]
    assert stopped["gap_to_winner_ms"] == 3 * 81_000 - 5 * 80_000


def test_car_without_a_completed_lap_comes_last(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000})
    race.retire("1", 0)
    cars = finishing_order(race.lap_frame())
    assert cars["car_number"].to_list() == ["2", "1"]
    assert cars.select("laps_completed", "gap_to_winner_ms", "finish_session_time_ms").row(1) == (
        0,
        None,
        None,
    )


def test_no_laps_give_no_order() -> None:
    assert finishing_order(pl.DataFrame()).is_empty()
