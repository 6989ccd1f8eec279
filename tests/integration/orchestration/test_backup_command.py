"""Backing up and restoring from the command line, with the history of runs."""

import json
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from typer.testing import Result

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.marts_dim_circuit import MARTS_DIM_CIRCUIT as CIRCUITS
from orchestration.environments import Settings
from orchestration.instance import open_instance

CommandLine = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one table of one row, and one registered weekend."""
    home = tmp_path / "home"
    row = {
        column.name: "text" if column.type == "string" else 1
        for column in CIRCUITS.columns
        if not column.nullable
    }
    row |= {name: None for name in CIRCUITS.column_names if name not in row}
    with Lake.open(LakeSettings(home=home)) as lake, lake.step(run_id="r", name="test") as step:
        step.stage(CIRCUITS, None, pl.DataFrame([row]).select(CIRCUITS.column_names), {}, 1)
        step.commit()
    with open_instance(Settings(home=home)) as instance:
        instance.add_dynamic_partitions("race_weekend", ["2024-08"])
    return home


def test_restored_home_has_rows_and_history(home: Path, f1lake: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    made = f1lake("--home", home, "backup", tmp_path / "disk")
    assert made.exit_code == 0, made.output
    (backup,) = (tmp_path / "disk").iterdir()
    assert backup.name.startswith("f1lake-release-1-")
    assert f"restore {backup}" in made.output.replace("\n", "")
    assert json.loads((backup / "backup.json").read_text())["made_by"].startswith("f1lake ")
    checked = f1lake("restore", "--check", backup)
    assert "is whole: release 1" in checked.output
    new = tmp_path / "new"
    restored = f1lake("--home", new, "restore", backup)
    assert restored.exit_code == 0, restored.output
    with Lake.open(LakeSettings(home=new), read_only=True) as lake:
        assert lake.read(CIRCUITS.name).num_rows == 1
    with open_instance(Settings(home=new)) as instance:
        assert isinstance(instance, dg.DagsterInstance)
        assert instance.get_dynamic_partitions("race_weekend") == ["2024-08"]
    again = f1lake("--home", new, "restore", backup)
    assert again.exit_code == 3
    assert "is not empty" in again.output


def test_backup_that_cannot_be_is_explained(f1lake: CommandLine, tmp_path: Path) -> None:
    none = f1lake("--home", tmp_path / "none", "backup", tmp_path / "b.tar")
    assert (none.exit_code, "there is no lake" in none.output) == (3, True)
    elsewhere = f1lake("--home", tmp_path / "new", "--catalog", "sql", "restore", tmp_path / "b.tar")
    assert (elsewhere.exit_code, "--catalog local" in elsewhere.output) == (2, True)
