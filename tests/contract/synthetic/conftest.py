"""The invented weekends and the real mirror that they are held against."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sources.synthetic.options import WeekendOptions, full_weekend
from sources.synthetic.weekend import write_weekend


def _load_shapes() -> None:
    """Load the helper beside this file, for the tests to import: tests are no packages."""
    spec = importlib.util.spec_from_file_location("feed_shapes", Path(__file__).with_name("feed_shapes.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


_load_shapes()


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented mirror with every topic; a short race by a full field."""
    return write_weekend(tmp_path_factory.mktemp("invented"), WeekendOptions(race_laps=12)).mirror


@pytest.fixture(scope="session")
def sprint_mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented sprint weekend with everything that can go wrong, without samples."""
    options = replace(full_weekend("sprint"), race_laps=18, telemetry=False)
    return write_weekend(tmp_path_factory.mktemp("sprint"), options).mirror


@pytest.fixture(scope="session")
def invented(mirror: Path) -> Path:
    """Static folder of the invented mirror."""
    return mirror / "livetiming.formula1.com" / "static"


@pytest.fixture(scope="session")
def invented_sprint(sprint_mirror: Path) -> Path:
    """Static folder of the invented sprint weekend."""
    return sprint_mirror / "livetiming.formula1.com" / "static"


@pytest.fixture(scope="session")
def real(test_data: Path) -> Path:
    """Static folder of the real mirror."""
    return test_data / "mirror" / "livetiming.formula1.com" / "static"
