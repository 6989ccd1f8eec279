"""A lake of its own for every test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lake.lake import Lake
from lake.settings import LakeSettings

# Tests are not a package; what they share is a folder on the path.
sys.path.insert(0, str(Path(__file__).parent / "support"))

from lake_tables import TABLES

OpenLake = Callable[..., Lake]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_lake(home: Path) -> Iterator[OpenLake]:
    """Return a function that opens the test's lake; every lake it opened is closed at the end."""
    opened: list[Lake] = []

    def open_it(**options: object) -> Lake:
        settings = options.pop("settings", None) or LakeSettings(home=home)
        contracts = options.pop("contracts", TABLES)
        lake = Lake.open(settings, contracts, **options)  # type: ignore[arg-type]
        opened.append(lake)
        return lake

    yield open_it
    for lake in opened:
        lake.close()


@pytest.fixture
def lake(open_lake: OpenLake) -> Lake:
    return open_lake()
