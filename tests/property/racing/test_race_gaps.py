"""Gaps of any race: never negative, summed from intervals, and the leader is never a lap down."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.clear_air import clear_air_laps
from racing.gaps import gaps_at_the_line

races = st.lists(st.lists(st.integers(60_000, 200_000), min_size=1, max_size=12), min_size=1, max_size=8)


def raced(lap_times: list[list[int]]) -> pl.DataFrame:
    rows = []
    for car, times in enumerate(lap_times):
        line = 1_000 * car
        for lap, time in enumerate(times, start=1):
            line += time
            rows.append((str(car), lap, line, False, True, False, False))
    names = (
        "car_number",
        "lap_number",
        "lap_end_session_time_ms",
        "is_fastf1_generated",
        "is_lap_counted",
        "is_in_lap",
        "is_out_lap",
    )
    return pl.DataFrame(rows, schema=list(names), orient="row")


@settings(max_examples=60, deadline=None)
@given(races)
def test_gaps_are_never_negative_and_are_the_sum_of_intervals(lap_times: list[list[int]]) -> None:
    gaps = gaps_at_the_line(raced(lap_times))
    assert gaps.height == sum(len(times) for times in lap_times)
    assert gaps["gap_to_leader_ms"].min() >= 0  # type: ignore[operator]
    for _, lap in gaps.group_by("lap_number"):
        intervals = lap["interval_ahead_ms"].fill_null(0)
        assert intervals.min() >= 0  # type: ignore[operator]
        assert lap["interval_ahead_ms"].null_count() == 1
        assert intervals.sum() == lap["gap_to_leader_ms"].max()


@settings(max_examples=60, deadline=None)
@given(races)
def test_laps_down_agree_with_who_has_done_more(lap_times: list[list[int]]) -> None:
    laps = raced(lap_times)
    done = laps.select("lap_number", pl.col("lap_end_session_time_ms").alias("line")).rows()
    times = {
        (car, lap): line
        for car, lap, line in laps.select("car_number", "lap_number", "lap_end_session_time_ms").rows()
    }
    for car, lap, down in gaps_at_the_line(laps).select("car_number", "lap_number", "laps_down").rows():
        most = max(number for number, line in done if line <= times[car, lap])
        assert down == most - lap


@settings(max_examples=60, deadline=None)
@given(races, st.integers(0, 5_000))
def test_more_room_asked_for_never_gives_more_clear_air(lap_times: list[list[int]], room: int) -> None:
    laps = raced(lap_times)
    narrow = clear_air_laps(laps, blocked_within_ms=room)
    wide = clear_air_laps(laps, blocked_within_ms=room + 1_000)
    assert (narrow["is_clear_air"] | ~wide["is_clear_air"]).all()
