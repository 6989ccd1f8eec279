"""Real sessions whose feed counts stints wrongly, and stops as the official timekeeping lists them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from racing.invariants import check_invariants
from racing.keys import split_weekend_key, weekend_of

Curated = Callable[[str], dict[str, pl.DataFrame]]

STINTS = "curated.stints"
STOPS = "curated.pit_stops"
LAPS = "curated.laps"
RACES_2024 = [f"2024-{number:02d}-R" for number in range(1, 25)]
RACES_2025 = [f"2025-{number:02d}-R" for number in range(1, 13)]


def stints_of(curated: dict[str, pl.DataFrame], car: str) -> list[tuple[Any, ...]]:
    stints = curated[STINTS].filter(pl.col("car_number") == car).sort("stint_number")
    return stints.select("first_lap_number", "last_lap_number", "compound", "tyre_age_start_laps").rows()


def test_drive_through_is_no_stint(curated_session: Curated) -> None:
    monaco = curated_session("2025-08-R")
    assert stints_of(monaco, "63") == [(1, 53, "HARD", 1), (54, 68, "MEDIUM", 1), (69, 76, "HARD", 1)]
    stops = monaco[STOPS].filter(pl.col("car_number") == "63").sort("stop_number")
    assert stops.select("lap_number", "is_tyre_change").rows() == [(53, True), (62, False), (68, True)]


def test_laps_through_the_pit_lane_behind_the_safety_car_are_no_stints(curated_session: Curated) -> None:
    melbourne = curated_session("2025-01-R")
    assert stints_of(melbourne, "22") == [
        (1, 33, "INTERMEDIATE", 1),
        (34, 47, "MEDIUM", 1),
        (48, 57, "INTERMEDIATE", 1),
    ]
    # Back on the set of the first three laps, whatever the feed's counter made of it.
    assert stints_of(melbourne, "87") == [
        (1, 3, "INTERMEDIATE", 1),
        (4, 4, "INTERMEDIATE", 1),
        (5, 39, "INTERMEDIATE", 4),
        (40, 44, "MEDIUM", 1),
        (45, 57, "INTERMEDIATE", 1),
    ]


def test_outage_of_the_tyre_feed_does_not_shift_the_stints(curated_session: Curated) -> None:
    miami = curated_session("2025-06-S")
    assert stints_of(miami, "4") == [(1, 14, "INTERMEDIATE", 1), (15, 18, "SOFT", 3)]


def test_change_under_a_red_flag_is_a_stint_but_no_stop(curated_session: Curated) -> None:
    monaco = curated_session("2024-08-R")
    assert stints_of(monaco, "16") == [(1, 1, "MEDIUM", 1), (2, 78, "HARD", 1)]
    first = monaco[STINTS].filter(pl.col("car_number") == "16", pl.col("stint_number") == 1)
    assert first["end_reason"].to_list() == ["RED_FLAG"]
    stop = monaco[STOPS].filter(pl.col("car_number") == "16").row(0, named=True)
    assert (stop["is_under_red_flag"], stop["is_tyre_change"], stop["pit_loss_ms"]) == (True, True, None)


def test_qualifying_keeps_a_set_through_two_runs(curated_session: Curated) -> None:
    mexico = curated_session("2025-20-Q")
    assert stints_of(mexico, "4") == [
        (1, 9, "SOFT", 1),
        (10, 15, "SOFT", 1),
        (16, 18, "SOFT", 1),
        (19, 21, "SOFT", 1),
    ]
    assert mexico[STOPS].is_empty()


# tests/e2e looks at all sessions of the mirror and all races of the cache.
@pytest.mark.parametrize("key", ["2024-08-R", "2025-01-R", "2025-20-Q"])
def test_invariants_hold(curated_session: Curated, key: str) -> None:
    curated = curated_session(key)
    frames = {name: curated[name] for name in (LAPS, STINTS, STOPS)}
    broken = {name: found[:3] for name, found in check_invariants(frames).items() if found}
    assert broken == {}
    assert curated[LAPS]["stint_number"].null_count() == 0


def official_stops(test_data: Path, key: str) -> pl.DataFrame:
    folder = test_data / "reference" / "ergast_csv_through_2024"
    tables = {
        name: pl.read_csv(folder / f"{name}.csv", null_values="\\N", infer_schema_length=None)
        for name in ("races", "results", "pit_stops")
    }
    season, number, _ = split_weekend_key(weekend_of(key))
    race = tables["races"].filter(pl.col("year") == season, pl.col("round") == number)["raceId"][0]
    cars = tables["results"].filter(pl.col("raceId") == race)
    return (
        tables["pit_stops"]
        .filter(pl.col("raceId") == race)
        .join(cars.select("driverId", pl.col("number").cast(pl.String).alias("car_number")), on="driverId")
        .select("car_number", pl.col("lap").cast(pl.Int32).alias("lap_number"), "milliseconds")
    )


def compare_with_official(curated: dict[str, pl.DataFrame], official: pl.DataFrame) -> None:
    stops, lap = curated[STOPS], ["car_number", "lap_number"]
    left = stops.filter(pl.col("pit_out_session_time_ms").is_not_null())
    assert left.join(official, on=lap, how="anti").is_empty()
    # A car that left the pits and stopped before the line has no lap that could say so.
    assert official.join(stops, on=lap, how="anti").is_empty()
    both = left.join(official, on=lap)
    difference = (both["pit_lane_time_ms"] - both["milliseconds"]).abs()
    assert difference.median() < 250  # type: ignore[operator]


@pytest.mark.parametrize("key", ["2024-08-R"])
def test_stops_are_those_of_the_official_list(curated_session: Curated, test_data: Path, key: str) -> None:
    compare_with_official(curated_session(key), official_stops(test_data, key))


@pytest.mark.soak
@pytest.mark.parametrize("key", RACES_2024)
def test_stops_of_the_season_are_those_of_the_official_list(
    curated_session: Curated, test_data: Path, key: str
) -> None:
    compare_with_official(curated_session(key), official_stops(test_data, key))


@pytest.mark.soak
@pytest.mark.parametrize("key", RACES_2024 + RACES_2025)
def test_invariants_hold_in_every_race(curated_session: Curated, key: str) -> None:
    curated = curated_session(key)
    found = check_invariants({name: curated[name] for name in (LAPS, STINTS, STOPS)})
    assert {name: broken[:3] for name, broken in found.items() if broken} == {}
