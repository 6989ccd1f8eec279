"""The dbt project as files: what stands beside what, and what follows from the contracts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from lake.dbt_models import DBT_PROJECT, mart_inputs, mart_logic_versions, sql_models
from lake.dbt_yaml import references, written_files
from lake.errors import MartsProjectError
from lake.tables.registry import ALL_TABLES

MODELS = sorted((DBT_PROJECT / "models").rglob("*.sql"))
MARTS = [contract for contract in ALL_TABLES.values() if contract.zone == "marts"]


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DBT_PROJECT, tmp_path / "dbt_project"))


def test_yaml_is_what_the_contracts_say() -> None:
    stale = [path.name for path, text in written_files().items() if path.read_text("utf-8") != text]
    assert stale == [], "run python -m lake.dbt_yaml"


def test_every_model_has_its_yaml_beside_it_and_says_what_a_row_is() -> None:
    for path in MODELS:
        (model,) = yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))["models"]
        assert model["name"] == path.stem
        assert re.search(r"One row per [^.]+\.( |$)|One row per .*\.$", model["description"]), path.stem


def test_every_mart_of_the_contracts_is_a_model_and_the_other_way_round() -> None:
    models = {model.name for model in sql_models().values() if model.layer == "marts"}
    assert models == {contract.table for contract in MARTS}


def test_only_staging_reads_sources_and_a_staging_model_reads_one_without_joins() -> None:
    for model in sql_models().values():
        if model.layer == "staging":
            assert len(re.findall(r"source\(", model.text)) == 1
            assert "join" not in model.text
            assert model.refs == ()
        else:
            assert model.sources == ()


def test_models_are_short_and_hang_on_no_variable() -> None:
    for path in [*MODELS, *DBT_PROJECT.rglob("*.yml")]:
        text = path.read_text("utf-8")
        assert "var(" not in text
        if path.suffix == ".sql":
            assert len(text.splitlines()) <= 60, path.name


def test_computed_columns_of_marts_are_in_a_unit_test() -> None:
    models = sql_models()
    expected: dict[str, set[str]] = {}
    for path in MODELS:
        for test in yaml.safe_load(path.with_suffix(".yml").read_text("utf-8")).get("unit_tests", []):
            expected.setdefault(test["model"], set()).update(*map(set, test["expect"]["rows"]))
    for contract in MARTS:
        given = {column for source in mart_inputs()[contract.name] for column in ALL_TABLES[source].columns}
        computed = {column.name for column in contract.columns if column not in given}
        upstream, waiting = set(), [contract.table]
        while waiting:
            name = waiting.pop()
            upstream |= expected.get(name, set())
            waiting.extend(models[name].refs)
        assert computed - upstream == set(), contract.name


def test_a_fact_of_sessions_refers_to_the_weekend_through_the_session() -> None:
    assert [entry[1] for entry in references(ALL_TABLES["marts.fct_lap"])] == [
        "dim_session", "dim_driver", "dim_team",
    ]  # fmt: skip
    assert "dim_weekend" in {entry[1] for entry in references(ALL_TABLES["marts.dim_session"])}


def test_an_unit_test_written_by_hand_is_kept(tmp_path: Path) -> None:
    project = copied(tmp_path)
    path = project / "models" / "marts" / "dim_team.yml"
    path.write_text("old\n\nunit_tests:\n  - by hand\n", "utf-8")
    text = written_files(project)[path]
    assert text.endswith("\n\nunit_tests:\n  - by hand\n")
    assert "name: dim_team" in text


def test_changed_sql_gives_a_new_version_to_the_mart_and_to_those_that_use_it(tmp_path: Path) -> None:
    project = copied(tmp_path)
    before = mart_logic_versions(project)
    assert before == mart_logic_versions()
    (project / "models" / "marts" / "fct_lap.sql").write_text("select 1 as one", "utf-8")
    with (project / "models" / "intermediate" / "int_stints__pace.sql").open("a") as file:
        file.write("-- changed\n")
    after = mart_logic_versions(project)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"marts.fct_lap", "marts.fct_stint_pace"}


def test_a_changed_fuel_parameter_is_changed_logic(tmp_path: Path) -> None:
    project = copied(tmp_path)
    with (project / "seeds" / "fuel_effects.csv").open("a") as file:
        file.write("monaco,0.031,test\n")
    before, after = mart_logic_versions(), mart_logic_versions(project)
    assert before["marts.fct_stint_pace"] != after["marts.fct_stint_pace"]
    assert before["marts.dim_driver"] == after["marts.dim_driver"]


def test_versions_fit_the_ledger() -> None:
    assert all(0 <= version < 2**31 for version in mart_logic_versions().values())


def test_an_incomplete_installation_is_named(tmp_path: Path) -> None:
    with pytest.raises(MartsProjectError, match="installation is not complete"):
        sql_models(tmp_path)


def test_a_model_that_reads_what_is_not_there_is_named(tmp_path: Path) -> None:
    project = copied(tmp_path)
    (project / "models" / "staging" / "stg_curated__laps.sql").unlink()
    with pytest.raises(MartsProjectError, match="reads stg_curated__laps"):
        sql_models(project)
