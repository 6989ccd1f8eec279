"""The demo, run once as a person runs it, and its lake open to read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from lake.lake import Lake
from lake.settings import LakeSettings

# Tests are not a package; what they share is a folder on the path.
sys.path.insert(0, str(Path(__file__).parent / "support"))

from prepared_commands import run_command

F1LAKE = Path(sys.executable).with_name("f1lake")


@dataclass(frozen=True)
class Demo:
    """What the demo left, and what it printed."""

    home: Path
    printed: str

    @property
    def page(self) -> str:
        """The one page that it wrote."""
        (page,) = self.home.glob("*.html")
        return page.read_text(encoding="utf-8")

    def run_again(self) -> str:
        """Run it a second time in the same home, and return what it prints."""
        printed = self.home.with_name("demo-again.txt")
        return run_command(printed, "--home", self.home, "demo", environment=clean_environment())


def clean_environment() -> dict[str, str]:
    """Return the variables of this process without settings of this machine."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("F1", "PYICEBERG"))}


def run_demo(home: Path) -> str:
    """Return what ``f1lake demo`` prints; no setting of this machine reaches it."""
    command = [str(F1LAKE), "--home", str(home), "demo"]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo in a new home; workers of one test run share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    printed = folder / "demo.txt"
    with FileLock(folder / "demo.lock"):
        if not printed.is_file():
            text = run_demo(folder / "demo")
            printed.write_text(text, encoding="utf-8")
    return Demo(folder / "demo", printed.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def demo_lake(demo: Demo) -> Iterator[Lake]:
    """The demo's lake, to read."""
    with Lake.open(LakeSettings(home=demo.home), read_only=True) as lake:
        yield lake
