"""Every last-lap value of every real session: the time of exactly one lap, or explained by a rule."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from racing.feed.lap_reconciliation import reconcile_last_laps
from racing.feed.last_lap_values import last_lap_values
from racing.feed.topics import read_topic

STATIC = "livetiming.formula1.com/static"

# FastF1's names of the columns that the reconciliation needs.
DURATIONS = {
    "lap_time_ms": "LapTime",
    "lap_end_session_time_ms": "Time",
    "pit_out_session_time_ms": "PitOutTime",
    "sector_1_ms": "Sector1Time",
    "sector_2_ms": "Sector2Time",
    "sector_3_ms": "Sector3Time",
}


def fastf1_laps(body: bytes) -> pl.DataFrame:
    """Laps as FastF1's lap parser builds them from TimingData alone."""
    from fastf1 import _api
    from fastf1.logger import set_log_level

    set_log_level("ERROR")
    response: list[Any] = [
        [line[:12], message.content]
        for line, message in zip(
            body.decode("utf-8-sig").split("\r\n"), read_topic(body).messages, strict=False
        )
    ]
    laps, _, _ = inspect.unwrap(_api._extended_timing_data)("", response=response)
    laps = laps[laps["NumberOfLaps"].notna()]
    columns = {
        ours: [None if pd.isna(value) else round(value / pd.Timedelta("1ms")) for value in laps[theirs]]
        for ours, theirs in DURATIONS.items()
    }
    return pl.DataFrame(
        {
            "car_number": laps["Driver"].tolist(),
            "lap_number": laps["NumberOfLaps"].astype(int).tolist(),
            **columns,
        },
        schema_overrides=dict.fromkeys(DURATIONS, pl.Int64),
    )


@pytest.fixture(scope="module")
def timing_data(test_data: Path) -> dict[str, bytes]:
    static = test_data / "mirror" / STATIC
    return {
        str(path.parent.relative_to(static)): path.read_bytes()
        for path in sorted(static.rglob("TimingData.jsonStream"))
    }


@pytest.fixture(scope="module")
def laps(timing_data: dict[str, bytes]) -> dict[str, pl.DataFrame]:
    return {session: fastf1_laps(body) for session, body in timing_data.items()}


def test_every_value_of_every_session_is_matched_or_explained(
    timing_data: dict[str, bytes], laps: dict[str, pl.DataFrame]
) -> None:
    assert timing_data
    for session, body in timing_data.items():
        values = last_lap_values(body)
        assert values.faults == [], session
        result = reconcile_last_laps(values.values, laps[session])
        unexplained = result.values.filter(pl.col("outcome") == "unexplained")
        assert result.unexplained_count == 0, (session, unexplained.rows())
        timed = laps[session].filter(pl.col("lap_time_ms").is_not_null())
        matched = result.values.filter(pl.col("outcome") == "matched")
        assert matched.select("car_number", "lap_number").n_unique() == matched.height
        assert result.laps.height == timed.height


def test_a_lost_or_changed_lap_does_not_go_unnoticed(
    timing_data: dict[str, bytes], laps: dict[str, pl.DataFrame]
) -> None:
    session = next(name for name in timing_data if "Mexico" in name and name.startswith("2025"))
    values = last_lap_values(timing_data[session]).values
    numbered = laps[session].with_row_index()
    for index in numbered.filter(pl.col("lap_time_ms").is_not_null())["index"].gather_every(40):
        without = numbered.filter(pl.col("index") != index)
        assert reconcile_last_laps(values, without).unexplained_count == 1
        is_it = pl.col("index") == index
        changed = numbered.with_columns(
            lap_time_ms=pl.col("lap_time_ms") + pl.when(is_it).then(1).otherwise(0)
        )
        assert reconcile_last_laps(values, changed).unexplained_count == 2
