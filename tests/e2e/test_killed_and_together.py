"""An ingest killed at any moment loses nothing, and two at once lose nothing of each other."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from prepared_commands import Command, start_command

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

COMPUTED = [
    name for name, contract in ALL_TABLES.items() if contract.zone in ("processed", "curated", "marts")
]
JOINED = ("processed.fastf1__laps", "curated.laps", "curated.stints", "marts.fct_lap")
SMALL = WeekendOptions(cars=3, race_laps=6, retirements=0, neutralisation="none", telemetry=False)


def start(home: Path, source: str, *arguments: str) -> Command:
    """Start an ingest in a process of its own."""
    printed = home.with_name(f"{home.name}-{arguments[0]}.txt")
    return start_command(printed, "--home", home, "--source", source, "ingest", *arguments)


def ingest(home: Path, source: str, *arguments: str) -> float:
    """Ingest and return how many seconds it took."""
    began = time.monotonic()
    command = start(home, source, *arguments)
    assert command.wait() == 0, command.printed
    return time.monotonic() - began


def rows_of(home: Path, tables: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Return all rows of some tables in the newest release."""
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        return frames_of(lake, tables, "newest")


def frames_of(lake: Lake, tables: Sequence[str], release: int | Literal["newest"]) -> dict[str, pl.DataFrame]:
    """Return all rows of some tables in a release, without their provenance."""
    frames = {}
    for name in tables:
        unit = [column.name for column in ALL_TABLES[name].columns if not column.provenance]
        frames[name] = pl.DataFrame(pl.from_arrow(lake.read(name, columns=unit, release=release)))
    return frames


def require_consistent(home: Path) -> None:
    """Check that every table can be read, and that the zones of every kept release belong together."""
    if not (home / "locks").exists():
        return  # killed before there was a lake
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        require_zones_belong_together(frames_of(lake, list(ALL_TABLES), "newest"))
        for release in lake.releases():
            if release.tables is not None:
                require_zones_belong_together(frames_of(lake, JOINED, release.release_id))


def require_zones_belong_together(frames: dict[str, pl.DataFrame]) -> None:
    """Check that the zones hold the same laps."""
    lap_key = ["session_key", "car_number", "lap_number"]
    parsed, curated = frames["processed.fastf1__laps"], frames["curated.laps"]
    if not curated.is_empty():
        assert_frame_equal(curated.select(lap_key), parsed.select(lap_key), check_row_order=False)
        assert set(frames["curated.stints"]["session_key"]) == set(curated["session_key"])
    mart = frames["marts.fct_lap"]
    if not mart.is_empty():
        assert_frame_equal(mart.select(lap_key), curated.select(lap_key), check_row_order=False)


def kill_repeatedly(tmp_path: Path, kills: int, seed: int) -> None:
    """Kill ingests at random moments, check the lake each time, and compare with one that was left alone."""
    write_weekend(tmp_path / "invented", SMALL)
    source = f"mirror:{tmp_path / 'invented' / 'mirror'}"
    alone, killed = tmp_path / "alone", tmp_path / "killed"
    seconds = ingest(alone, source, SMALL.weekend_key)
    moments = random.Random(seed)
    deaths, is_forced = 0, False
    for _ in range(4 * kills):
        began = time.monotonic()
        command = start(killed, source, SMALL.weekend_key, *(["--force"] if is_forced else []))
        if command.wait(seconds * moments.uniform(0.2, 0.9)) is None:
            command.kill()
            deaths += 1
            is_forced = not is_forced
        else:
            # All is there now: only a forced run has anything left to do. And the machine may be quicker.
            seconds = min(seconds, time.monotonic() - began) if is_forced else seconds
            is_forced = True
        require_consistent(killed)
        if deaths == kills:
            break
    assert deaths == kills
    ingest(killed, source, SMALL.weekend_key)
    expected, found = rows_of(alone, COMPUTED), rows_of(killed, COMPUTED)
    for name in COMPUTED:
        assert_frame_equal(found[name], expected[name], check_row_order=False)
    assert not list((killed / "staging").glob("*/plan.json"))


def test_ingest_killed_at_random_moments_is_finished_by_the_next(tmp_path: Path) -> None:
    kill_repeatedly(tmp_path, kills=5, seed=20240526)


@pytest.mark.soak
def test_ingest_killed_fifty_times_is_finished_by_the_next(tmp_path: Path) -> None:
    kill_repeatedly(tmp_path, kills=50, seed=19500513)


def test_two_processes_ingest_two_weekends_of_one_season(test_data: Path, tmp_path: Path) -> None:
    source = f"mirror:{test_data / 'mirror'}"
    wanted = (("2024-05", "SQ"), ("2024-10", "Q"))
    commands = [start(tmp_path / "home", source, key, "--session", code) for key, code in wanted]
    for command in commands:
        assert command.wait() == 0, command.printed
    frames = rows_of(tmp_path / "home", COMPUTED)
    counts = {"2024-05-SQ": 218, "2024-10-Q": 257}
    for name in ("curated.laps", "marts.fct_lap"):
        counted = frames[name].group_by("session_key").len()
        assert dict(counted.iter_rows()) == counts
    weekends = frames["curated.weekends"]
    assert weekends["weekend_key"].is_unique().all()
    met = weekends.filter(pl.col("meeting_id_f1").is_not_null())["weekend_key"].sort().to_list()
    assert met == ["2024-05", "2024-10"]
    assert {"2024-05-SQ", "2024-10-Q"} <= set(frames["marts.dim_session"]["session_key"])
    for key, code in wanted:
        ingest(tmp_path / "one-after-the-other", source, key, "--session", code)
    expected = rows_of(tmp_path / "one-after-the-other", COMPUTED)
    for name in COMPUTED:
        assert_frame_equal(frames[name], expected[name], check_row_order=False)
