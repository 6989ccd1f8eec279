"""Segments and order of qualifying from timing, and its differences to the official result."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.qualifying_discrepancies import qualifying_discrepancies
from racing.qualifying_segments import qualifying_order, segment_starts_ms, segment_times

STATUS = {"session_time_ms": pl.Int64, "status": pl.String}
LAPS: dict[str, Any] = {
    "car_number": pl.String,
    "driver_key": pl.String,
    "lap_number": pl.Int32,
    "lap_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "sector_1_ms": pl.Int64,
    "sector_2_ms": pl.Int64,
    "sector_3_ms": pl.Int64,
    "pit_in_session_time_ms": pl.Int64,
    "pit_out_session_time_ms": pl.Int64,
    "is_deleted": pl.Boolean,
}
ENTRIES: dict[str, Any] = {
    "result_order": pl.Int32,
    "position": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "q1_ms": pl.Int64,
    "q2_ms": pl.Int64,
    "q3_ms": pl.Int64,
}
GRID = {"car_number": pl.String, "grid_position": pl.Int32}
NO_RACE = pl.DataFrame(schema=GRID)


def status(*changes: tuple[int, str]) -> pl.DataFrame:
    return pl.DataFrame(list(changes), schema=STATUS, orient="row")


THREE = status((10, "Started"), (90, "Finished"), (100, "Started"), (190, "Finished"), (200, "Started"))


def lap(car: str, number: int, time: int | None, end: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(LAPS)
    row |= {"car_number": car, "driver_key": f"driver_{car}", "lap_number": number, "is_deleted": False}
    return row | {"lap_time_ms": time, "lap_end_session_time_ms": end} | changes


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=LAPS)


def official(*rows: tuple[str, int | None, int | None, int | None]) -> pl.DataFrame:
    entries = [(place, place, car, f"driver_{car}", *times) for place, (car, *times) in enumerate(rows, 1)]
    return pl.DataFrame(entries, schema=ENTRIES, orient="row")


def test_restart_after_a_red_flag_is_no_new_segment() -> None:
    changes = status((10, "Started"), (20, "Aborted"), (30, "Started"), (90, "Finished"), (100, "Started"))
    assert segment_starts_ms(changes) == [10, 100]


def test_segment_that_ended_under_red_is_followed_by_a_new_one() -> None:
    changes = status((10, "Started"), (20, "Aborted"), (30, "Finished"), (100, "Started"))
    assert segment_starts_ms(changes) == [10, 100]


def test_best_times_leave_out_deleted_laps_and_laps_from_and_to_the_pits() -> None:
    laps = frame(
        lap("1", 1, 70_000, 20, pit_out_session_time_ms=11),
        lap("1", 2, 81_000, 30),
        lap("1", 3, 80_000, 40, is_deleted=True),
        lap("1", 4, 79_000, 50, pit_in_session_time_ms=50),
        lap("1", 5, 80_500, 150, pit_in_session_time_ms=160),
    )
    assert segment_times(laps, THREE).rows() == [("1", 81_000, 80_500, None)]


def test_no_status_gives_no_times() -> None:
    assert segment_times(frame(lap("1", 1, 80_000, 20)), status()).is_empty()


def test_order_is_by_the_last_segment_reached() -> None:
    times = {str(car): (80_000 + car, 79_000 + car, 78_000 - car) for car in range(1, 21)}
    rows = [(car, *values) for car, values in times.items()]
    schema = ["car_number", "q1_ms", "q2_ms", "q3_ms"]
    ordered = qualifying_order(pl.DataFrame(rows, schema=schema, orient="row"), 20)
    expected = [str(car) for car in (*range(10, 0, -1), *range(11, 21))]
    assert ordered["car_number"].to_list() == expected
    assert ordered["segment_reached"].to_list() == [3] * 10 + [2] * 5 + [1] * 5
    assert ordered["q3_ms"].is_null().sum() == 10
    assert ordered["q2_ms"].is_null().sum() == 5


def test_car_without_a_time_is_last() -> None:
    rows = [("1", None, None, None), ("2", 80_000, None, None)]
    ordered = qualifying_order(
        pl.DataFrame(rows, schema=["car_number", "q1_ms", "q2_ms", "q3_ms"], orient="row"), 2
    )
    assert ordered["car_number"].to_list() == ["2", "1"]


def rules(
    laps: pl.DataFrame, entries: pl.DataFrame, race: pl.DataFrame = NO_RACE
) -> list[tuple[str, str, str]]:
    found = qualifying_discrepancies(laps, entries, race, THREE)
    return [(one.measure, one.subject, one.explanation.rule) for one in found]


def test_agreeing_sources_have_no_differences() -> None:
    assert rules(frame(lap("1", 2, 80_000, 20)), official(("1", 80_000, None, None))) == []


def test_time_of_a_deleted_lap_is_named() -> None:
    laps = frame(lap("1", 2, 80_000, 20, is_deleted=True), lap("1", 3, 81_000, 30))
    assert rules(laps, official(("1", 80_000, None, None))) == [("q1_ms", "1", "deleted_lap_stands")]


def test_time_of_a_lap_into_the_pits_is_named() -> None:
    laps = frame(lap("1", 2, 80_000, 20, pit_in_session_time_ms=15))
    assert rules(laps, official(("1", 80_000, None, None))) == [("q1_ms", "1", "lap_into_pits_stands")]


def test_deletion_is_unknown_only_without_messages() -> None:
    fast, slow = lap("1", 2, 80_000, 20), lap("1", 3, 81_000, 30)
    entries = official(("1", 81_000, None, None))
    assert rules(frame(fast, slow), entries) == [("q1_ms", "1", "UNEXPLAINED")]
    silent = frame(fast | {"is_deleted": None}, slow | {"is_deleted": None})
    assert rules(silent, entries) == [("q1_ms", "1", "deletions_not_known")]


def test_lost_time_is_the_sum_of_its_sectors() -> None:
    sectors = {"sector_1_ms": 20_000, "sector_2_ms": 30_000, "sector_3_ms": 30_000}
    laps = frame(lap("1", 2, None, 20, **sectors), lap("1", 3, 82_000, 30))
    assert rules(laps, official(("1", 80_000, None, None))) == [("q1_ms", "1", "lap_time_lost")]
    assert rules(laps, official(("1", 80_001, None, None))) == [("q1_ms", "1", "UNEXPLAINED")]


def test_time_cut_after_its_minutes_is_named() -> None:
    laps = frame(lap("1", 2, 100_000, 20))
    assert rules(laps, official(("1", 1_000, None, None))) == [("q1_ms", "1", "time_cut_short")]


def test_time_that_only_timing_has_is_unexplained() -> None:
    assert rules(frame(lap("1", 2, 80_000, 20)), official(("1", None, None, None))) == [
        ("q1_ms", "1", "UNEXPLAINED")
    ]


def test_car_left_out_of_the_document_must_start_behind_all() -> None:
    laps = frame(lap("1", 2, 80_000, 20), lap("2", 2, 81_000, 30))
    entries = official(("1", 80_000, None, None))

    def started_from(place: int) -> pl.DataFrame:
        return pl.DataFrame([("2", place)], schema=GRID, orient="row")

    assert rules(laps, entries, started_from(2)) == [("entry", "2", "not_in_official_result")]
    assert rules(laps, entries, started_from(0)) == [("entry", "2", "not_in_official_result")]
    assert rules(laps, entries, started_from(1)) == [("entry", "2", "UNEXPLAINED")]
    assert rules(laps, entries) == [("entry", "2", "UNEXPLAINED")]


def test_other_order_is_unexplained_unless_cars_have_no_time() -> None:
    laps = frame(lap("1", 2, 80_000, 20), lap("2", 2, 81_000, 30))
    swapped = official(("2", 81_000, None, None), ("1", 80_000, None, None))
    assert {rule for _, _, rule in rules(laps, swapped)} == {"UNEXPLAINED"}
    timeless = frame(lap("1", 2, None, 20), lap("2", 2, None, 30))
    entries = official(("2", None, None, None), ("1", None, None, None))
    assert {rule for _, _, rule in rules(timeless, entries)} == {"no_qualifying_time"}


def test_cars_on_one_place_explain_their_own_order() -> None:
    laps = frame(lap("1", 2, 80_000, 20), lap("2", 2, 81_000, 30))
    entries = official(("2", 81_000, None, None), ("1", 80_000, None, None)).with_columns(
        position=pl.lit(1, pl.Int32)
    )
    assert {rule for _, _, rule in rules(laps, entries)} == {"disqualified_from_qualifying"}


def test_missing_segments_are_one_difference() -> None:
    found = list(
        qualifying_discrepancies(
            frame(lap("1", 2, 80_000, 20)), official(("1", 80_000, None, None)), NO_RACE, status()
        )
    )
    assert [(one.measure, one.explanation.rule) for one in found] == [("segments", "UNEXPLAINED")]
