"""The 36 races of the FastF1 cache, stacked on the mirror for Jolpica, from the command line to the marts."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from prepared_commands import run_command

from lake.lake import Lake
from lake.settings import LakeSettings
from racing.invariants import check_invariants

_2024 = (
    "1129 901 998 907 1032 1111 1238 1237 1272 1310 1405 960 1355 841 1426 1008 973 1177 1059 1215 1134 938"
)
LAPS = {
    2024: tuple(map(int, f"{_2024} 943 1035".split())),
    2025: (927, 1065, 1059, 1128, 898, 1005, 1207, 1425, 1203, 1349, 1126, 825),
}
"""Laps of each race in the cache, in the order of the rounds."""


def tree_hash(folder: Path) -> str:
    """Return a digest of every name, byte and modification time under a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        digest.update(f"{path.relative_to(folder)} {path.stat().st_mtime_ns}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Seasons:
    """The lake after the backfill, and what the command said."""

    lake: Lake
    home: Path
    outputs: tuple[str, ...]
    hash_before: str
    hash_after: str

    def rows(self, sql: str) -> pl.DataFrame:
        """Return the answer to a statement."""
        return pl.DataFrame(pl.from_arrow(self.lake.query(sql)))


@pytest.fixture(scope="module")
def seasons(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seasons]:
    home = tmp_path_factory.mktemp("seasons")
    cache = test_data / "fastf1-cache"
    before = tree_hash(cache)
    outputs = []
    for weekends in ("2024", "2025-01..2025-12"):
        source = f"fastf1-cache:{cache},mirror:{test_data / 'mirror'}"
        arguments = ("--home", home, "--source", source, "backfill", weekends, "--session", "R")
        outputs.append(run_command(home.with_name(f"{home.name}-{weekends}.txt"), *arguments))
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        yield Seasons(lake, home, tuple(outputs), before, tree_hash(cache))


def test_every_race_has_the_laps_of_the_cache(seasons: Seasons) -> None:
    counted = seasons.rows("select session_key, count(*) as laps from marts.fct_lap group by all")
    expected = {
        f"{season}-{number:02d}-R": laps
        for season, races in LAPS.items()
        for number, laps in enumerate(races, start=1)
    }
    assert dict(counted.iter_rows()) == expected


def test_no_difference_to_the_official_result_is_unexplained(seasons: Seasons) -> None:
    rows = seasons.rows("select * from curated.discrepancies")
    assert rows.height > 100
    assert rows.filter(~pl.col("is_explained")).rows() == []


def test_every_invariant_holds_over_all_races(seasons: Seasons) -> None:
    names = ("curated.laps", "curated.stints", "curated.pit_stops", "curated.results")
    frames = {name: seasons.rows(f"select * from {name}") for name in names}
    broken = {name: found for name, found in check_invariants(frames).items() if found}
    assert broken == {}


def test_marts_hold_what_the_season_is_known_for(seasons: Seasons) -> None:
    wins = seasons.rows(
        "select driver_key, wins_count from marts.fct_driver_season where season = 2024 and wins_count > 0"
    )
    assert dict(wins.iter_rows()) == {
        "max_verstappen": 9,
        "norris": 4,
        "leclerc": 3,
        "russell": 2,
        "piastri": 2,
        "sainz": 2,
        "hamilton": 2,
    }
    classified = seasons.rows("select count(*) from marts.fct_session_result where session_key like '%-R'")
    official = seasons.rows("select count(*) from processed.jolpica__results")
    assert classified.item() == official.item() >= 36 * 19


def test_messages_of_race_control_are_understood(seasons: Seasons) -> None:
    events = seasons.rows("select event_kind, message from curated.race_control_events")
    assert events.height > 3_000
    unknown = events.filter(pl.col("event_kind") == "OTHER")["message"].to_list()
    assert len(unknown) < 0.03 * events.height, unknown


def test_lap_chart_of_every_race_runs_from_the_grid_to_the_last_lap(seasons: Seasons) -> None:
    charts = seasons.rows(
        "select session_key, min(lap_number) as first, max(lap_number) as last, "
        "count(*) filter (position = 1 and lap_number > 0) as leaders from curated.lap_positions group by all"
    )
    laps = seasons.rows("select session_key, max(lap_number) as laps from curated.laps group by all")
    races = charts.filter(pl.col("last") > 0).join(laps, on="session_key")
    assert races.height == sum(len(numbers) for numbers in LAPS.values())
    assert races.filter((pl.col("first") != 0) | (pl.col("last") != pl.col("laps"))).rows() == []
    assert races.filter(pl.col("leaders") != pl.col("laps")).rows() == []


def test_cache_folder_is_as_it_was(seasons: Seasons) -> None:
    assert seasons.hash_before == seasons.hash_after


def test_rows_say_that_they_come_from_the_cache(seasons: Seasons) -> None:
    layers = seasons.rows("select distinct source_layer from processed.fastf1__laps")
    assert layers["source_layer"].to_list() == ["fastf1-cache"]
    imported = seasons.rows(
        "select distinct subject_key from curated.coverage where coverage_status = 'imported'"
    )
    assert {f"{season}-{n:02d}-R" for season, races in LAPS.items() for n in range(1, len(races) + 1)} <= set(
        imported["subject_key"]
    )


def test_every_weekend_is_materialised_in_dagster_one_run_each(seasons: Seasons) -> None:
    program = (
        "import dagster as dg, json, sys\n"
        "with dg.DagsterInstance.from_config(sys.argv[1]) as instance:\n"
        "    key = dg.AssetKey(['curated', 'laps'])\n"
        "    mart = dg.AssetKey(['marts', 'fct_lap'])\n"
        "    print(json.dumps([sorted(instance.get_materialized_partitions(key)),\n"
        "                      sorted(instance.get_materialized_partitions(mart))]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(seasons.home / "dagster")],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "DAGSTER_HOME": str(seasons.home / "dagster"), "DAGSTER_DISABLE_TELEMETRY": "yes"},
    )
    weekends = [f"{season}-{n:02d}" for season, races in LAPS.items() for n in range(1, len(races) + 1)]
    for line in done.stdout.splitlines():
        if line.startswith("[["):
            assert line == str([weekends, weekends]).replace("'", '"')
            return
    raise AssertionError(done.stdout + done.stderr)
