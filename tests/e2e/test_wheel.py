"""The wheel works where the checkout is not: installed into a clean environment, its definitions validate."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command outside the checkout and return what it prints."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "F1", "DAGSTER"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


def test_wheel_holds_the_packages_and_the_dbt_project_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    folders = {name.split("/")[0] for name in names if "dist-info" not in name}
    assert folders == {"assets", "charts", "dbt_project", "lake", "orchestration", "racing", "sources"}
    assert "dbt_project/models/marts/fct_lap.sql" in names
    assert "dbt_project/dbt_project.yml" in names


def test_definitions_validate_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    python = environment / "bin" / "python"
    run(UV, "venv", "--quiet", "--python", sys.executable, environment, cwd=tmp_path)
    lock = ("--quiet", "--require-hashes", "--python", python, "-r", ROOT / "requirements.lock")
    run(UV, "pip", "install", *lock, cwd=tmp_path)
    run(UV, "pip", "install", "--quiet", "--no-deps", "--python", python, wheel, cwd=tmp_path)
    home = str(tmp_path / "home")
    assert run(environment / "bin" / "f1lake", "--version", cwd=tmp_path).startswith("f1lake ")
    validated = run(
        environment / "bin" / "dagster",
        "definitions",
        "validate",
        "-m",
        "orchestration.definitions",
        cwd=tmp_path,
        F1LAKE_HOME=home,
        DAGSTER_HOME=str(tmp_path),
        DAGSTER_DISABLE_TELEMETRY="yes",
    )
    assert "Validation successful" in validated or "All code locations passed validation" in validated
