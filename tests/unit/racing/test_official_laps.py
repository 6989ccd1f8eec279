"""Laps and stops of races without live timing: what Jolpica has, and null for all that it has not."""

from __future__ import annotations

from typing import Any

import polars as pl

from lake.tables.registry import ALL_TABLES
from racing.laps import LAP_COLUMNS, reconcile_laps
from racing.pit_stops import PIT_STOP_SCHEMA, reconcile_pit_stops

KEY = "2012-05-R"
KEYS = {"season": 2012, "weekend_key": "2012-05", "session_key": KEY}


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    empty = pl.DataFrame(pl.from_arrow(ALL_TABLES[table].arrow_schema.empty_table()))
    return pl.DataFrame([{**KEYS, **row} for row in rows], schema=empty.schema)


def lap(driver: str, number: int, position: int, time_ms: int | None = 90_000) -> dict[str, Any]:
    return {
        "driver_id_jolpica": driver,
        "lap_number": number,
        "position": position,
        "lap_time_ms": time_ms,
    }


def stop(driver: str, number: int, lap_number: int, time_ms: int = 22_000) -> dict[str, Any]:
    return {
        "driver_id_jolpica": driver,
        "stop_number": number,
        "lap_number": lap_number,
        "pit_lane_time_ms": time_ms,
    }


DRIVERS = frame(
    "curated.driver_identities",
    [
        {"car_number": "5", "driver_key": "alonso", "team_key": "ferrari", "driver_code": "ALO"},
        {"car_number": "18", "driver_key": "maldonado", "team_key": "williams", "driver_code": "MAL"},
    ],
)
LAPS = [
    lap("maldonado", 1, 2, 95_000),
    lap("alonso", 1, 1),
    lap("maldonado", 2, 1),
    lap("alonso", 2, 2, None),
]


def laps_of(
    official: list[dict[str, Any]], stops: list[dict[str, Any]], timed: list[dict[str, Any]] | None = None
) -> pl.DataFrame:
    return reconcile_laps(
        frame("processed.fastf1__laps", timed or []),
        frame("processed.fastf1__tyre_stints", []),
        DRIVERS,
        frame("processed.jolpica__laps", official),
        frame("processed.jolpica__pit_stops", stops),
        session_key=KEY,
    )


def stops_of(stops: list[dict[str, Any]], laps: pl.DataFrame) -> pl.DataFrame:
    return reconcile_pit_stops(
        laps,
        frame("curated.stints", []),
        frame("processed.jolpica__pit_stops", stops),
        DRIVERS,
        session_key=KEY,
    )


def test_laps_have_driver_time_and_place_and_nothing_that_timing_alone_knows() -> None:
    rows = laps_of(LAPS, [stop("alonso", 1, 1)])
    assert tuple(rows.columns) == LAP_COLUMNS
    assert rows.select("car_number", "lap_number", "driver_key", "position", "lap_time_ms").rows() == [
        ("18", 1, "maldonado", 2, 95_000),
        ("18", 2, "maldonado", 1, 90_000),
        ("5", 1, "alonso", 1, 90_000),
        ("5", 2, "alonso", 2, None),
    ]
    assert rows["lap_source"].unique().to_list() == ["jolpica"]
    for name in ("sector_1_ms", "gap_to_leader_ms", "lap_end_session_time_ms", "stint_number", "is_green"):
        assert rows[name].null_count() == rows.height
    assert rows["compound"].unique().to_list() == ["UNKNOWN"]
    assert rows["is_lap_counted"].all()


def test_in_laps_and_out_laps_follow_from_the_stops() -> None:
    rows = laps_of(LAPS, [stop("alonso", 1, 1)])
    assert rows["is_in_lap"].to_list() == [False, False, True, False]
    assert rows["is_out_lap"].to_list() == [False, False, False, True]


def test_without_a_document_of_stops_nobody_knows_who_was_in_the_pits() -> None:
    rows = laps_of(LAPS, [])
    assert rows["is_in_lap"].null_count() == rows["is_out_lap"].null_count() == rows.height


def test_live_timing_comes_first() -> None:
    timed = [{"car_number": "5", "lap_number": 1, "lap_time_ms": 91_000}]
    rows = laps_of(LAPS, [stop("alonso", 1, 1)], timed)
    assert rows.select("car_number", "lap_time_ms", "lap_source").rows() == [("5", 91_000, "live_timing")]
    assert stops_of([stop("alonso", 1, 1)], rows).is_empty()


def test_laps_of_another_session_are_not_taken() -> None:
    other = frame("processed.jolpica__laps", LAPS).with_columns(session_key=pl.lit("2012-05-Q"))
    none = frame("processed.jolpica__pit_stops", [])
    rows = reconcile_laps(
        frame("processed.fastf1__laps", []),
        frame("processed.fastf1__tyre_stints", []),
        DRIVERS,
        other,
        none,
        session_key=KEY,
    )
    assert rows.is_empty()


def test_driver_whom_the_result_does_not_name_is_kept_without_a_number() -> None:
    rows = laps_of([lap("unknown", 1, 1)], [])
    assert rows.select("car_number", "driver_key", "team_key").rows() == [("-", "unknown", None)]


def test_a_stop_of_three_minutes_leaves_open_whether_the_race_was_stopped() -> None:
    stops = [stop("alonso", 1, 1), stop("alonso", 2, 2, 1_004_718), stop("maldonado", 1, 1)]
    rows = stops_of(stops, laps_of(LAPS, stops))
    assert rows.schema == PIT_STOP_SCHEMA
    assert rows.select("car_number", "stop_number", "is_under_red_flag", "stop_source").rows() == [
        ("18", 1, False, "jolpica"),
        ("5", 1, False, "jolpica"),
        ("5", 2, None, "jolpica"),
    ]
    assert rows["is_tyre_change"].null_count() == rows.height
