"""What holds of every race: the order of the line, and that no rule explains what did not happen."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.discrepancies import compare_sources
from racing.timing_order import finishing_order

KEY = "2030-01-R"
START_MS = 1_000_000
LAPS: dict[str, Any] = {
    "session_key": pl.String,
    "car_number": pl.String,
    "driver_key": pl.String,
    "lap_number": pl.Int32,
    "lap_time_ms": pl.Int64,
    "sector_1_ms": pl.Int64,
    "sector_2_ms": pl.Int64,
    "sector_3_ms": pl.Int64,
    "sector_3_session_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "pit_in_session_time_ms": pl.Int64,
    "track_status": pl.String,
    "is_deleted": pl.Boolean,
    "is_lap_counted": pl.Boolean,
    "lap_source": pl.String,
}
ENTRIES: dict[str, Any] = {
    "session_key": pl.String,
    "result_order": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "position_text": pl.String,
    "laps_completed": pl.Int32,
    "status": pl.String,
    "race_time_ms": pl.Int64,
    "fastest_lap_number": pl.Int32,
    "fastest_lap_time_ms": pl.Int64,
}
MESSAGES = {"message_number": pl.Int32, "message": pl.String}
STATUS = {"session_time_ms": pl.Int64, "status_code": pl.String}

lap_times = st.lists(st.integers(80_000, 84_000), min_size=4, max_size=4)
races = st.lists(lap_times, min_size=3, max_size=6, unique_by=(sum, lambda times: sum(times) // 10))


def laps_of(race: list[list[int]]) -> pl.DataFrame:
    rows = []
    for place, times in enumerate(race):
        for number in range(1, len(times) + 1):
            end = START_MS + sum(times[:number])
            rows.append(
                dict.fromkeys(LAPS)
                | {
                    "session_key": KEY,
                    "car_number": str(place + 1),
                    "driver_key": f"driver_{place + 1}",
                    "lap_number": number,
                    "lap_time_ms": times[number - 1] if number > 1 else None,
                    "sector_3_session_time_ms": end + 20 + place,
                    "lap_end_session_time_ms": end,
                    "track_status": "1",
                    "is_deleted": False,
                    "is_lap_counted": True,
                    "lap_source": "live_timing",
                }
            )
    return pl.DataFrame(rows, schema=LAPS)


def result_of(race: list[list[int]], added_ms: dict[int, int]) -> pl.DataFrame:
    """Return the official result with time added to some cars."""
    times = {car: sum(race[car]) + added_ms.get(car, 0) for car in range(len(race))}
    rows = []
    for place, car in enumerate(sorted(times, key=lambda one: times[one]), 1):
        timed = race[car][1:]
        rows.append(
            {
                "session_key": KEY,
                "result_order": place,
                "car_number": str(car + 1),
                "driver_id_jolpica": f"driver_{car + 1}",
                "position_text": str(place),
                "laps_completed": len(race[car]),
                "status": "Finished",
                "race_time_ms": times[car],
                "fastest_lap_number": timed.index(min(timed)) + 2,
                "fastest_lap_time_ms": min(timed),
            }
        )
    return pl.DataFrame(rows, schema=ENTRIES)


def differences(race: list[list[int]], official: pl.DataFrame, messages: list[str]) -> pl.DataFrame:
    said = pl.DataFrame(list(enumerate(messages)), schema=MESSAGES, orient="row")
    return compare_sources(
        laps=laps_of(race),
        jolpica_results=official,
        jolpica_sprint_results=official.clear(),
        jolpica_qualifying_results=official.clear(),
        race_control_messages=said,
        track_status=pl.DataFrame(schema=STATUS),
        session_status=pl.DataFrame(),
        session_key=KEY,
    )


@settings(max_examples=25, deadline=None)
@given(races)
def test_order_runs_1_to_n_and_gaps_grow(race: list[list[int]]) -> None:
    cars = finishing_order(laps_of(race))
    assert cars["timing_order"].to_list() == list(range(1, len(race) + 1))
    gaps = cars["gap_to_winner_ms"].to_list()
    assert gaps[0] == 0
    assert gaps == sorted(gaps)


@settings(max_examples=25, deadline=None)
@given(races)
def test_a_result_made_from_the_line_has_no_differences(race: list[list[int]]) -> None:
    assert differences(race, result_of(race, {}), []).is_empty()


@settings(max_examples=25, deadline=None)
@given(races, st.data())
def test_announced_penalties_explain_every_difference(race: list[list[int]], data: st.DataObject) -> None:
    leader = min(range(len(race)), key=lambda car: sum(race[car]))
    others = [car for car in range(len(race)) if car != leader]
    seconds = data.draw(st.dictionaries(st.sampled_from(others), st.sampled_from([5, 10, 20]), min_size=1))
    added = {car: value * 1000 for car, value in seconds.items()}
    messages = [
        f"FIA STEWARDS: {value} SECOND TIME PENALTY FOR CAR {car + 1} (ABC) - CAUSING A COLLISION"
        for car, value in seconds.items()
    ]
    rows = differences(race, result_of(race, added), messages)
    assert rows["is_explained"].all()
    gaps = rows.filter(pl.col("measure") == "gap_to_winner_ms")
    assert set(gaps["subject"]) == {str(car + 1) for car in seconds}
    assert set(gaps["rule"]) == {"time_penalty"}


@settings(max_examples=25, deadline=None)
@given(races, st.data())
def test_time_that_nobody_announced_is_not_explained_away(race: list[list[int]], data: st.DataObject) -> None:
    leader = min(range(len(race)), key=lambda car: sum(race[car]))
    car = data.draw(st.sampled_from([one for one in range(len(race)) if one != leader]))
    added = data.draw(st.integers(1, 60_000).filter(lambda value: value % 5_000 != 0))
    rows = differences(race, result_of(race, {car: added}), [])
    gap = rows.filter((pl.col("subject") == str(car + 1)) & (pl.col("measure") == "gap_to_winner_ms"))
    assert gap["rule"].to_list() in (["UNEXPLAINED"], ["gap_to_car_ahead"])
