"""Fixtures shared by all tests: where the real data is, and a lake in a temporary folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage

from orchestration.environments import read_settings

REPOSITORY = Path(__file__).resolve().parent.parent

TESTS = REPOSITORY / "tests"

MEASURED = tuple(
    TESTS / folder
    for folder in (
        "contract",
        "integration/lake",
        "integration/marts",
        "integration/orchestration/test_doctor.py",
        "property",
        "unit/charts",
        "unit/feed",
        "unit/lake",
        "unit/marts",
        "unit/racing",
    )
)
"""Tests that count for the floor of coverage, which ``lake`` and ``racing`` have; others show the whole."""

UNMEASURED = TESTS / "contract" / "synthetic"
"""A folder within these that counts for neither, and is slow when it is traced."""

SHARING = ("contract/synthetic", "integration/assets", "integration/marts", "integration/racing")
"""Folders whose files share what takes long to make: where several processes run the tests, one runs them."""

# Before numba is imported: what make setup compiled serves the tests, too.
os.environ.setdefault("NUMBA_CACHE_DIR", str(read_settings().cache / "numba"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out tests by file as ``--dist loadfile`` does, and those of some folders by folder."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFileOrFolder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return next((folder for folder in SHARING if file.startswith(f"tests/{folder}/")), file)

    return ByFileOrFolder(config, log)


@pytest.fixture(autouse=True, scope="module")
def _full_speed_where_coverage_is_not_measured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tracing doubles the time of tests; those of whole runs would take it to measure what others measure."""
    coverage = Coverage.current()
    is_measured = any(map(request.path.is_relative_to, MEASURED))
    if coverage is None or (is_measured and not request.path.is_relative_to(UNMEASURED)):
        yield
        return
    coverage.stop()
    yield
    coverage.start()


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real responses and recordings (setting F1LAKE_TEST_DATA), or skip with the reason."""
    folder = Path(os.environ.get("F1LAKE_TEST_DATA", str(REPOSITORY.parent / "shared" / "data")))
    if not (folder / "mirror" / "INDEX.tsv").is_file():
        pytest.skip(f"no real F1 data at {folder}: set F1LAKE_TEST_DATA to a folder that holds mirror/")
    return folder.resolve()
