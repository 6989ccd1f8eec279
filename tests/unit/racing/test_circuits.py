"""The circuit of a weekend: official length, measures where there are any, fastest lap of the race."""

from __future__ import annotations

import csv
import re
import tarfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lake.tables.registry import ALL_TABLES
from racing.circuit_lengths import length_m
from racing.circuits import CIRCUIT_SCHEMA, describe_circuit

KEYS = {"season": 2021, "weekend_key": "2021-01"}
WEEKEND = {**KEYS, "circuit_key": "bahrain", "circuit_name": "Sakhir"}
LAPS = [
    {"driver_id_jolpica": "alonso", "lap_number": 3, "position": 2, "lap_time_ms": 90_000},
    {"driver_id_jolpica": "massa", "lap_number": 2, "position": 1, "lap_time_ms": 90_000},
    {"driver_id_jolpica": "massa", "lap_number": 1, "position": 1, "lap_time_ms": None},
]
RESULTS = [
    {"driver_id_jolpica": "bottas", "fastest_lap_time_ms": 92_090, "fastest_lap_number": 56},
    {"driver_id_jolpica": "nobody", "fastest_lap_time_ms": None},
]


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    empty = pl.DataFrame(pl.from_arrow(ALL_TABLES[table].arrow_schema.empty_table()))
    return pl.DataFrame([{**KEYS, **row} for row in rows], schema=empty.schema)


def described(*, weekend: dict[str, Any] | None = None, **rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    circuit = describe_circuit(
        frame("curated.weekends", [weekend or WEEKEND]),
        frame("processed.multiviewer__circuits", rows.get("circuits", [])),
        frame("processed.jolpica__results", rows.get("results", [])),
        frame("processed.jolpica__laps", rows.get("laps", [])),
        weekend_key="2021-01",
    )
    assert circuit.schema == CIRCUIT_SCHEMA
    return circuit.to_dicts()


def test_circuit_has_length_measures_and_the_fastest_lap() -> None:
    measured = {"circuit_id_f1": 63, "circuit_name": "Sakhir Outer", "corners_count": 15, "pit_loss_s": 22.5}
    (row,) = described(circuits=[measured], results=RESULTS, laps=LAPS)
    assert (row["circuit_key"], row["circuit_name"], row["length_m"]) == ("bahrain", "Sakhir", 5412)
    assert (row["corners_count"], row["pit_loss_s"]) == (15, 22.5)
    assert (row["fastest_race_lap_ms"], row["fastest_race_lap_driver_key"]) == (92_090, "bottas")
    assert row["fastest_race_lap_number"] == 56


def test_laps_tell_the_fastest_where_the_result_does_not() -> None:
    (row,) = described(laps=LAPS)
    assert (row["fastest_race_lap_driver_key"], row["fastest_race_lap_number"]) == ("massa", 2)


def test_nothing_known_is_null() -> None:
    (row,) = described(weekend=WEEKEND | {"circuit_key": "elsewhere"})
    assert {name for name, value in row.items() if value is not None} == {
        "season",
        "weekend_key",
        "circuit_key",
        "circuit_name",
    }


def test_lengths_outside_the_known_seasons_are_not_guessed() -> None:
    assert length_m("monza", "2017-13") is None
    assert length_m("monza", "2026-15") is None
    assert length_m("istanbul", "2018-01") is None
    assert length_m("unheard_of", "2024-01") is None


def test_lengths_are_those_of_the_reference(test_data: Path) -> None:
    reference = test_data / "reference"
    if not (reference / "f1db_2018_2024.tar.xz").is_file():
        pytest.skip("no reference of circuit lengths there")
    folder = reference / "ergast_csv_through_2024"

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    keys = {row["circuitId"]: row["circuitRef"] for row in rows("circuits")}
    held = {(row["year"], row["round"]): keys[row["circuitId"]] for row in rows("races")}
    wrong, count = [], 0
    with tarfile.open(reference / "f1db_2018_2024.tar.xz") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.name.endswith("/race.yml") else None
            if content is None:
                continue
            race = dict(re.findall(r"^(\w+): (.*)$", content.read().decode(), re.MULTILINE))
            season, number = race["date"][:4], race["round"]
            expected = round(float(race["courseLength"]) * 1000)
            found = length_m(held[season, number], f"{season}-{int(number):02d}")
            wrong += [] if found == expected else [(season, number, found, expected)]
            count += 1
    assert (count, wrong) == (149, [])
