"""Curated laps carry driver, tyres, gaps and classes, and exactly the columns of their contract."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from lake.tables.registry import ALL_TABLES
from racing.laps import classify_laps

TYPES: dict[str, Any] = {
    "string": pl.String,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "float64": pl.Float64,
    "bool": pl.Boolean,
    "timestamp": pl.Datetime("us", "UTC"),
    "date": pl.Date,
}


def empty(table: str) -> pl.DataFrame:
    return pl.DataFrame(schema={column.name: TYPES[column.type] for column in ALL_TABLES[table].columns})


def filled(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=empty(table).schema)


def raced(session: str = "2024-08-R", cars: tuple[str, ...] = ("4", "16"), laps: int = 6) -> pl.DataFrame:
    rows = [
        {
            "season": 2024,
            "weekend_key": "2024-08",
            "session_key": session,
            "car_number": car,
            "lap_number": lap,
            "driver_code": f"C{car}",
            "lap_time_ms": 90_000 + 100 * place,
            "lap_start_session_time_ms": (lap - 1) * 90_000,
            "lap_end_session_time_ms": lap * 90_000 + 5_000 * place + 100 * place * lap,
            "sector_3_session_time_ms": lap * 90_000,
            "track_status": "1",
            "is_accurate": True,
            "is_fastf1_generated": False,
            "compound_text": "SOFT",
            "tyre_age_laps": lap,
        }
        for place, car in enumerate(cars)
        for lap in range(1, laps + 1)
    ]
    return filled("processed.fastf1__laps", rows)


def classified(laps: pl.DataFrame, identities: list[dict[str, Any]] | None = None) -> pl.DataFrame:
    drivers = filled("curated.driver_identities", identities or [])
    return classify_laps(laps, empty("processed.fastf1__tyre_stints"), drivers)


def test_columns_are_those_of_the_contract() -> None:
    laps = classified(raced())
    expected = empty("curated.laps").schema
    assert dict(laps.schema) == dict(expected)


def test_no_laps_give_an_empty_frame_of_the_contract() -> None:
    assert dict(classified(raced(laps=0)).schema) == dict(empty("curated.laps").schema)


def test_driver_comes_from_the_identities() -> None:
    identity = {"car_number": "4", "driver_key": "norris", "team_key": "mclaren", "driver_code": "NOR"}
    lap = classified(raced(cars=("4",)), [identity]).row(0, named=True)
    assert (lap["driver_key"], lap["team_key"], lap["driver_code"]) == ("norris", "mclaren", "NOR")


def test_code_of_the_feed_stands_where_the_identity_has_none() -> None:
    identity = {"car_number": "4", "driver_key": "2024#4"}
    assert classified(raced(cars=("4",)), [identity])["driver_code"][0] == "C4"


def test_car_with_two_identities_keeps_one_row_a_lap() -> None:
    identities = [{"car_number": "4", "driver_key": key} for key in ("norris", "piastri")]
    assert classified(raced(cars=("4",)), identities).height == 6


@pytest.mark.parametrize("session", ["2024-08-FP1", "2024-08-Q", "2024-08-SQ"])
def test_gaps_and_race_classes_are_null_outside_races(session: str) -> None:
    laps = classified(raced(session))
    for name in ("gap_to_leader_ms", "interval_ahead_ms", "laps_down", "is_clean_race", "is_clear_air"):
        assert laps[name].null_count() == laps.height, name
    assert laps["is_quick"].all()


@pytest.mark.parametrize("session", ["2024-08-R", "2024-08-S"])
def test_gaps_and_race_classes_are_there_in_races(session: str) -> None:
    laps = classified(raced(session))
    last = laps.filter(pl.col("lap_number") == 6)
    assert last["gap_to_leader_ms"].to_list() == [5_600, 0]
    assert laps["is_clean_race"].sum() == 10
    assert laps["is_clear_air"].null_count() == 2


def test_rows_are_in_order_of_car_and_lap_whatever_the_input() -> None:
    laps = classified(raced().sample(fraction=1.0, shuffle=True, seed=1))
    assert laps.select("car_number", "lap_number").equals(
        laps.select("car_number", "lap_number").sort("car_number", "lap_number")
    )


def test_in_lap_and_out_lap_are_those_with_a_pit_time() -> None:
    laps = raced(cars=("4",)).with_columns(
        pl.when(pl.col("lap_number") == 2).then(175_000).cast(pl.Int64).alias("pit_in_session_time_ms"),
        pl.when(pl.col("lap_number") == 3).then(200_000).cast(pl.Int64).alias("pit_out_session_time_ms"),
    )
    described = classified(laps)
    assert described["is_in_lap"].to_list() == [False, True, False, False, False, False]
    assert described["is_out_lap"].to_list() == [False, False, True, False, False, False]
