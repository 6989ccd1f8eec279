"""Our results of 2018 to 2024 against f1db and the Ergast tables: every difference has a named rule."""

from __future__ import annotations

import csv
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.curated_discrepancies import CURATED_DISCREPANCIES
from racing.keys import season_of, session_key, weekend_key
from racing.reference_comparison import REFERENCE_SCHEMA, compare_results
from racing.results import classify_entries
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.open_source import Source

SEASONS = range(2018, 2025)
DOCUMENTS = {
    "results": ("R", read_results),
    "sprint": ("S", read_sprint_results),
    "qualifying": ("Q", read_qualifying_results),
}
F1DB_FILES = {"race-results": "R", "sprint-race-results": "S", "qualifying-results": "Q"}
ERGAST_FILES = {"results": "R", "sprint_results": "S", "qualifying": "Q"}
NOTHING = pl.DataFrame(
    schema=dict.fromkeys(("session_key", "driver_key", "team_key", "driver_code", "car_number"), pl.String)
)


def milliseconds(text: str | None) -> int | None:
    """Return a time such as 1:20:26.843 in milliseconds."""
    if not text:
        return None
    *larger, seconds = text.split(":")
    whole = sum(int(part) * 60 ** (len(larger) - place) for place, part in enumerate(larger))
    return whole * 1000 + round(float(seconds) * 1000)


def reference(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=REFERENCE_SCHEMA)


@pytest.fixture(scope="module")
def ours(stacked: Source) -> pl.DataFrame:
    """Return curated results of all races, sprints and qualifyings that the mirror has."""
    tables = []
    for season in SEASONS:
        for number in range(1, 25):
            for topic, (code, read) in DOCUMENTS.items():
                page = stacked.get(f"https://api.jolpi.ca/ergast/f1/{season}/{number}/{topic}.json")
                if page is None or not page.is_found:
                    continue
                key = session_key(weekend_key(season, number), code)
                frames = {name: reader([], key) for name, (_, reader) in DOCUMENTS.items()}
                frames[topic] = read([page], key)
                tables.append(
                    classify_entries(
                        *frames.values(), NOTHING, pl.DataFrame(), pl.DataFrame(), session_key=key
                    )
                )
    return pl.concat(tables)


