"""Invented weekends of three seasons, and the command line on a home of its own."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

# Tests are not a package; what they share is a folder on the path.
sys.path.insert(0, str(Path(__file__).parent / "support"))

SEASONS = (2023, 2024, 2025)

CommandLine = Callable[..., Result]


@pytest.fixture(autouse=True, scope="session")
def _restored_environment() -> Iterator[None]:
    """The command line sets variables for Dagster and numba; they end with the tests of this folder."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def mirrors(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Season to the mirror of one small invented weekend: 2023-90, 2024-90, 2025-90."""
    folder = tmp_path_factory.mktemp("mirrors")
    for season in SEASONS:
        options = WeekendOptions(season=season, cars=4, race_laps=5, telemetry=False, retirements=0)
        write_weekend(folder / str(season), options)
    return {season: folder / str(season) / "mirror" for season in SEASONS}


@pytest.fixture(scope="session")
def f1lake() -> CommandLine:
    """Run the command line in this process."""

    def run(*arguments: object, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run
