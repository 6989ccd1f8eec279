"""Fixtures shared by all tests: where the real data is, and a lake in a temporary folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from coverage import Coverage

from orchestration.environments import read_settings

REPOSITORY = Path(__file__).resolve().parent.parent

MEASURED = {"lake", "racing", "feed", "marts", "assets", "charts", "contract"}
"""Folders of the tests that count for the floor of coverage, which is one of ``lake`` and ``racing``."""

UNMEASURED = {"synthetic"}
"""Folders within these that count for neither, and are slow when they are traced."""

# Before numba is imported: what make setup compiled serves the tests, too.
os.environ.setdefault("NUMBA_CACHE_DIR", str(read_settings().cache / "numba"))


@pytest.fixture(autouse=True, scope="module")
def _full_speed_where_coverage_is_not_measured(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tracing doubles the time of tests; those of whole runs would take it to measure what others measure."""
    coverage = Coverage.current()
    folders = set(request.path.relative_to(REPOSITORY).parts)
    if coverage is None or (folders & MEASURED and not folders & UNMEASURED):
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
