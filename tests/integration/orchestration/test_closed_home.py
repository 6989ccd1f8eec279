"""A home that may not be read or written is named with what to do about it, whatever command meets it."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lake.errors import CatalogClosedError
from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.cli.errors import as_home_error
from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.main import app
from orchestration.errors import HomeNotWritableError
from orchestration.findings import CHOOSE_HOME

_WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
"""Root without the right to open what belongs to others."""


def denied(path: Path) -> PermissionError:
    return PermissionError(errno.EACCES, "Permission denied", str(path))


def test_only_errors_of_the_home_are_said_to_be_the_homes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    said = as_home_error(denied(home / "lake.json"), home)
    assert isinstance(said, HomeNotWritableError)
    assert str(said) == f"{home / 'lake.json'}: Permission denied: {CHOOSE_HOME}"
    others = (
        denied(tmp_path / "mirror"),
        PermissionError("of no file"),
        FileNotFoundError(errno.ENOENT, "gone", str(home / "lake.json")),
        CatalogClosedError("the disk is full"),
    )
    assert all(as_home_error(error, home) is error for error in others)
    assert isinstance(as_home_error(CatalogClosedError("x"), home / "not there"), HomeNotWritableError)


def test_command_that_is_denied_a_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_settings: object) -> None:
        raise denied(tmp_path / "lake.json")

    monkeypatch.setattr("orchestration.lakes.open_existing_lake", closed)
    result = CliRunner().invoke(app, ["--home", str(tmp_path), "tables"])
    assert result.exit_code == ExitCode.LAKE_UNUSABLE
    assert result.stderr == f"error: {tmp_path / 'lake.json'}: Permission denied: {CHOOSE_HOME}\n"


@pytest.fixture(params=[0o700, 0o755], ids=["closed", "not writable"])
def home_of_another(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A lake that belongs to somebody else."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can give a folder away, and needs setpriv to do without its rights")
    home = tmp_path / "home"
    with Lake.open(LakeSettings(home=home)):
        pass
    for path in (home, *home.rglob("*")):
        os.chown(path, 65534, 65534)
    home.chmod(request.param)
    probe = subprocess.run([*_WITHOUT_RIGHTS, "touch", str(home / "probe")], capture_output=True, check=False)
    if probe.returncode == 0:
        pytest.skip("root cannot do without its rights here")
    return home


def run_without_rights(home: Path, *arguments: str) -> tuple[int, str]:
    start = "from orchestration.cli.start import run; run()"
    command = [sys.executable, "-c", start, "--home", str(home), "--source", "synthetic", *arguments]
    done = subprocess.run(
        [*_WITHOUT_RIGHTS, *command], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout + done.stderr


def test_home_of_another_is_named_by_every_command_and_the_doctor_goes_on(home_of_another: Path) -> None:
    for arguments in (["sql", "select 1"], ["ingest", "2025-90"]):
        code, said = run_without_rights(home_of_another, *arguments)
        assert (code, CHOOSE_HOME in said) == (ExitCode.LAKE_UNUSABLE, True), said
        assert f"{home_of_another}" in said
    code, said = run_without_rights(home_of_another, "doctor")
    assert code == ExitCode.FAILED
    assert CHOOSE_HOME in said
    assert "should not happen" not in said
    assert "F1 account" in said
