"""Marts of a tiny season: what is built, what is refused, what is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from lake.contracts import Scope
from lake.dbt_build import MartsBuild, build_marts, register_sources
from lake.dbt_models import DBT_PROJECT, mart_inputs, project_digest, sql_models
from lake.dbt_publish import stage_marts
from lake.dbt_run import DbtFolders, parsed_project, run_dbt
from lake.errors import MartsBuildError, MartsScopeError, MartsTestsFailedError
from lake.tables.registry import ALL_TABLES
from racing.errors import InvalidKeyError


def frame(build: MartsBuild, table: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(build.tables[f"marts.{table}"]))


def test_every_mart_is_built_in_the_types_of_its_contract(season_build: MartsBuild) -> None:
    marts = {name: contract for name, contract in ALL_TABLES.items() if contract.zone == "marts"}
    assert set(season_build.tables) == set(marts)
    for name, contract in marts.items():
        assert season_build.tables[name].schema.equals(contract.arrow_schema), name
        assert season_build.tables[name].num_rows > 0, name


def test_every_mart_has_a_tested_key_and_every_fact_its_dimensions(season_build: MartsBuild) -> None:
    passed = {test.name for test in season_build.tests if test.status == "pass"}
    assert len(passed) == len(season_build.tests)
    for name in season_build.tables:
        table = name.removeprefix("marts.")
        assert f"{table}_key" in passed
        if table.startswith("fct_"):
            assert f"{table}_refers_to_dimensions" in passed


def test_dbt_unit_tests_pass(tiny_lake: Any, dbt_home: Path, tmp_path: Path) -> None:
    folders = DbtFolders(DBT_PROJECT, dbt_home / "parsed", tmp_path)
    options: dict[str, Any] = {"threads": 2}
    with duckdb.connect(str(folders.database), config=options) as connection:
        register_sources(tiny_lake, connection, ["2024-01", "2024-02"])
        nodes = run_dbt(folders, "build", [], options)
    assert [(node.name, node.message) for node in nodes if node.status not in {"pass", "success"}] == []
    tested = {node.model for node in nodes if node.kind == "unit_test"}
    untested = {name for name, model in sql_models().items() if model.layer == "intermediate"} - tested
    assert untested == set()


def test_inputs_read_from_the_files_are_those_of_dbt(dbt_home: Path, tmp_path: Path) -> None:
    manifest = parsed_project(DbtFolders(DBT_PROJECT, dbt_home / "parsed", tmp_path))
    nodes = {**manifest.nodes, **manifest.sources}

    def inputs(name: str) -> set[str]:
        found: set[str] = set()
        for parent in nodes[name].depends_on.nodes:
            node = nodes[parent]
            if node.resource_type == "source" or node.fqn[-2] == "marts":
                found.add(f"{node.schema}.{node.name}")
            elif node.resource_type == "model":
                found |= inputs(parent)
        return found - {"scope.weekends"}

    for mart, read in mart_inputs().items():
        assert set(read) == inputs(f"model.f1_lakehouse.{mart.removeprefix('marts.')}"), mart


def test_facts_hold_only_the_weekends_asked_for_and_seasons_are_whole(
    tiny_lake: Any, dbt_home: Path, season_build: MartsBuild
) -> None:
    build = build_marts(tiny_lake, ["2024-02"], workdir=dbt_home)
    for name, rows in build.tables.items():
        both = pl.DataFrame(pl.from_arrow(season_build.tables[name]))
        if ALL_TABLES[name].scope is Scope.WEEKEND:
            both = both.filter(pl.col("weekend_key") == "2024-02")
        assert pl.DataFrame(pl.from_arrow(rows)).equals(both), name


def test_a_selection_is_built_with_the_dimensions_it_refers_to(tiny_lake: Any, dbt_home: Path) -> None:
    build = build_marts(tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.fct_stint"])
    assert build.seasons == (2024,)
    assert set(build.tables) == {"marts.fct_stint"}
    assert "fct_stint_refers_to_dimensions" in {test.name for test in build.tests}
    assert "model:fct_lap" not in build.timings


def test_degradation_and_pace_are_recovered_from_made_up_laps(season_build: MartsBuild) -> None:
    # Made up: 50 ms a lap by tyres, and fuel that gives back exactly what 110 kg over 12 laps cost.
    paces = frame(season_build, "fct_stint_pace")
    second = paces.filter(pl.col("stint_number") == 2).sort("session_key", "car_number")
    assert second["fitted_laps_count"].unique().to_list() == [6]
    assert second["degradation_s_per_lap"].to_list() == pytest.approx([0.05] * 8, abs=1e-6)
    assert second["degradation_error_s_per_lap"].to_list() == pytest.approx([0.0] * 8, abs=1e-6)
    band = second["degradation_high_s_per_lap"] - second["degradation_low_s_per_lap"]
    assert band.to_list() == pytest.approx([2 * 0.01 * 110 / 12] * 8, abs=2e-6)
    assert paces.filter(pl.col("stint_number") == 1)["pace_s"].null_count() == 8
    assert second["pace_s"].diff().head(4).to_list()[1:] == pytest.approx([0.1] * 3)


def test_slope_and_its_error_are_those_of_least_squares(tiny_lake: Any, dbt_home: Path) -> None:
    rng = np.random.default_rng(7)
    for lap in tiny_lake.rows["curated.laps"]:
        lap["lap_time_ms"] += int(rng.integers(-400, 400))
    build = build_marts(
        tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.fct_stint_pace", "marts.fct_lap"]
    )
    laps = frame(build, "fct_lap").filter(
        (pl.col("car_number") == "3") & pl.col("is_clean_race") & (pl.col("lap_number") > 6)
    )
    (slope, _), covariance = np.polyfit(laps["lap_number"], laps["fuel_corrected_lap_time_s"], 1, cov=True)
    row = frame(build, "fct_stint_pace").row(
        by_predicate=(pl.col("car_number") == "3") & (pl.col("stint_number") == 2), named=True
    )
    assert row["degradation_s_per_lap"] == pytest.approx(slope, abs=1e-6)
    assert row["degradation_error_s_per_lap"] == pytest.approx(np.sqrt(covariance[0, 0]), abs=1e-6)


def test_differences_of_drivers_in_a_lap_survive_the_fuel_correction(season_build: MartsBuild) -> None:
    laps = frame(season_build, "fct_lap").sort("session_key", "lap_number", "car_number")
    raw = (laps["lap_time_ms"] / 1000).diff()
    corrected = laps["fuel_corrected_lap_time_s"].diff()
    same_lap = laps["lap_number"].diff() == 0
    assert corrected.filter(same_lap).to_list() == pytest.approx(raw.filter(same_lap).to_list())


def test_a_failed_test_publishes_nothing_and_says_where_to_look(tiny_lake: Any, dbt_home: Path) -> None:
    tiny_lake.rows["curated.driver_identities"] = [
        row for row in tiny_lake.rows["curated.driver_identities"] if row["driver_key"] != "beta"
    ]
    with pytest.raises(MartsTestsFailedError) as raised:
        build_marts(tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.fct_lap"])
    assert "fct_lap: fct_lap_refers_to_dimensions: 1 failing rows, such as" in str(raised.value)
    assert "columns_at_fault driver_key" in str(raised.value)
    assert "value beta, rows_count 12" in str(raised.value)


def test_a_repeated_key_is_named(tiny_lake: Any, dbt_home: Path) -> None:
    tiny_lake.rows["curated.pit_stops"].append(tiny_lake.rows["curated.pit_stops"][0])
    with pytest.raises(
        MartsTestsFailedError, match=r"fct_pit_stop_key.*car_number 1, stop_number 1, rows_count"
    ):
        build_marts(tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.fct_pit_stop"])


def test_a_model_that_cannot_be_built_is_named_with_the_reason(tiny_lake: Any, dbt_home: Path) -> None:
    for session in tiny_lake.rows["curated.sessions"]:
        session["weekend_key"] = session["weekend_key"].replace("2024", "2023")
    with pytest.raises(MartsBuildError, match=r"dim_session: .*circuit_key"):
        build_marts(tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.dim_session"])


def test_a_lake_without_timing_still_has_results(tiny_lake: Any, dbt_home: Path) -> None:
    for table in ("laps", "stints", "pit_stops"):
        tiny_lake.rows[f"curated.{table}"] = []
    build = build_marts(tiny_lake, ["2024-01"], workdir=dbt_home)
    assert build.tables["marts.fct_lap"].num_rows == 0
    weekends = frame(build, "fct_driver_weekend")
    assert weekends["points"].to_list() == [25.0, 18.0, 0.0, 0.0]
    assert weekends["laps_led_count"].null_count() == weekends.height


def test_the_folder_of_a_killed_build_is_deleted_a_day_later(tiny_lake: Any, dbt_home: Path) -> None:
    killed, running = dbt_home / "runs" / "marts-killed", dbt_home / "runs" / "marts-running"
    for folder in (killed, running):
        folder.mkdir(parents=True)
    os.utime(killed, (0, 0))
    build_marts(tiny_lake, ["2024-01"], workdir=dbt_home, select=["marts.dim_circuit"])
    assert [path.name for path in (dbt_home / "runs").iterdir()] == ["marts-running"]
    running.rmdir()


def test_a_build_without_weekends_is_refused(tiny_lake: Any, tmp_path: Path) -> None:
    with pytest.raises(MartsScopeError, match="would replace whole tables"):
        build_marts(tiny_lake, [], workdir=tmp_path)


def test_a_key_that_is_no_weekend_is_refused(tiny_lake: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidKeyError, match="2024-05-R"):
        build_marts(tiny_lake, ["2024-05-R"], workdir=tmp_path)


def test_an_unknown_mart_is_refused_with_those_there_are(tiny_lake: Any, tmp_path: Path) -> None:
    with pytest.raises(MartsScopeError, match=r"no mart marts.fct_laps: choose from .*marts.fct_lap,"):
        build_marts(tiny_lake, ["2024-01"], workdir=tmp_path, select=["marts.fct_laps"])


def test_nothing_is_written_into_the_project_and_no_run_stays_behind(
    season_build: MartsBuild, dbt_home: Path
) -> None:
    assert season_build.tables
    assert list((dbt_home / "runs").iterdir()) == []
    left = {path.name for path in DBT_PROJECT.iterdir()}
    assert left == {"dbt_project.yml", "macros", "models", "seeds", "tests"}


def test_a_parsed_project_is_read_by_the_next_process(dbt_home: Path, season_build: MartsBuild) -> None:
    script = (
        "import sys; from pathlib import Path; import lake.dbt_run as run\n"
        "from lake.dbt_models import DBT_PROJECT\n"
        "def parse(*_): raise AssertionError('parsed again')\n"
        "run._parse = parse\n"
        "folders = run.DbtFolders(DBT_PROJECT, Path(sys.argv[1]), Path(sys.argv[1]))\n"
        "print(len(run.parsed_project(folders).nodes))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(dbt_home / "parsed")],
        capture_output=True, text=True, check=False, cwd=DBT_PROJECT.parent,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > len(sql_models())


def test_the_digest_of_the_project_follows_its_files(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.sql").write_text("select 1")
    before = project_digest(tmp_path)
    (tmp_path / "models" / "a.sql").write_text("select 2")
    assert project_digest(tmp_path) != before


class _RecordedStep:
    """Keeps what is staged."""

    def __init__(self) -> None:
        self.staged: dict[tuple[str, str], tuple[pa.Table, Any, int]] = {}

    def stage(self, contract: Any, scope_value: Any, rows: pa.Table, inputs: Any, logic_version: int) -> None:
        self.staged[contract.name, scope_value] = (rows, inputs, logic_version)


def test_every_scope_of_a_build_is_staged_also_where_it_has_no_rows(tiny_lake: Any, dbt_home: Path) -> None:
    for table in ("laps", "stints", "pit_stops"):
        rows = tiny_lake.rows[f"curated.{table}"]
        tiny_lake.rows[f"curated.{table}"] = [row for row in rows if row["weekend_key"] == "2024-01"]
    build = build_marts(tiny_lake, ["2024-01", "2024-02"], workdir=dbt_home)
    step = _RecordedStep()
    stage_marts(step, build, lambda table, scope: {"input": f"{table} {scope}"})
    assert step.staged["marts.fct_stint", "2024-01"][0].num_rows == 8
    assert step.staged["marts.fct_stint", "2024-02"][0].num_rows == 0
    assert step.staged["marts.fct_driver_season", "2024"][0].num_rows == 4
    assert step.staged["marts.dim_driver", "all"][0].num_rows == 4
    assert step.staged["marts.fct_lap", "2024-01"][1] == {"input": "marts.fct_lap 2024-01"}
    assert len({version for _, _, version in step.staged.values()}) == len(build.tables)