@pytest.fixture(scope="module")
def f1db(test_data: Path) -> pl.DataFrame:
    """Return f1db's results in our columns."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = []
    with tarfile.open(test_data / "reference" / "f1db_2018_2024.tar.xz") as archive:
        for member in archive:
            path = Path(member.name)
            code = F1DB_FILES.get(path.stem)
            if code is None or path.suffix != ".yml":
                continue
            key = session_key(weekend_key(int(path.parts[1]), int(path.parts[3][:2])), code)
            document = archive.extractfile(member)
            assert document is not None
            # The loader is a safe one: it builds plain values only.
            rows += list(_f1db_rows(yaml.load(document, Loader=loader) or [], key))
    return reference(rows)


def _f1db_rows(entries: list[dict[str, Any]], key: str) -> Iterator[dict[str, Any]]:
    for place, entry in enumerate(entries, 1):
        grid, penalty = entry.get("gridPosition"), entry.get("timePenalty")
        is_race = not key.endswith("Q")
        yield {
            "session_key": key,
            "car_number": str(entry["driverNumber"]),
            "result_order": place,
            "position_text": str(entry["position"]),
            "status_text": entry.get("reasonRetired"),
            "laps_completed": entry.get("laps") if is_race else None,
            "points": float(entry.get("points") or 0) if is_race else None,
            "grid_position": 0 if grid == "PL" else grid,
            "race_time_ms": milliseconds(entry.get("time")),
            "penalty_ms": round(float(penalty) * 1000) if penalty else None,
            **{f"{segment}_ms": milliseconds(entry.get(segment)) for segment in ("q1", "q2", "q3")},
        }


@pytest.fixture(scope="module")
def ergast(test_data: Path) -> pl.DataFrame:
    """Return the Ergast tables in our columns."""
    folder = test_data / "reference" / "ergast_csv_through_2024"

    def table(name: str) -> list[dict[str, str | None]]:
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            return [
                {key: None if value == r"\N" else value for key, value in row.items()}
                for row in csv.DictReader(lines)
            ]

    weekends = {
        race["raceId"]: weekend_key(int(race["year"] or 0), int(race["round"] or 0))
        for race in table("races")
        if int(race["year"] or 0) in SEASONS
    }
    statuses = {row["statusId"]: row["status"] for row in table("status")}
    return reference(
        [
            _ergast_row(row, session_key(weekends[row["raceId"]], code), statuses)
            for name, code in ERGAST_FILES.items()
            for row in table(name)
            if row["raceId"] in weekends
        ]
    )


def _ergast_row(row: dict[str, Any], key: str, statuses: dict[str | None, str | None]) -> dict[str, Any]:
    def number(name: str) -> int | None:
        return int(row[name]) if row.get(name) is not None else None

    return {
        "session_key": key,
        "car_number": row["number"],
        "result_order": number("positionOrder") or number("position"),
        "position_text": row.get("positionText") or row["position"],
        "status_text": statuses.get(row.get("statusId")),
        "laps_completed": number("laps"),
        "points": float(row["points"]) if "points" in row else None,
        "grid_position": number("grid"),
        "race_time_ms": number("milliseconds"),
        **{f"{segment}_ms": milliseconds(row.get(segment)) for segment in ("q1", "q2", "q3")},
    }


def test_every_entry_of_seven_seasons_is_compared(
    ours: pl.DataFrame, f1db: pl.DataFrame, ergast: pl.DataFrame
) -> None:
    assert {season_of(key) for key in ours["session_key"].unique()} == set(SEASONS)
    assert ours.height == 6_315
    assert ergast.height == 6_315
    assert f1db.height == 6_310


def test_every_difference_to_f1db_has_a_rule(
    ours: pl.DataFrame, f1db: pl.DataFrame, ergast: pl.DataFrame
) -> None:
    rows = compare_results(ours, f1db, "f1db", witness=ergast)
    assert rows.filter(~pl.col("is_explained")).rows() == []
    assert 200 < rows.height < 300


def test_every_difference_to_ergast_has_a_rule(
    ours: pl.DataFrame, f1db: pl.DataFrame, ergast: pl.DataFrame
) -> None:
    rows = compare_results(ours, ergast, "ergast", witness=f1db)
    assert rows.filter(~pl.col("is_explained")).rows() == []
    assert 100 < rows.height < 170


def test_each_difference_is_a_row_of_the_discrepancies(
    ours: pl.DataFrame, f1db: pl.DataFrame, ergast: pl.DataFrame, tmp_path: Path
) -> None:
    """The table takes them, under its contract, beside those between timing and official results."""
    rows = pl.concat(
        [
            compare_results(ours, f1db, "f1db", witness=ergast),
            compare_results(ours, ergast, "ergast", witness=f1db),
        ]
    )
    with Lake.open(LakeSettings(home=tmp_path)) as lake:
        with lake.step(run_id="r", name="reference") as step:
            for (key,), of_session in rows.group_by("session_key"):
                step.stage(CURATED_DISCREPANCIES, str(key), of_session, inputs={}, logic_version=1)
            step.commit()
        counted = lake.query(
            "select right_source, count(*) as n, count(*) filter (not is_explained) as unexplained "
            "from curated.discrepancies group by all order by all"
        )
    totals = dict(rows.group_by("right_source").len().iter_rows())
    assert counted.to_pylist() == [
        {"right_source": source, "n": totals[source], "unexplained": 0} for source in ("ergast", "f1db")
    ]


def test_changed_values_are_not_explained_away(ours: pl.DataFrame, f1db: pl.DataFrame) -> None:
    race = ours.filter(pl.col("session_key") == "2024-08-R")
    key = (pl.col("session_key") == "2024-08-R") & (pl.col("car_number") == "16")
    changed = {
        "points": 24.0,
        "laps_completed": 77,
        "grid_position": 5,
        "race_time_ms": 8_595_854,
        "position_text": "2",
    }
    book = f1db.filter(pl.col("session_key") == "2024-08-R")
    for name, value in changed.items():
        false = book.with_columns(pl.when(key).then(pl.lit(value)).otherwise(pl.col(name)).alias(name))
        found = compare_results(race, false, "f1db")
        measure = {"position_text": "position"}.get(name, name)
        mine = found.filter((pl.col("subject") == "16") & (pl.col("measure") == measure))
        assert mine["rule"].to_list() == ["UNEXPLAINED"], name
