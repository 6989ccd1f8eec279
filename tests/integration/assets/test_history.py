"""Weekends of old seasons from the real documents, down to curated: what is there, and each gap by name."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from sources.open_source import open_source

JOLPICA = "api.jolpi.ca/ergast/f1"


WEEKENDS = (
    "1950-03",
    "1956-01",
    "1956-03",
    "1961-04",
    "1984-06",
    "1997-17",
    "2006-01",
    "2020-08",
    "2020-13",
)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, test_data: Path) -> Iterator[Lake]:
    """A lake that holds some weekends of the mirror. Shared: tests only read."""
    source = open_source(f"mirror:{test_data / 'mirror'}")
    with Lake.open(LakeSettings(home=tmp_path_factory.mktemp("history"))) as lake:
        for weekend in WEEKENDS:
            options = RunOptions("run", weekend, has_pictures=False)
            fetch_raw(lake, options, source)
            compute_processed(lake, options, source)
            compute_curated(lake, options, CURATED)
        yield lake


def table(lake: Lake, name: str, **where: object) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(lake.read(name, where=where)))


def coverage(lake: Lake, weekend: str) -> dict[str, tuple[str, bool, str | None]]:
    rows = table(lake, "curated.coverage", weekend_key=weekend)
    names = ("topic", "coverage_status", "is_essential", "reason")
    return {topic: (status, needed, reason) for topic, status, needed, reason in rows.select(names).rows()}


def results(lake: Lake, weekend: str, *names: str) -> list[tuple[Any, ...]]:
    rows = table(lake, "curated.results", session_key=f"{weekend}-R")
    return rows.sort("result_order").select(names).rows()


def test_shared_drives_have_an_entry_for_each_driver_and_car(old: Lake) -> None:
    entries = results(old, "1956-01", "driver_key", "car_number", "position", "points")
    # Musso and Fangio shared the winning car, and half the points each; Fangio had driven another car before.
    assert entries[:2] == [("fangio", "34", 1, 5.0), ("musso", "34", 1, 4.0)]
    assert [entry for entry in entries if entry[0] == "fangio"][1:] == [("fangio", "30", None, 0.0)]
    identities = table(old, "curated.driver_identities", weekend_key="1956-01", car_number="34")
    assert identities["driver_key"].to_list() == ["fangio", "musso"]


def test_indianapolis_is_a_round_like_others_and_has_a_date_only(old: Lake) -> None:
    weekend = table(old, "curated.weekends", weekend_key="1956-03").to_dicts()[0]
    assert (weekend["event_name"], weekend["circuit_key"]) == ("Indianapolis 500", "indianapolis")
    sessions = table(old, "curated.sessions", weekend_key="1956-03").to_dicts()
    assert [(row["session_code"], row["scheduled_date"], row["scheduled_start_at"]) for row in sessions] == [
        ("R", dt.date(1956, 5, 30), None)
    ]
    assert results(old, "1956-03", "driver_key", "laps_completed")[0] == ("flaherty", 200)


def test_what_no_source_ever_had_is_named_and_makes_nothing_partial(old: Lake) -> None:
    found = coverage(old, "1956-01")
    assert found["session"] == ("not_kept", False, "live timing begins in 2018")
    assert found["qualifying"] == ("not_kept", False, "Jolpica has qualifying from 1994 on")
    assert found["laps"] == ("not_kept", False, "Jolpica has laps from 1996 on")
    assert found["constructorstandings"][0] == "not_kept"
    assert found["results"] == ("available", True, None)
    # Since 1996 there are laps somewhere: this source has none, and says so.
    later = coverage(old, "2006-01")
    assert later["laps"] == ("absent", False, "no layer of the source has it")
    assert later["pitstops"][0] == "not_kept"
    assert later["qualifying"] == ("available", True, None)


def test_first_page_alone_is_partial_and_says_which_rows_are_missing(old: Lake) -> None:
    assert coverage(old, "1950-03")["results"] == ("partial", True, "rows 31 to 35 of 35 are missing")


def test_entry_without_a_car_number_is_a_driver_too(old: Lake) -> None:
    identities = table(old, "curated.driver_identities", car_number="-")
    assert identities["driver_key"].to_list() == ["bordeu"]


def test_standings_of_an_excluded_driver_keep_the_points_without_a_place(old: Lake) -> None:
    rows = table(old, "curated.standings", weekend_key="1997-17", championship="drivers")
    excluded = rows.filter(pl.col("driver_key") == "michael_schumacher").to_dicts()[0]
    assert (excluded["position"], excluded["position_text"], excluded["points"]) == (None, "D", 78.0)
    champion = rows.filter(pl.col("position") == 1).to_dicts()[0]
    assert (champion["driver_key"], champion["points"]) == ("villeneuve", 81.0)
    official = table(old, "processed.jolpica__constructor_standings", weekend_key="1997-17").sort(
        "standing_order"
    )
    assert official["constructor_id_jolpica"][0] == "williams"
    assert official["points"][0] == 123.0


def test_half_points_are_points_like_others(old: Lake) -> None:
    # Monaco 1984 was stopped after 31 of 77 laps.
    assert results(old, "1984-06", "driver_key", "points", "laps_completed")[:3] == [
        ("prost", 4.5, 31),
        ("senna", 3.0, 31),
        ("arnoux", 2.0, 31),
    ]


def test_weekend_of_two_days_has_the_sessions_that_were_announced(old: Lake) -> None:
    sessions = table(old, "curated.sessions", weekend_key="2020-13").sort("session_number")
    assert sessions["session_code"].to_list() == ["FP1", "Q", "R"]
    assert sessions["scheduled_date"].to_list() == [
        dt.date(2020, 10, 31),
        dt.date(2020, 10, 31),
        dt.date(2020, 11, 1),
    ]


def test_circuit_has_corners_and_the_length_of_that_year(old: Lake) -> None:
    (monza,) = table(old, "curated.circuits", weekend_key="2020-08").to_dicts()
    assert (monza["circuit_key"], monza["length_m"], monza["corners_count"]) == ("monza", 5793, 11)
    assert (monza["fastest_race_lap_ms"], monza["fastest_race_lap_driver_key"]) == (82_746, "hamilton")
    marks = table(old, "processed.multiviewer__circuit_marks", weekend_key="2020-08")
    kinds = dict(marks.group_by("mark_kind").len().iter_rows())
    assert kinds == {"CORNER": 11, "MARSHAL_LIGHT": 17, "MARSHAL_SECTOR": 17, "OUTLINE": 726}
    (old_one,) = table(old, "curated.circuits", weekend_key="1956-01").to_dicts()
    assert (old_one["circuit_key"], old_one["length_m"], old_one["corners_count"]) == ("galvez", None, None)


def _reference(test_data: Path, name: str) -> list[dict[str, str]]:
    path = test_data / "reference" / "ergast_csv_through_2024" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(folder: Path, address: str, list_name: str, rows: list[dict[str, Any]], counts: list[int]) -> None:
    """Write a document in pages of a hundred counted rows, as Jolpica serves it."""
    total, offset, page = sum(counts), 0, 0
    while offset < total:
        kept, taken = [], 0
        while page < len(rows) and taken + counts[page] <= 100:
            kept.append(rows[page])
            taken += counts[page]
            page += 1
        head = {"limit": str(taken), "offset": str(offset), "total": str(total)}
        races = [{"season": "2021", "round": "1", list_name: kept}]
        path = folder / f"{address}@limit=100&offset={offset}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"MRData": {**head, "RaceTable": {"Races": races}}}))
        offset += taken


@pytest.fixture
def bahrain_2021(test_data: Path, tmp_path: Path) -> str:
    """The real laps and pit stops of a race of which the mirror has no timing, as Jolpica's documents."""
    (race,) = [r for r in _reference(test_data, "races") if (r["year"], r["round"]) == ("2021", "1")]
    results = [r for r in _reference(test_data, "results") if r["raceId"] == race["raceId"]]
    drivers = {row["driverId"]: row["driverRef"] for row in _reference(test_data, "drivers")}
    numbers = {row["number"]: drivers[row["driverId"]] for row in results}
    stops = [
        {
            "driverId": drivers[row["driverId"]],
            **{key: row[key] for key in ("lap", "stop", "time", "duration")},
        }
        for row in _reference(test_data, "pit_stops")
        if row["raceId"] == race["raceId"]
    ]
    laps = (
        pl.read_parquet(test_data / "laps" / "laps_2018_2022.parquet")
        .filter((pl.col("Season") == 2021) & (pl.col("RoundNumber") == 1) & (pl.col("LapNumber") > 0))
        .sort("LapNumber", "Position")
    )
    listed = [
        {
            "number": str(int(number[0])),
            "Timings": [
                {
                    "driverId": numbers[str(row["DriverNumber"])],
                    "position": str(int(row["Position"])),
                    "time": None if row["LapTime"] is None else f"{row['LapTime']:.3f}",
                }
                for row in rows.filter(pl.col("Position").is_not_null()).iter_rows(named=True)
            ],
        }
        for number, rows in laps.group_by("LapNumber", maintain_order=True)
    ]
    folder = tmp_path / "documents"
    _write(folder, f"{JOLPICA}/2021/1/laps.json", "Laps", listed, [len(lap["Timings"]) for lap in listed])
    _write(folder, f"{JOLPICA}/2021/1/pitstops.json", "PitStops", stops, [1] * len(stops))
    return f"mirror:{folder},mirror:{test_data / 'mirror'}"


