"""The 36 races of the FastF1 cache, stacked on the mirror for Jolpica, from the command line to the marts."""

from __future__ import annotations

import datetime as dt
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


def test_compounds_have_the_grades_nominated_for_the_weekend(seasons: Seasons) -> None:
    for table in ("curated.stints", "curated.tyre_sets", "marts.fct_stint"):
        graded = seasons.rows(
            f"select distinct weekend_key, compound, compound_grade from {table} "
            "where compound_grade is not null"
        )
        found = {(key, compound): grade for key, compound, grade in graded.iter_rows()}
        assert found["2024-08", "HARD"] == "C3"
        assert (found["2025-02", "HARD"], found["2025-08", "MEDIUM"]) == ("C2", "C5")
        assert {compound for _, compound in found} == {"HARD", "MEDIUM", "SOFT"}
        left = seasons.rows(f"select distinct compound from {table} where compound_grade is null")
        assert not set(left["compound"]) & {"HARD", "MEDIUM", "SOFT"}
    missing = seasons.rows("select * from curated.coverage where topic = 'compound_grade'")
    assert missing.rows() == []


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


# --- a race that was stopped half way and started again: Brazil 2024

STOPPED_IN_LAP = 32
NEUTRALISED = "[4567]"


@pytest.fixture(scope="module")
def stopped_race(seasons: Seasons) -> dict[str, pl.DataFrame]:
    """Laps, stints, stops and results of the race, and which cars drove on when it was started again."""
    tables = {
        name: seasons.rows(f"select * from curated.{name} where session_key = '2024-21-R'")
        for name in ("laps", "stints", "pit_stops", "results")
    }
    went_on = tables["laps"].filter(pl.col("lap_number") > STOPPED_IN_LAP).select("car_number").unique()
    restarted = {
        f"{name} of restarted": tables[name].join(went_on, on="car_number") for name in ("laps", "stints")
    }
    return {**tables, **restarted, "restarted": went_on}


def test_laps_are_counted_on_across_the_stop(stopped_race: dict[str, pl.DataFrame]) -> None:
    assert stopped_race["restarted"].height == 16
    laps = stopped_race["laps of restarted"].sort("car_number", "lap_number")
    numbers = laps.group_by("car_number").agg("lap_number")["lap_number"].to_list()
    assert all(counted == list(range(1, len(counted) + 1)) for counted in numbers)
    assert laps.filter(pl.col("lap_number") == STOPPED_IN_LAP)["track_status"].str.contains("5").all()
    # Whoever waited has no lap time of the lap that he waited in: 23 minutes of it are no driving.
    took_ms = pl.col("lap_end_session_time_ms").diff().over("car_number")
    waited = laps.filter(took_ms > 20 * 60_000)
    assert sorted(waited["car_number"]) == sorted(stopped_race["restarted"]["car_number"])
    assert waited["lap_time_ms"].null_count() == waited.height
    results = stopped_race["results"].filter("is_classified")
    assert results["laps_completed"].max() == laps["lap_number"].max() == 69


def test_tyres_may_be_changed_in_the_stop_and_that_is_a_stint_without_a_loss(
    stopped_race: dict[str, pl.DataFrame],
) -> None:
    stints = stopped_race["stints of restarted"]
    before = stints.filter(pl.col("last_lap_number") == STOPPED_IN_LAP)
    assert before["end_reason"].unique().to_list() == ["RED_FLAG"]
    after = stints.filter(pl.col("first_lap_number") == STOPPED_IN_LAP + 1)
    assert set(before["car_number"]) == set(after["car_number"])
    # Leclerc went back to a set of three laps, Verstappen to a new one.
    ages = dict(after.select("car_number", "tyre_age_start_laps").iter_rows())
    assert (ages["1"], ages["16"]) == (1, 4)
    waits = stopped_race["pit_stops"].filter("is_under_red_flag")
    assert waits.height >= stopped_race["restarted"].height
    assert waits["pit_loss_ms"].null_count() == waits.height


def test_no_lap_before_during_or_after_a_neutralisation_is_a_clean_one(
    stopped_race: dict[str, pl.DataFrame],
) -> None:
    laps = stopped_race["laps"].sort("car_number", "lap_number")
    is_neutralised = pl.col("track_status").str.contains(NEUTRALISED)
    spoilt = laps.filter(is_neutralised | is_neutralised.shift(1).over("car_number"))
    assert spoilt.height > 150
    assert not spoilt["is_clean_race"].any()
    assert not laps.filter(is_neutralised)["is_green"].any()
    clean = laps.filter("is_clean_race")
    assert clean.filter(pl.col("lap_number") < STOPPED_IN_LAP).height > 100
    assert clean.filter(pl.col("lap_number") > STOPPED_IN_LAP).height > 100


# --- other kinds of weekends


def test_qualifying_that_was_put_off_is_on_the_day_of_the_race_and_before_it(seasons: Seasons) -> None:
    held = seasons.rows(
        "select session_code, scheduled_date from curated.sessions where weekend_key = '2024-21' "
        "order by session_number"
    )
    friday, saturday, sunday = (dt.date(2024, 11, day) for day in (1, 2, 3))
    assert held.rows() == [
        ("FP1", friday),
        ("SQ", friday),
        ("S", saturday),
        ("Q", sunday),
        ("R", sunday),
    ]


def test_race_of_las_vegas_is_on_the_local_day_and_its_times_in_utc(seasons: Seasons) -> None:
    race = seasons.rows(
        "select weekend_key, scheduled_date, scheduled_start_at::varchar from curated.sessions "
        "where session_key = '2024-22-R'"
    )
    assert race.rows() == [("2024-22", dt.date(2024, 11, 23), "2024-11-24 06:00:00+00")]
    said = seasons.rows("select sent_at from curated.race_control_events where session_key = '2024-22-R'")
    assert set(said["sent_at"].dt.date()) == {dt.date(2024, 11, 24)}
    laps = seasons.rows("select distinct session_key from curated.laps where weekend_key = '2024-22'")
    assert laps["session_key"].to_list() == ["2024-22-R"]


def test_substitute_is_a_driver_of_the_race_with_the_team_he_drove_for(seasons: Seasons) -> None:
    ferraris = seasons.rows(
        "select car_number, driver_key, team_key from curated.driver_identities "
        "where session_key = '2024-02-R' and team_key = 'ferrari' order by car_number"
    )
    assert ferraris.rows() == [("16", "leclerc", "ferrari"), ("38", "bearman", "ferrari")]
    points = seasons.rows(
        "select weekend_key, team_key, points from marts.fct_driver_weekend "
        "where driver_key = 'bearman' and season = 2024 order by weekend_key"
    )
    # Seventh for Ferrari; later that year he drove twice for Haas.
    assert points.rows() == [
        ("2024-02", "ferrari", 6.0),
        ("2024-17", "haas", 1.0),
        ("2024-21", "haas", 0.0),
    ]
