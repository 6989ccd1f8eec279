"""The table reference says what the contracts say, and every table has its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from lake.table_pages import render_pages
from lake.tables.registry import ALL_TABLES

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", sorted(render_pages(ALL_TABLES)))
def test_page_is_what_the_contract_gives(page: str) -> None:
    path = DOCS / page
    assert path.is_file(), f"run `make docs`: {page} is missing"
    assert path.read_text(encoding="utf-8") == render_pages(ALL_TABLES)[page], "run `make docs`"


def test_no_page_is_left_of_a_table_that_is_gone() -> None:
    pages = {str(path.relative_to(DOCS)) for path in (DOCS / "tables").rglob("*.md")}
    assert pages == set(render_pages(ALL_TABLES))
