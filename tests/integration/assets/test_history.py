"""Weekends of old seasons from the real documents, down to curated: what is there, and each gap by name.

Which kinds of weekends there are is in ``test_kinds_of_weekends.py``.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

JOLPICA = "api.jolpi.ca/ergast/f1"


def coverage(real: Any, weekend: str) -> dict[str, tuple[str, bool, str | None]]:
    rows = real.rows("curated.coverage", weekend_key=weekend)
    names = ("topic", "coverage_status", "is_essential", "reason")
    return {topic: (status, needed, reason) for topic, status, needed, reason in rows.select(names).rows()}


def test_what_no_source_ever_had_is_named_and_makes_nothing_partial(real: Any) -> None:
    assert coverage(real, "1954-02")["constructorstandings"][0] == "not_kept"
    found = coverage(real, "1960-01")
    assert found["session"] == ("not_kept", False, "live timing begins in 2018")
    assert found["qualifying"] == ("not_kept", False, "Jolpica has qualifying from 1994 on")
    assert found["laps"] == ("not_kept", False, "Jolpica has laps from 1996 on")
    assert found["results"] == ("available", True, None)
    # Since 1996 there are laps somewhere: this source has none, and says so.
    later = coverage(real, "2007-17")
    assert later["laps"] == ("absent", False, "no layer of the source has it")
    assert later["pitstops"][0] == "not_kept"
    assert later["qualifying"] == ("available", True, None)


def test_first_page_alone_is_partial_and_says_which_rows_are_missing(real: Any) -> None:
    assert coverage(real, "1954-02")["results"] == ("partial", True, "rows 31 to 55 of 55 are missing")


def test_excluded_team_has_neither_points_nor_a_place(real: Any) -> None:
    teams = real.rows("curated.standings", weekend_key="2007-17", championship="constructors")
    excluded = teams.filter(pl.col("team_key") == "mclaren").to_dicts()[0]
    assert (excluded["position"], excluded["position_text"], excluded["points"]) == (None, "E", 0.0)
    drivers = real.rows("curated.standings", weekend_key="2007-17", championship="drivers")
    assert drivers.sort("standing_order")["driver_key"].to_list()[:3] == ["raikkonen", "hamilton", "alonso"]


def test_circuit_has_corners_and_the_length_of_that_year(real: Any) -> None:
    (monza,) = real.rows("curated.circuits", weekend_key="2020-08").to_dicts()
    assert (monza["circuit_key"], monza["length_m"], monza["corners_count"]) == ("monza", 5793, 11)
    assert (monza["fastest_race_lap_ms"], monza["fastest_race_lap_driver_key"]) == (82_746, "hamilton")
    marks = real.rows("processed.multiviewer__circuit_marks", weekend_key="2020-08")
    kinds = dict(marks.group_by("mark_kind").len().iter_rows())
    assert kinds == {"CORNER": 11, "MARSHAL_LIGHT": 17, "MARSHAL_SECTOR": 17, "OUTLINE": 726}
    (old_one,) = real.rows("curated.circuits", weekend_key="1960-01").to_dicts()
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
