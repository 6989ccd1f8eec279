"""A tiny season of curated tables: two weekends, four drivers, one with a sprint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from lake.dbt_build import MartsBuild, build_marts
from lake.dbt_models import sql_models
from lake.tables.registry import ALL_TABLES
from orchestration.environments import read_settings

RACE_LAPS = 12
DRIVERS = {  # number: driver, team, code
    "1": ("alpha", "red", "ALP"),
    "2": ("beta", "red", "BET"),
    "3": ("gamma", "blue", "GAM"),
    "4": ("delta", "blue", "DEL"),
}
WEEKENDS = {"2024-01": ["Q", "R"], "2024-02": ["SQ", "S", "Q", "R"]}

Rows = list[dict[str, Any]]


class FixtureLake:
    """Rows by table, given as views like the real lake gives them."""

    def __init__(self, rows: dict[str, Rows]) -> None:
        self.rows = rows

    def register_views(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
        connection.execute("create schema if not exists curated")
        for name in tables:
            contract = ALL_TABLES[name]
            rows = [{column: row.get(column) for column in contract.column_names} for row in self.rows[name]]
            arrow = pa.Table.from_pylist(rows, schema=contract.arrow_schema)
            connection.register("rows_given", arrow)
            connection.execute(f"create table {name}_rows as from rows_given")
            connection.execute(f"create view {name} as from {name}_rows")
            connection.unregister("rows_given")


def keys(weekend: str, code: str) -> dict[str, Any]:
    return {"season": int(weekend[:4]), "weekend_key": weekend, "session_key": f"{weekend}-{code}"}


def driver(number: str) -> dict[str, Any]:
    driver_key, team, code = DRIVERS[number]
    return {"car_number": number, "driver_key": driver_key, "team_key": team, "driver_code": code}


def weekend_rows() -> Rows:
    return [
        {
            "season": 2024,
            "weekend_key": weekend,
            "round_number": round_number,
            "round_id_jolpica": round_number,
            "is_test": False,
            "event_name": f"Grand Prix {round_number}",
            "event_format": "sprint_qualifying" if "S" in codes else "conventional",
            "scheduled_date": dt.date(2024, 3, round_number),
            "circuit_key": "oval",
            "circuit_name": "Oval",
            "matched_by": "date_and_circuit",
        }
        for round_number, (weekend, codes) in enumerate(WEEKENDS.items(), start=1)
    ]


def session_rows() -> Rows:
    return [
        {
            **keys(weekend, code),
            "session_code": code,
            "session_number": number,
            "session_name": code,
            "started_at": dt.datetime(2024, 3, 1, 13, tzinfo=dt.UTC),
            "ended_at": dt.datetime(2024, 3, 1, 14, tzinfo=dt.UTC),
            "scheduled_laps_count": RACE_LAPS if code == "R" else None,
            "has_timing": code in {"R", "S"},
            "has_telemetry": False,
            "has_official_result": True,
        }
        for weekend, codes in WEEKENDS.items()
        for number, code in enumerate(codes, start=1)
    ]


def identity_rows() -> Rows:
    return [
        {
            **keys(weekend, code),
            **driver(number),
            "is_provisional": False,
            "evidence": "result_number",
            "full_name": DRIVERS[number][0].title(),
            "team_name": DRIVERS[number][1].title(),
        }
        for weekend, codes in WEEKENDS.items()
        for code in codes
        for number in DRIVERS
    ]


def lap_time_ms(number: str, lap: int) -> int:
    """Drivers are 100 ms apart; tyres cost 50 ms a lap in the second stint, fuel gives 275 ms a lap back."""
    stint_lap = lap if lap <= 4 else lap - 4
    return 90_000 + 100 * int(number) + 50 * stint_lap - 275 * lap


def lap_rows() -> Rows:
    return [
        {
            **keys(weekend, "R"),
            **driver(number),
            "lap_number": lap,
            "lap_time_ms": lap_time_ms(number, lap),
            "stint_number": 1 if lap <= 4 else 2,
            "stint_lap_number": lap if lap <= 4 else lap - 4,
            "compound": "MEDIUM" if lap <= 4 else "HARD",
            "tyre_age_laps": lap if lap <= 4 else lap - 4,
            "is_in_lap": lap == 4,
            "is_out_lap": lap == 5,
            "surface_class": "SLICK",
            "track_status": "1" if lap != 2 else "14",
            "is_green": lap != 2,
            "is_clean_race": lap not in {1, 2, 4, 5},
            "is_clear_air": number == "1",
            "is_lap_counted": True,
            "lap_source": "live_timing",
            "position": int(number),
        }
        for weekend in WEEKENDS
        for number in DRIVERS
        for lap in range(1, RACE_LAPS + 1)
    ]


def stint_rows() -> Rows:
    return [
        {
            **keys(weekend, "R"),
            **driver(number),
            "stint_number": stint,
            "compound": compound,
            "first_lap_number": first,
            "last_lap_number": last,
            "laps_count": last - first + 1,
            "clean_laps_count": clean,
            "end_reason": reason,
        }
        for weekend in WEEKENDS
        for number in DRIVERS
        for stint, compound, first, last, clean, reason in (
            (1, "MEDIUM", 1, 4, 1, "PIT_STOP"),
            (2, "HARD", 5, RACE_LAPS, 7, "SESSION_END"),
        )
    ]


def stop_rows() -> Rows:
    return [
        {
            **keys(weekend, "R"),
            **driver(number),
            "stop_number": 1,
            "lap_number": 4,
            "pit_lane_time_ms": 20_000 + int(number),
            "track_status": "1",
            "is_under_red_flag": False,
            "stop_source": "live_timing",
        }
        for weekend in WEEKENDS
        for number in DRIVERS
    ]


def result_rows() -> Rows:
    rows: Rows = []
    for weekend, codes in WEEKENDS.items():
        for code in codes:
            for number in DRIVERS:
                place = int(number)
                row = {**keys(weekend, code), **driver(number), "result_order": place, "position": place}
                row |= {"result_source": "official", "position_text": str(place)}
                if code in {"R", "S"}:
                    points = {1: 25.0, 2: 18.0}.get(place, 0.0) if code == "R" else float(5 - place)
                    row |= {"is_classified": True, "grid_position": 5 - place, "points": points}
                    row |= {"laps_completed": RACE_LAPS, "status": "Finished"}
                else:
                    row |= {"q1_ms": 80_000 + place, "q2_ms": 79_000 + 100 * place if place < 4 else None}
                rows.append(row)
    return rows


def standing_rows() -> Rows:
    """Standings of the drivers after both weekends, by points alone; of the constructors none."""
    rows: Rows = []
    for weekend in WEEKENDS:
        points: dict[str, float] = {}
        for row in result_rows():
            if row["weekend_key"] <= weekend and row.get("points"):
                points[row["driver_key"]] = points.get(row["driver_key"], 0) + row["points"]
        for order, (key, sum_) in enumerate(sorted(points.items(), key=lambda item: -item[1]), start=1):
            rows.append(
                {
                    "season": int(weekend[:4]),
                    "weekend_key": weekend,
                    "championship": "drivers",
                    "standing_order": order,
                    "position": order,
                    "position_text": str(order),
                    "points": sum_,
                    "wins_count": 0,
                    "driver_key": key,
                    "competitor_name": key,
                    "points_behind_leader": max(points.values()) - sum_,
                }
            )
    return rows


def coverage_rows() -> Rows:
    """One document that is there and one that is not, of each weekend."""
    return [
        {
            "season": int(weekend[:4]),
            "weekend_key": weekend,
            "subject_key": f"{weekend}-{code}",
            "topic": topic,
            "coverage_status": status,
            "is_essential": True,
        }
        for weekend in WEEKENDS
        for code, topic, status in (("R", "results", "available"), ("Q", "TimingData", "absent"))
    ]


def circuit_rows() -> Rows:
    return [
        {"season": 2024, "weekend_key": weekend, "circuit_key": "oval", "fastest_race_lap_ms": 90_000}
        for weekend in WEEKENDS
    ]


@pytest.fixture
def tiny_rows() -> dict[str, Rows]:
    """Rows of every curated table that the marts read; tests change them."""
    return {
        "curated.weekends": weekend_rows(),
        "curated.sessions": session_rows(),
        "curated.driver_identities": identity_rows(),
        "curated.laps": lap_rows(),
        "curated.stints": stint_rows(),
        "curated.pit_stops": stop_rows(),
        "curated.results": result_rows(),
        "curated.standings": standing_rows(),
        "curated.coverage": coverage_rows(),
        "curated.circuits": circuit_rows(),
    }


@pytest.fixture
def tiny_lake(tiny_rows: dict[str, Rows]) -> FixtureLake:
    return FixtureLake(tiny_rows)


@pytest.fixture(scope="module")
def empty_lake() -> FixtureLake:
    """A lake without a row, for a test to fill with its own."""
    names = {source for model in sql_models().values() for source in model.sources}
    return FixtureLake({name: [] for name in names})


@pytest.fixture(scope="session")
def dbt_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests; the project is parsed once for all of them, and kept for the next run."""
    home = tmp_path_factory.mktemp("dbt")
    cache = read_settings().cache / "dbt"
    cache.mkdir(parents=True, exist_ok=True)
    (home / "parsed").symlink_to(cache)
    return home


@pytest.fixture(scope="session")
def season_build(dbt_home: Path) -> MartsBuild:
    """Both weekends of the tiny season, built once."""
    rows = {
        "curated.weekends": weekend_rows(),
        "curated.sessions": session_rows(),
        "curated.driver_identities": identity_rows(),
        "curated.laps": lap_rows(),
        "curated.stints": stint_rows(),
        "curated.pit_stops": stop_rows(),
        "curated.results": result_rows(),
        "curated.standings": standing_rows(),
        "curated.coverage": coverage_rows(),
        "curated.circuits": circuit_rows(),
    }
    return build_marts(FixtureLake(rows), list(WEEKENDS), workdir=dbt_home)
