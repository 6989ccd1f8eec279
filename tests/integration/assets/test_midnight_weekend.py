"""Sessions that cross midnight UTC stay one session of one weekend, on the day of the circuit's clocks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

AT_NIGHT = WeekendOptions(cars=2, sessions=("R",), race_laps=4, retirements=0, gmt_offset_hours=-9)
"""The race begins at 15:00 by the clocks of the circuit, and at 00:00 by UTC of the next day."""

SUNDAY = AT_NIGHT.race_date
MIDNIGHT = dt.datetime.combine(SUNDAY + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)


def test_race_over_midnight_is_one_session_on_the_day_of_the_circuit(ingest: Any, tmp_path: Path) -> None:
    written = write_weekend(tmp_path / "night", AT_NIGHT)
    true = written.sessions["R"]
    zero = dt.datetime.fromisoformat(true.t0_at)
    assert zero < MIDNIGHT
    ingest(f"mirror:{written.mirror}", AT_NIGHT.weekend_key, sessions=("R",))
    (weekend,) = ingest.rows("curated.weekends").to_dicts()
    assert (weekend["scheduled_date"], weekend["matched_by"]) == (SUNDAY, "date_and_circuit")
    races = ingest.rows("curated.sessions").filter(pl.col("session_code") == "R").to_dicts()
    (race,) = races
    assert (race["scheduled_date"], race["scheduled_start_at"]) == (SUNDAY, MIDNIGHT)
    # Session time counts on over midnight: what it stands for is the true time of the new day.
    assert race["started_at"] >= MIDNIGHT
    late = race["started_at"] - zero - dt.timedelta(milliseconds=true.start_ms)
    assert abs(late) < dt.timedelta(seconds=1)

    laps = ingest.rows("curated.laps")
    ends = {(lap.car_number, lap.lap_number): lap.end_ms for own in true.laps.values() for lap in own}
    found = laps.select("car_number", "lap_number", "lap_end_session_time_ms").rows()
    assert {row[:2] for row in found} == set(ends)
    assert all(abs(end_ms - ends[car, lap]) < 100 for car, lap, end_ms in found)
    said = ingest.rows("curated.race_control_events").sort("message_number")
    assert said["sent_at"].is_sorted()
    assert said["sent_at"].dt.date().unique().sort().to_list() == [SUNDAY, MIDNIGHT.date()]
    samples = ingest.rows("processed.live_timing__car_telemetry")["sampled_at"]
    assert samples.dt.date().unique().sort().to_list() == [SUNDAY, MIDNIGHT.date()]
    after_flag = dt.timedelta(milliseconds=max(ends.values())) + dt.timedelta(minutes=10)
    assert samples.is_between(zero - dt.timedelta(seconds=1), zero + after_flag).all()