def test_race_without_timing_has_laps_and_stops_of_the_official_documents(
    ingest: Any, bahrain_2021: str
) -> None:
    ingest(bahrain_2021, "2021-01", sessions=("R",))
    laps = ingest.rows("curated.laps")
    official = ingest.rows("curated.results").filter(pl.col("session_key") == "2021-01-R")
    assert laps["lap_source"].unique().to_list() == ["jolpica"]
    last = laps.group_by("driver_key").agg(pl.col("lap_number").max())
    joined = official.join(last, on="driver_key")
    assert joined["lap_number"].to_list() == joined["laps_completed"].to_list()
    best = laps.filter(pl.col("driver_key") == "bottas")["lap_time_ms"].min()
    assert best == 92_090  # the fastest lap of the race, as the official result has it
    stops = ingest.rows("curated.pit_stops")
    assert stops["stop_source"].unique().to_list() == ["jolpica"]
    hamilton = stops.filter(pl.col("driver_key") == "hamilton").sort("stop_number")
    assert hamilton["lap_number"].to_list() == [13, 28]
    in_laps = laps.filter(pl.col("is_in_lap") & (pl.col("driver_key") == "hamilton"))
    assert in_laps["lap_number"].to_list() == [13, 28]
    assert ingest.rows("curated.discrepancies").filter(pl.col("session_key") == "2021-01-R").is_empty()
    before = ingest.lake.snapshot_ids(release=None)
    ingest(bahrain_2021, "2021-01", sessions=("R",))
    assert ingest.lake.snapshot_ids(release=None) == before
