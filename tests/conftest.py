"""Fixtures shared by all tests: where the real data is, and a lake in a temporary folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real responses and recordings (setting F1LAKE_TEST_DATA), or skip with the reason."""
    folder = Path(os.environ.get("F1LAKE_TEST_DATA", str(REPOSITORY.parent / "shared" / "data")))
    if not (folder / "mirror" / "INDEX.tsv").is_file():
        pytest.skip(f"no real F1 data at {folder}: set F1LAKE_TEST_DATA to a folder that holds mirror/")
    return folder.resolve()
