"""The lap chart begins with the grid and says where timing and feed agree."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.lap_chart import LAP_POSITION_SCHEMA, chart_lap_positions

LAPS = {"car_number": pl.String, "lap_number": pl.Int32, "driver_key": pl.String, "position": pl.Int32}
SENT = {"car_number": pl.String, "lap_number": pl.Int32, "position": pl.Int32}
RESULTS = {"car_number": pl.String, "driver_key": pl.String, "grid_position": pl.Int32}


def chart(
    laps: list[tuple[Any, ...]],
    sent: list[tuple[Any, ...]],
    results: list[tuple[Any, ...]],
    key: str = "2030-01-R",
) -> pl.DataFrame:
    return chart_lap_positions(
        pl.DataFrame(laps, schema=LAPS, orient="row"),
        pl.DataFrame(sent, schema=SENT, orient="row"),
        pl.DataFrame(results, schema=RESULTS, orient="row"),
        session_key=key,
    )


def test_chart_runs_from_the_grid_with_places_gained() -> None:
    found = chart(
        [("7", 1, "swift", 1), ("7", 2, "swift", 3), ("8", 1, "steady", 2)],
        [("7", 1, 1), ("7", 2, 2), ("8", 0, 1)],
        [("7", "swift", 4), ("8", "steady", 1)],
    )
    assert found.schema == pl.Schema(LAP_POSITION_SCHEMA)
    columns = ("car_number", "lap_number", "position", "position_source", "is_agreed", "places_gained")
    assert found.select(columns).rows() == [
        ("7", 0, 4, "GRID", None, None),
        ("7", 1, 1, "LINE", True, 3),
        ("7", 2, 3, "LINE", False, -2),
        ("8", 0, 1, "GRID", True, None),
        ("8", 1, 2, "LINE", None, -1),
    ]


def test_feed_fills_what_the_line_does_not_say() -> None:
    found = chart([("7", 1, "swift", None), ("7", 2, "swift", 1)], [("7", 1, 2), ("9", 1, 3)], [])
    columns = ("car_number", "lap_number", "driver_key", "position", "position_source")
    assert found.select(columns).rows() == [
        ("7", 1, "swift", 2, "FEED"),
        ("7", 2, "swift", 1, "LINE"),
        ("9", 1, None, 3, "FEED"),
    ]


def test_pit_lane_start_and_unknown_number_have_no_place_on_the_grid() -> None:
    found = chart(
        [("7", 1, "swift", 1), ("7", 3, "swift", 2)],
        [],
        [("7", "swift", 0), (None, "ghost", 2), ("-", "shadow", 3)],
    )
    assert found.select("lap_number", "places_gained").rows() == [(1, None), (3, None)]


def test_two_drivers_of_one_car_keep_their_laps() -> None:
    found = chart([("7", 1, "first", 1), ("7", 2, "second", 1)], [], [("7", "first", 3), ("7", "second", 3)])
    assert found.select("lap_number", "driver_key", "position").rows() == [
        (0, "first", 3),
        (1, "first", 1),
        (2, "second", 1),
    ]


def test_other_sessions_have_no_chart() -> None:
    assert chart([("7", 1, "swift", 1)], [("7", 1, 1)], [], key="2030-01-Q").is_empty()
