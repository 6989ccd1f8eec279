"""What the doctor finds, and how it is shown."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration import examination
from orchestration.cli.main import app
from orchestration.environments import Settings
from orchestration.examination import examine_disk, examine_home, examine_source
from orchestration.findings import Health
from orchestration.lake_examination import examine_lake


def test_home_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    assert examine_home(tmp_path).health is Health.GOOD
    assert examine_home(tmp_path / "not" / "yet").health is Health.GOOD
    (tmp_path / "file").touch()
    assert examine_home(tmp_path / "file" / "home").health is Health.BAD
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_little_disk_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "_LITTLE_DISK", 10**18)
    assert examine_disk(tmp_path).health is Health.NOTE
    monkeypatch.setattr(examination, "_NO_DISK", 10**18)
    assert "f1lake maintain" in str(examine_disk(tmp_path).advice)


def test_missing_lake_is_a_note_and_a_moved_one_a_problem(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "lake")
    none, *_ = examine_lake(settings)
    assert (none.health, "f1lake demo" in str(none.advice)) == (Health.NOTE, True)
    with Lake.open(LakeSettings(home=settings.home)):
        pass
    assert {finding.health for finding in examine_lake(settings)} == {Health.GOOD}
    settings.home.rename(tmp_path / "moved")
    moved, *_ = examine_lake(Settings(home=tmp_path / "moved"))
    assert moved.health is Health.BAD
    assert "move it back" in moved.text.lower()


def test_catalog_that_cannot_be_reached_is_a_problem_that_names_the_settings(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        catalog="sql",
        catalog_uri=f"sqlite:///{tmp_path}/no/such/folder/catalog.db",
        catalog_warehouse=str(tmp_path),
    )
    finding, *_ = examine_lake(settings)
    assert finding.health is Health.BAD
    assert "PYICEBERG_CATALOG__DEFAULT__" in str(finding.advice)


def test_source_that_is_none_is_a_problem(tmp_path: Path) -> None:
    assert examine_source(Settings(home=tmp_path, source="mirror:/nowhere")).health is Health.BAD
    assert examine_source(Settings(home=tmp_path, source="synthetic")).health is Health.GOOD
    assert list(tmp_path.iterdir()) == []


def test_wrong_version_is_named_with_the_wanted_one() -> None:
    from packaging.requirements import Requirement

    assert examination._mismatch(Requirement("dagster==1.0.0")) == (
        f"dagster is {examination.metadata.version('dagster')}, wanted ==1.0.0"
    )
    assert examination._mismatch(Requirement("no-such-package>=1")) == "no-such-package is missing"
    assert examination._mismatch(Requirement("no-such-package>=1; python_version < '3'")) is None


def test_doctor_fails_where_there_is_a_problem_and_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--home", str(tmp_path), "--source", "mirror:/nowhere", "doctor"])
    assert result.exit_code == 1
    assert "✗ Source" in result.stdout
    assert "--source or F1LAKE_SOURCE" in result.stdout
    assert "✓ Python" in result.stdout
