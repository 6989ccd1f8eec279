"""An invented race that is stopped for good, from the wire through FastF1 to the curated tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

STOPPED = WeekendOptions(
    cars=8, race_laps=14, sessions=("R",), telemetry=False, red_flag=True, is_resumed=False
)


def test_race_that_is_not_resumed_counts_back_and_says_so(ingest: Any, tmp_path: Path) -> None:
    written = write_weekend(tmp_path / "stopped", STOPPED)
    true = written.sessions["R"]
    red = true.events.interruptions[-1]
    counted = red.leader_lap - 2
    ingest(f"mirror:{written.mirror}", STOPPED.weekend_key, sessions=("R",))

    laps = ingest.rows("curated.laps")
    driven = laps.filter(pl.col("is_lap_counted")).group_by("car_number").agg(pl.col("lap_number").max())
    assert dict(driven.iter_rows()) == {number: len(own) for number, own in true.laps.items()}
    results = ingest.rows("curated.results").sort("result_order")
    names = ("car_number", "points", "laps_completed")
    assert results.select(names).rows() == [(row.car_number, row.points, row.laps) for row in written.race]
    assert results["points"].to_list()[:3] == [13, 10, 8]
    assert results["laps_completed"][0] == counted < red.leader_lap == driven["lap_number"].max()

    stops = ingest.rows("curated.pit_stops").filter(pl.col("is_under_red_flag"))
    stayed = {visit.car_number for visit in true.pit_visits if visit.in_ms and visit.out_ms is None}
    assert set(stops["car_number"]) == stayed
    assert stops["pit_out_session_time_ms"].null_count() == stops["pit_loss_ms"].null_count() == stops.height
    assert not laps.filter(pl.col("track_status").str.contains("5"))["is_clean_race"].any()

    events = ingest.rows("curated.race_control_events")
    assert events.filter(pl.col("event_state") == "NOT_RESUMED").height == 1
    differences = ingest.rows("curated.discrepancies")
    assert differences["is_explained"].all()
    moved = differences.filter(pl.col("measure").is_in(["finishing_order", "laps_completed"]))
    assert {"finishing_order", "laps_completed"} <= set(moved["measure"])
    assert set(moved["rule"]) == {"red_flag_countback"}
