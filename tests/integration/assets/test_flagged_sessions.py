"""Invented practice and qualifying with yellow and red flags, through FastF1 to the curated tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

FLAGGED = WeekendOptions(cars=6, race_laps=3, sessions=("FP2", "Q"), telemetry=False, session_flags=True)


def test_flags_of_practice_and_qualifying_are_in_laps_events_and_results(ingest: Any, tmp_path: Path) -> None:
    written = write_weekend(tmp_path / "flagged", FLAGGED)
    ingest(f"mirror:{written.mirror}", FLAGGED.weekend_key, sessions=("FP2", "Q"))
    laps, events = ingest.rows("curated.laps"), ingest.rows("curated.race_control_events")
    for code, true in written.sessions.items():
        key = f"{FLAGGED.weekend_key}-{code}"
        own = laps.filter((pl.col("session_key") == key) & ~pl.col("is_fastf1_generated"))
        rows = {(row["car_number"], row["lap_number"]): row for row in own.to_dicts()}
        driven = {(lap.car_number, lap.lap_number): lap for one in true.laps.values() for lap in one}
        assert set(rows) == set(driven)
        for shown in true.events.flags:
            digit = "5" if shown.colour == "red" else "2"
            # The wait in the garage is no part of a lap that begins there.
            spans = {name: (lap.pit_out_ms or lap.start_ms, lap.end_ms) for name, lap in driven.items()}
            begun = {name for name, (start, _) in spans.items() if start < shown.end_ms}
            touched = [name for name in begun if shown.start_ms < spans[name][1]]
            assert touched
            missed = {n: rows[n]["track_status"] for n in touched if digit not in rows[n]["track_status"]}
            assert missed == {}, (code, shown)
            assert not any(rows[name]["is_green"] for name in touched)
        said = events.filter((pl.col("session_key") == key) & (pl.col("event_kind") == "FLAG"))
        assert {"RED", "DOUBLE YELLOW", "CLEAR"} <= set(said["flag"])
        status = ingest.rows("processed.fastf1__session_status").filter(pl.col("session_key") == key)
        assert status.filter(pl.col("status") == "Aborted").height == 1
    # A restart after a red flag is no new part: the times of all three are the true ones.
    results = ingest.rows("curated.results").filter(pl.col("session_key").str.ends_with("-Q"))
    names = ("car_number", "q1_ms", "q2_ms", "q3_ms")
    assert results.sort("result_order").select(names).rows() == [
        (row.car_number, *row.best_ms) for row in written.qualifying
    ]
    assert ingest.rows("curated.discrepancies")["is_explained"].all()
