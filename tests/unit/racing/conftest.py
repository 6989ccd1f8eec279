"""A small race built by hand: laps, official entries and messages that agree until a test changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pytest

from racing.discrepancies import compare_sources

KEY = "2030-01-R"
LAPS_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "driver_key": pl.String,
    "lap_number": pl.Int32,
    "lap_time_ms": pl.Int64,
    "sector_1_ms": pl.Int64,
    "sector_2_ms": pl.Int64,
    "sector_3_ms": pl.Int64,
    "sector_3_session_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "pit_in_session_time_ms": pl.Int64,
    "pit_out_session_time_ms": pl.Int64,
    "track_status": pl.String,
    "is_deleted": pl.Boolean,
    "is_lap_counted": pl.Boolean,
    "lap_source": pl.String,
}
ENTRY_SCHEMA: dict[str, Any] = {
    "session_key": pl.String,
    "result_order": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "driver_code": pl.String,
    "constructor_id_jolpica": pl.String,
    "position": pl.Int32,
    "position_text": pl.String,
    "points": pl.Float64,
    "grid_position": pl.Int32,
    "laps_completed": pl.Int32,
    "status": pl.String,
    "race_time_ms": pl.Int64,
    "fastest_lap_number": pl.Int32,
    "fastest_lap_time_ms": pl.Int64,
}


@dataclass
class SmallRace:
    """Cars that lap at a constant pace, and the official result that follows."""

    laps: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    red_flags_ms: list[int] = field(default_factory=list)

    def lap(self, car: str, number: int) -> dict[str, Any]:
        return next(row for row in self.laps if (row["car_number"], row["lap_number"]) == (car, number))

    def entry(self, car: str) -> dict[str, Any]:
        return next(row for row in self.entries if row["car_number"] == car)

    def reorder(self, *cars: str) -> None:
        """Give the official entries in this order, positions renumbered."""
        self.entries = [self.entry(car) for car in cars]
        for place, entry in enumerate(self.entries, 1):
            entry["result_order"] = entry["position"] = place
            if entry["position_text"].isdigit():
                entry["position_text"] = str(place)

    def retire(self, car: str, laps: int, *, partial_row: bool = True) -> None:
        """Stop a car after some laps, with the row that FastF1 adds for the lap it stopped in."""
        rows = [row for row in self.laps if row["car_number"] == car and row["lap_number"] > laps]
        self.laps = [row for row in self.laps if row not in rows[1 if partial_row else 0 :]]
        if partial_row:
            empty = {name: None for name in rows[0] if name.endswith("_ms")}
            end = rows[0]["lap_end_session_time_ms"] + 60_000
            rows[0].update(empty, lap_end_session_time_ms=end, is_lap_counted=False)
        entry = self.entry(car)
        entry.update(position_text="R", status="Retired", laps_completed=laps, race_time_ms=None)
        if laps < 2:
            entry.update(fastest_lap_number=None, fastest_lap_time_ms=None)

    def lap_frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.laps, schema=LAPS_SCHEMA)

    def entry_frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.entries, schema=ENTRY_SCHEMA)

    def message_frame(self) -> pl.DataFrame:
        rows = [{"message_number": place, "message": text} for place, text in enumerate(self.messages, 1)]
        return pl.DataFrame(rows, schema={"message_number": pl.Int32, "message": pl.String})

    def track_status(self) -> pl.DataFrame:
        rows = [{"session_time_ms": time, "status_code": "5"} for time in self.red_flags_ms]
        return pl.DataFrame(rows, schema={"session_time_ms": pl.Int64, "status_code": pl.String})

    def compare(self) -> pl.DataFrame:
        none = self.entry_frame().clear()
        return compare_sources(
            laps=self.lap_frame(),
            jolpica_results=self.entry_frame(),
            jolpica_sprint_results=none,
            jolpica_qualifying_results=none,
            race_control_messages=self.message_frame(),
            track_status=self.track_status(),
            session_status=pl.DataFrame(),
            session_key=KEY,
        )

    def rules(self, measure: str) -> dict[str, str]:
        """Return subject to rule of the differences in one measure."""
        rows = self.compare().filter(pl.col("measure") == measure)
        return dict(rows.select("subject", "rule").iter_rows())


def make_race(paces_ms: dict[str, int], lap_count: int = 5) -> SmallRace:
    """Return a race of cars with a constant lap time each; the fastest wins, the lapped stop at the flag."""
    race = SmallRace()
    flag = min(paces_ms.values()) * lap_count
    finishes = {}
    for car, pace in paces_ms.items():
        completed = min(-(-flag // pace), lap_count)
        finishes[car] = (-completed, completed * pace)
        for number in range(1, completed + 1):
            race.laps.append(_lap_row(car, number, pace))
    ranked = sorted(finishes, key=lambda car: finishes[car])
    for place, car in enumerate(ranked, 1):
        race.entries.append(_entry_row(car, place, -finishes[car][0], finishes[car][1], lap_count))
    for entry in race.entries:
        entry["fastest_lap_time_ms"] = paces_ms[entry["car_number"]]
    return race


def _lap_row(car: str, number: int, pace: int) -> dict[str, Any]:
    end = 1_000_000 + number * pace
    return {
        "season": 2030,
        "weekend_key": "2030-01",
        "session_key": KEY,
        "car_number": car,
        "driver_key": f"driver_{car}",
        "lap_number": number,
        "lap_time_ms": pace if number > 1 else None,
        "sector_1_ms": 20_000,
        "sector_2_ms": 30_000,
        "sector_3_ms": pace - 50_000,
        "sector_3_session_time_ms": end + 30,
        "lap_end_session_time_ms": end,
        "pit_in_session_time_ms": None,
        "pit_out_session_time_ms": None,
        "track_status": "1",
        "is_deleted": False,
        "is_lap_counted": True,
    }


def _entry_row(car: str, place: int, laps: int, time: int, lap_count: int) -> dict[str, Any]:
    return {
        "session_key": KEY,
        "result_order": place,
        "car_number": car,
        "driver_id_jolpica": f"driver_{car}",
        "driver_code": f"D{car}",
        "constructor_id_jolpica": "team",
        "position": place,
        "position_text": str(place),
        "points": 0.0,
        "grid_position": place,
        "laps_completed": laps,
        "status": "Finished" if laps == lap_count else "Lapped",
        "race_time_ms": time if laps == lap_count else None,
        "fastest_lap_number": 2,
        "fastest_lap_time_ms": None,
    }


@pytest.fixture
def small_race() -> Callable[..., SmallRace]:
    """Return the builder of small races."""
    return make_race
