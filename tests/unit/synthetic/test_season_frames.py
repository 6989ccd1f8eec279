"""The frames of invented weekends: the same as the written weekend says, and enough of them soon enough."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.synthetic.options import full_weekend
from sources.synthetic.season_frames import SeasonFrames, invented_frames
from sources.synthetic.season_plan import season_plan
from sources.synthetic.weekend import write_weekend

OPTIONS = replace(full_weekend("sprint"), seed=3, cars=8, race_laps=15, telemetry=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weekend as it is written: the mirror, and the truth beside it."""
    folder = tmp_path_factory.mktemp("written")
    write_weekend(folder, OPTIONS)
    return folder


@pytest.fixture(scope="module")
def frames() -> SeasonFrames:
    return invented_frames([OPTIONS])


def test_laps_of_the_frames_are_those_of_the_written_truth(frames: SeasonFrames, written: Path) -> None:
    truth = json.loads((written / "truth.json").read_bytes())
    expected = {
        (session["session_key"], lap["car_number"], lap["lap_number"]): (
            lap["start_ms"], lap["end_ms"], lap["lap_ms"], *lap["sectors_ms"], lap["stint_number"],
            lap["compound"], lap["is_fresh"], lap["tyre_age_laps"], lap["pit_in_ms"], lap["pit_out_ms"],
            lap["is_deleted"],
        )
        for session in truth["sessions"].values()
        for laps in session["laps"].values()
        for lap in laps
    }  # fmt: skip
    columns = (
        "session_key", "car_number", "lap_number", "lap_start_session_time_ms", "lap_end_session_time_ms",
        "lap_time_ms", "sector_1_ms", "sector_2_ms", "sector_3_ms", "stint_number", "compound",
        "is_fresh_tyre", "tyre_age_laps", "pit_in_session_time_ms", "pit_out_session_time_ms", "is_deleted",
    )  # fmt: skip
    assert {row[:3]: row[3:] for row in frames.laps.select(columns).iter_rows()} == expected


def test_lap_times_of_the_frames_are_those_on_the_wire(frames: SeasonFrames, written: Path) -> None:
    (stream,) = written.glob("mirror/livetiming.formula1.com/static/*/*/*_Race/TimingData.jsonStream")
    sent: list[tuple[str, str]] = []
    for line in stream.read_bytes().decode("utf-8-sig").splitlines():
        lines: dict[str, Any] = json.loads(line[12:])["Lines"]
        for number, values in lines.items():
            text = values.get("LastLapTime", {}).get("Value")
            sent += [(number, text)] if text else []
    laps = frames.laps.filter(pl.col("session_key").str.ends_with("-R") & (pl.col("lap_number") > 1))
    minutes = (pl.col("lap_time_ms") // 60_000).cast(pl.String)
    seconds = (pl.col("lap_time_ms") % 60_000 // 1000).cast(pl.String).str.zfill(2)
    millis = (pl.col("lap_time_ms") % 1000).cast(pl.String).str.zfill(3)
    text = pl.format("{}:{}.{}", minutes, seconds, millis)
    # A value that happens to repeat is not sent again.
    driven = laps.select("car_number", text=text).with_columns(
        is_new=(pl.col("text") != pl.col("text").shift(1).over("car_number")).fill_null(value=True)
    )
    expected = driven.filter("is_new").select("car_number", "text").rows()
    assert sorted(sent) == sorted(expected)


def test_results_and_stops_of_the_frames_are_those_of_the_written_truth(
    frames: SeasonFrames, written: Path
) -> None:
    truth = json.loads((written / "truth.json").read_bytes())
    for code, name in (("R", "race"), ("S", "sprint")):
        own = frames.results.filter(pl.col("session_key") == f"{OPTIONS.weekend_key}-{code}")
        keys = ("position_text", "car_number", "grid", "laps", "status", "total_ms", "points")
        expected = [tuple(row[key] for key in keys) for row in truth[name]]
        columns = (
            "position_text",
            "car_number",
            "grid",
            "laps_completed",
            "status",
            "total_time_ms",
            "points",
        )
        assert own.select(columns).rows() == expected
        stops = frames.stops.filter(pl.col("session_key") == f"{OPTIONS.weekend_key}-{code}")
        visits = [v for v in truth["sessions"][code]["pit_visits"] if v["in_ms"] and v["out_ms"]]
        assert stops.select("car_number", "pit_in_session_time_ms", "pit_out_session_time_ms").rows() == [
            (visit["car_number"], visit["in_ms"], visit["out_ms"]) for visit in visits
        ]


def test_stints_cover_every_lap_once(frames: SeasonFrames) -> None:
    assert frames.stints["laps_count"].sum() == frames.laps.height
    spans = frames.stints["last_lap_number"] - frames.stints["first_lap_number"] + 1
    assert (spans == frames.stints["laps_count"]).all()


def test_a_season_has_one_field_and_many_kinds_of_races() -> None:
    plan = season_plan(4)
    assert len(plan) == len({options.weekend_key for options in plan}) == 24
    assert {options.weekend_format for options in plan} == {"conventional", "sprint"}
    assert len({options.neutralisation for options in plan}) == 3
    assert plan == season_plan(4)
    short = [replace(options, race_laps=12, cars=6) for options in plan[:2]]
    laps = invented_frames(short).laps
    assert laps.group_by("weekend_key").agg(pl.col("driver_id").unique().sort())["driver_id"].n_unique() == 1


@pytest.mark.soak
def test_a_season_of_24_races_takes_less_than_thirty_seconds() -> None:
    begin = time.process_time()
    frames = invented_frames(season_plan(1))
    assert time.process_time() - begin < 30
    assert frames.results["session_key"].n_unique() == 30
    assert frames.laps.height > 24 * 1_000
