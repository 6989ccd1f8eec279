"""Every rule about a race explains its own case and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from racing.discrepancy_rules import DISCREPANCY_SCHEMA, Explanation
from racing.errors import UnknownRuleError

Build = Callable[..., Any]
FOUR = {"1": 80_000, "2": 81_000, "3": 81_500, "4": 82_000}


def test_sources_that_agree_have_no_differences(small_race: Build) -> None:
    rows = small_race(FOUR).compare()
    assert rows.is_empty()
    assert dict(rows.schema) == DISCREPANCY_SCHEMA


def test_no_rows_without_timing_or_without_a_result(small_race: Build) -> None:
    race = small_race(FOUR)
    laps, race.laps = race.laps, []
    assert race.compare().is_empty()
    race.laps, race.entries = laps, []
    assert race.compare().is_empty()


def test_partial_last_lap_of_a_retirement_is_named(small_race: Build) -> None:
    race = small_race(FOUR)
    race.retire("4", 3)
    rows = race.compare()
    assert rows.select("measure", "subject", "rule").rows() == [
        ("last_lap_number", "4", "retirement_partial_lap")
    ]
    assert rows.select("left_value", "right_value").row(0) == ("4", "3")


def test_announced_penalty_explains_gap_and_order(small_race: Build) -> None:
    race = small_race(FOUR)
    race.messages = ["FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 2 (TWO) - SPEEDING IN THE PIT LANE"]
    race.entry("2")["race_time_ms"] += 5_000
    race.reorder("1", "3", "2", "4")
    assert race.rules("gap_to_winner_ms") == {"2": "time_penalty"}
    assert race.rules("finishing_order") == {"2": "time_penalty", "3": "other_car_moved"}


def test_penalty_without_a_message_is_named_apart(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("4")["race_time_ms"] += 10_000
    assert race.rules("gap_to_winner_ms") == {"4": "time_penalty_after_race"}


@pytest.mark.parametrize("added_ms", [4_999, 7_000, 40, -5_000])
def test_time_that_is_no_penalty_stays_unexplained(small_race: Build, added_ms: int) -> None:
    race = small_race(FOUR)
    race.entry("4")["race_time_ms"] += added_ms
    assert race.rules("gap_to_winner_ms") == {"4": "UNEXPLAINED"}


def test_winners_own_penalty_shortens_all_other_gaps(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("1")["race_time_ms"] += 3_000
    race.messages = ["3 SECOND TIME PENALTY FOR CAR 1 (ONE) - TRACK LIMITS"]
    assert race.rules("gap_to_winner_ms") == dict.fromkeys("234", "winners_time_penalty")


def test_swapped_drivers_stay_unexplained(small_race: Build) -> None:
    race = small_race(FOUR)
    race.reorder("1", "3", "2", "4")
    assert race.rules("finishing_order") == {"2": "UNEXPLAINED", "3": "UNEXPLAINED"}


def test_penalty_of_a_lapped_car_is_proved_by_its_place(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 120_000, "3": 121_000, "4": 125_000})
    race.reorder("1", "3", "2", "4")
    assert race.rules("finishing_order")["2"] == "UNEXPLAINED"
    race.messages = ["10 SECOND TIME PENALTY FOR CAR 2 (TWO) - CAUSING A COLLISION"]
    assert race.rules("finishing_order") == {"2": "time_penalty", "3": "other_car_moved"}
    race.messages = ["30 SECOND TIME PENALTY FOR CAR 2 (TWO) - CAUSING A COLLISION"]
    assert race.rules("finishing_order")["3"] == "other_car_moved"


def test_investigated_lapped_car_may_lose_its_place(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 120_000, "3": 121_000, "4": 125_000})
    race.reorder("1", "3", "2", "4")
    race.messages = ["INCIDENT INVOLVING CARS 2 (TWO) AND 4 (FOU) NOTED - CAUSING A COLLISION"]
    assert race.rules("finishing_order") == {"2": "time_penalty_after_race", "3": "other_car_moved"}


@pytest.mark.parametrize("how", [{"position_text": "D"}, {"position_text": "4"}])
def test_disqualification_takes_laps_time_and_place(small_race: Build, how: dict[str, str]) -> None:
    race = small_race(FOUR)
    race.reorder("1", "3", "4", "2")
    nothing = dict.fromkeys(("race_time_ms", "fastest_lap_number", "fastest_lap_time_ms"))
    race.entry("2").update(how | nothing, status="Disqualified", laps_completed=0)
    rows = race.compare()
    assert rows["is_explained"].all()
    assert set(rows.filter(pl.col("subject") == "2")["rule"]) == {"disqualification"}
    assert race.rules("finishing_order") | {"2": ""} == {
        "2": "",
        "3": "other_car_moved",
        "4": "other_car_moved",
    }


def test_cars_that_never_crossed_the_line_cannot_be_ranked(small_race: Build) -> None:
    race = small_race(FOUR)
    race.retire("3", 0)
    race.retire("4", 0)
    race.reorder("1", "2", "4", "3")
    assert race.rules("finishing_order") == dict.fromkeys("34", "no_lap_completed")


def test_car_without_laps_is_explained_only_if_none_were_counted(small_race: Build) -> None:
    race = small_race(FOUR)
    race.retire("4", 0, partial_row=False)
    assert race.rules("entry") == {"4": "no_lap_completed"}
    race.entry("4")["laps_completed"] = 1
    assert race.rules("entry") == {"4": "UNEXPLAINED"}


def test_car_that_no_entry_names_is_unexplained(small_race: Build) -> None:
    race = small_race(FOUR)
    race.reorder("1", "2", "3")
    assert race.rules("entry") == {"4": "UNEXPLAINED"}


def test_other_number_of_the_same_driver_is_a_difference(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("4")["car_number"] = "44"
    assert race.rules("car_number") == {"4": "UNEXPLAINED"}


@pytest.mark.parametrize(
    ("red_flags_ms", "rule"), [([1_500_000], "red_flag_countback"), ([], "result_counted_back")]
)
def test_counted_back_result_is_proved_by_all_cars(
    small_race: Build, red_flags_ms: list[int], rule: str
) -> None:
    race = small_race(FOUR)
    race.red_flags_ms = red_flags_ms
    for entry in race.entries:
        entry["laps_completed"] -= 1
        entry["race_time_ms"] -= FOUR[entry["car_number"]]
    rows = race.compare()
    assert rows.select("measure", "rule").unique().rows() == [("laps_completed", rule)]
    race.entry("3")["laps_completed"] -= 2
    assert set(race.rules("laps_completed").values()) == {"UNEXPLAINED"}


def test_order_of_a_counted_back_result_is_explained_by_that(small_race: Build) -> None:
    race = small_race(FOUR)
    race.red_flags_ms = [1_500_000]
    for entry in race.entries:
        entry["laps_completed"] -= 1
        entry["race_time_ms"] -= FOUR[entry["car_number"]]
    # The second passed the winner in the lap that does not count.
    last = max(row["lap_number"] for row in race.laps)
    first, second = (entry["car_number"] for entry in race.entries[:2])
    ends = [race.lap(car, last)["lap_end_session_time_ms"] for car in (first, second)]
    race.lap(first, last).update(lap_end_session_time_ms=ends[1], sector_3_session_time_ms=ends[1] + 30)
    race.lap(second, last).update(lap_end_session_time_ms=ends[0], sector_3_session_time_ms=ends[0] + 30)
    times = [race.lap(car, last)["lap_time_ms"] for car in (first, second)]
    race.lap(first, last).update(lap_time_ms=times[0] + ends[1] - ends[0])
    race.lap(second, last).update(lap_time_ms=times[1] + ends[0] - ends[1])
    assert race.rules("finishing_order") == dict.fromkeys((first, second), "red_flag_countback")


def test_lap_less_for_one_car_is_unexplained(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("3")["laps_completed"] -= 1
    assert race.rules("laps_completed") == {"3": "UNEXPLAINED"}


def test_untimed_lap_is_bridged_by_its_sectors(small_race: Build) -> None:
    race = small_race(FOUR)
    race.lap("3", 4).update(lap_time_ms=None, lap_end_session_time_ms=999)
    race.lap("3", 5).update(lap_end_session_time_ms=1_407_600)
    assert race.compare().is_empty()


def test_lap_without_any_time_leaves_a_doubt_of_the_clock(small_race: Build) -> None:
    race = small_race(FOUR)
    race.lap("3", 4).update(lap_time_ms=None, sector_1_ms=None, lap_end_session_time_ms=1_326_070)
    race.lap("3", 5).update(lap_end_session_time_ms=1_407_570)
    assert race.rules("gap_to_winner_ms") == {"3": "message_clock"}


def test_laps_placed_wrongly_beside_other_cars_yield_to_the_messages(small_race: Build) -> None:
    race = small_race(FOUR)
    for row in race.laps:
        if row["car_number"] == "2":
            row["lap_end_session_time_ms"] -= 7_321
    assert race.compare().is_empty()


def test_gap_to_the_car_ahead_is_recognised(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("4")["race_time_ms"] = 400_000 + 10_000 - 7_500
    assert race.rules("gap_to_winner_ms") == {"4": "gap_to_car_ahead"}


def test_fastest_lap_of_another_car_is_recognised(small_race: Build) -> None:
    race = small_race(FOUR)
    race.entry("3")["fastest_lap_time_ms"] = 82_000
    assert race.rules("fastest_lap_time_ms") == {"3": "fastest_lap_of_other_car"}


def test_fastest_lap_leaves_out_deleted_laps_first_laps_and_laps_into_the_pits(small_race: Build) -> None:
    race = small_race(FOUR)
    race.lap("1", 1)["lap_time_ms"] = 70_000
    race.lap("2", 3).update(lap_time_ms=80_500, is_deleted=True)
    race.lap("2", 4).update(lap_time_ms=81_500)
    race.lap("3", 3).update(lap_time_ms=79_000, pit_in_session_time_ms=1_240_000)
    race.lap("3", 4).update(lap_time_ms=84_000)
    assert race.compare().is_empty()


def test_rule_without_a_description_is_refused() -> None:
    with pytest.raises(UnknownRuleError, match="describe it in RULES"):
        Explanation("because", "no reason")
