"""What becomes of a command whose output goes to a closed pipe, or to a full disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lake.lake import Lake
from lake.settings import LakeSettings

_RUN = "from orchestration.cli.start import run; run()"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake without rows."""
    folder = tmp_path_factory.mktemp("home")
    with Lake.open(LakeSettings(home=folder)):
        pass
    return folder


def started(home: Path, *words: str, stdout: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _RUN, "--home", str(home), *words]
    return subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE)


@pytest.mark.parametrize("words", [("tables",), ("status",), ("sql", "--csv", "select 1")])
def test_reader_that_has_seen_enough_is_no_failure(home: Path, words: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    process = started(home, *words, stdout=write)
    os.close(write)
    _, said = process.communicate()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize("form", ["--json", "--limit=1"])
def test_output_that_cannot_be_written_is_said(home: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        process = started(home, "sql", form, "select 1", stdout=full.fileno())
        _, said = process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith(
        "error: the answer could not be written to standard output (No space left"
    )
    assert said.count(b"\n") == 1
