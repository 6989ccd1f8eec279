"""Which sessions are compared, and with what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from racing.discrepancies import compare_sources

Build = Callable[..., Any]
QUALIFYING: dict[str, Any] = {
    "session_key": pl.String,
    "result_order": pl.Int32,
    "position": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "q1_ms": pl.Int64,
    "q2_ms": pl.Int64,
    "q3_ms": pl.Int64,
}


def compare(race: Any, key: str, qualifying: pl.DataFrame) -> pl.DataFrame:
    return compare_sources(
        laps=race.lap_frame().with_columns(session_key=pl.lit(key)),
        jolpica_results=race.entry_frame(),
        jolpica_sprint_results=race.entry_frame().with_columns(session_key=pl.lit("2030-01-S")),
        jolpica_qualifying_results=qualifying,
        race_control_messages=race.message_frame(),
        track_status=race.track_status(),
        session_status=pl.DataFrame({"session_time_ms": [1], "status": ["Started"]}),
        session_key=key,
    )


@pytest.mark.parametrize("code", ["FP1", "SQ", "D1"])
def test_session_without_an_official_document_is_not_compared(small_race: Build, code: str) -> None:
    assert compare(small_race({"1": 80_000}), f"2030-01-{code}", pl.DataFrame(schema=QUALIFYING)).is_empty()


def test_sprint_is_compared_with_the_sprints_result(small_race: Build) -> None:
    race = small_race({"1": 80_000, "2": 81_000})
    race.entry("2")["laps_completed"] = 4
    rows = compare(race, "2030-01-S", pl.DataFrame(schema=QUALIFYING))
    assert rows.select("session_key", "measure", "subject").rows() == [("2030-01-S", "laps_completed", "2")]


def test_qualifying_is_compared_with_the_qualifying_result(small_race: Build) -> None:
    entry = ("2030-01-Q", 1, 1, "1", "driver_1", 79_999, None, None)
    official = pl.DataFrame([entry], schema=QUALIFYING, orient="row")
    rows = compare(small_race({"1": 80_000}), "2030-01-Q", official)
    assert rows.select("measure", "left_value", "right_value", "rule").rows() == [
        ("q1_ms", "80000", "79999", "UNEXPLAINED")
    ]
