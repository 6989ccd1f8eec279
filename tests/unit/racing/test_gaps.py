"""Gaps come from crossings of the line, never from sums of lap times."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from racing.clear_air import clear_air_laps
from racing.gaps import gaps_at_the_line, line_crossings, longest_rise
from racing.race_end import finished_cars

LAPS = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "lap_end_session_time_ms": pl.Int64,
    "is_fastf1_generated": pl.Boolean,
    "is_lap_counted": pl.Boolean,
    "is_in_lap": pl.Boolean,
    "is_out_lap": pl.Boolean,
}


def raced(crossings: dict[str, list[int | None]], **changes: dict[tuple[str, int], Any]) -> pl.DataFrame:
    """Return laps from each car's times at the line in seconds; changes by column and (car, lap)."""
    rows = [
        {
            "car_number": car,
            "lap_number": lap,
            "lap_end_session_time_ms": None if time is None else time * 1000,
            "is_fastf1_generated": False,
            "is_lap_counted": True,
            "is_in_lap": False,
            "is_out_lap": False,
            **{name: values[car, lap] for name, values in changes.items() if (car, lap) in values},
        }
        for car, times in crossings.items()
        for lap, time in enumerate(times, start=1)
    ]
    return pl.DataFrame(rows, schema=LAPS)


def column(laps: pl.DataFrame, name: str) -> dict[tuple[str, int], Any]:
    frame = gaps_at_the_line(laps)
    return {(row["car_number"], row["lap_number"]): row[name] for row in frame.to_dicts()}


def test_gap_is_zero_for_the_first_and_time_behind_it_for_the_others() -> None:
    laps = raced({"1": [100, 190], "4": [103, 195], "16": [101, 196]})
    assert column(laps, "gap_to_leader_ms") == {
        ("1", 1): 0,
        ("16", 1): 1000,
        ("4", 1): 3000,
        ("1", 2): 0,
        ("4", 2): 5000,
        ("16", 2): 6000,
    }


def test_interval_is_to_the_car_that_completed_the_lap_before() -> None:
    laps = raced({"1": [100, 190], "4": [103, 195], "16": [101, 196]})
    assert column(laps, "interval_ahead_ms") == {
        ("1", 1): None,
        ("16", 1): 1000,
        ("4", 1): 2000,
        ("1", 2): None,
        ("4", 2): 5000,
        ("16", 2): 1000,
    }


def test_lapped_car_is_a_lap_down_when_the_leader_has_completed_one_more() -> None:
    laps = raced({"1": [100, 190, 280, 370], "2": [110, 220, 300]})
    assert column(laps, "laps_down") == {
        ("1", 1): 0,
        ("1", 2): 0,
        ("1", 3): 0,
        ("1", 4): 0,
        ("2", 1): 0,
        ("2", 2): 0,
        ("2", 3): 0,
    }
    slow = raced({"1": [100, 190, 280, 370], "2": [110, 230, 290, 380]})
    assert column(slow, "laps_down")["2", 3] == 0
    slower = raced({"1": [100, 190, 280, 370], "2": [110, 290, 400]})
    assert [column(slower, "laps_down")["2", lap] for lap in (1, 2, 3)] == [0, 1, 1]


def test_lap_whose_end_was_assumed_or_that_was_not_completed_has_no_gap() -> None:
    laps = raced(
        {"1": [100, 190], "4": [103, 200], "16": [101, 195]},
        is_fastf1_generated={("4", 2): True},
        is_lap_counted={("16", 2): False},
    )
    assert set(column(laps, "gap_to_leader_ms")) == {("1", 1), ("4", 1), ("16", 1), ("1", 2)}


def test_lap_without_a_time_at_the_line_has_no_gap_and_the_next_has() -> None:
    laps = raced({"1": [100, 190, 280], "4": [103, None, 290]})
    assert ("4", 2) not in column(laps, "gap_to_leader_ms")
    assert column(laps, "gap_to_leader_ms")["4", 3] == 10_000


def test_times_that_must_be_faults_of_the_feed_are_no_crossings() -> None:
    too_early = line_crossings(raced({"1": [100, 190, 90, 280], "4": [101, 191]}))
    assert too_early.filter(pl.col("car_number") == "1")["lap_number"].to_list() == [1, 2, 4]
    too_late = line_crossings(raced({"1": [100, 9_000, 280, 370]}))
    assert too_late["lap_number"].to_list() == [1, 3, 4]


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ([], []),
        ([1, 2, 2, 3], [True, True, True, True]),
        ([1, 9, 2, 3], [True, False, True, True]),
        ([5, 1, 2, 3], [False, True, True, True]),
        ([1, 2, 3, 0], [True, True, True, False]),
    ],
)
def test_as_many_times_as_possible_stay(times: list[int], kept: list[bool]) -> None:
    assert longest_rise(times) == kept


def test_no_laps_have_no_gaps() -> None:
    assert gaps_at_the_line(raced({})).is_empty()
    assert clear_air_laps(raced({})).is_empty()


def clear(laps: pl.DataFrame, **options: int) -> dict[tuple[str, int], bool]:
    frame = clear_air_laps(laps, **options)
    return {(row["car_number"], row["lap_number"]): row["is_clear_air"] for row in frame.to_dicts()}


def test_clear_air_needs_room_ahead_at_both_ends_of_the_lap() -> None:
    laps = raced({"1": [100, 190, 280], "4": [101, 195, 285]})
    assert clear(laps) == {("1", 2): True, ("1", 3): True, ("4", 2): False, ("4", 3): True}


def test_how_close_is_too_close_can_be_chosen() -> None:
    laps = raced({"1": [100, 190], "4": [102, 192]})
    assert clear(laps)["4", 2] is True
    assert clear(laps, blocked_within_ms=3_000)["4", 2] is False


def test_car_a_lap_down_ahead_on_the_road_is_not_clear_air() -> None:
    laps = raced({"1": [100, 190, 280], "20": [189, 279, 400]})
    assert clear(laps)["1", 3] is False


def test_pass_in_the_lap_is_not_clear_air_for_either_car() -> None:
    laps = raced({"1": [100, 190, 280, 370], "4": [110, 185, 275, 365]})
    assert clear(laps)["1", 2] is False
    assert clear(laps)["4", 2] is False
    assert clear(laps)["4", 3] is True


def test_place_gained_by_a_rivals_stop_is_clear_air() -> None:
    crossings = {"1": [100, 190, 300, 390], "4": [110, 200, 290, 380]}
    stopped = raced(crossings, is_in_lap={("1", 2): True}, is_out_lap={("1", 3): True})
    assert clear(stopped)["4", 3] is True
    assert clear(raced(crossings))["4", 3] is False


def test_cars_at_the_line_after_the_leaders_last_crossing_have_finished() -> None:
    laps = raced({"1": [100, 190, 280], "4": [105, 200, 281], "20": [150, 282], "63": [101, 191]})
    assert finished_cars(laps) == ["1", "20", "4"]


def test_nobody_is_known_to_have_finished_without_times() -> None:
    assert finished_cars(raced({"1": [None, None]})) is None
