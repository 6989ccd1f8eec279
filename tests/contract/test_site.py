"""The documentation site: every page has its place, and a page that would load from elsewhere is refused.

That no link is broken is checked where the site is built, strictly, in ``make check``.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import PluginError

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_hooks", DOCS / "site_hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pages_of(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict):
        for inner in entry.values():
            yield from pages_of(inner)
    else:
        for inner in entry:
            yield from pages_of(inner)


def test_every_page_is_in_the_navigation_once(hooks: ModuleType) -> None:
    nav = hooks.on_config({"docs_dir": str(DOCS)})["nav"]
    assert sorted(pages_of(nav)) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_tabs_are_in_reading_order(hooks: ModuleType) -> None:
    nav = hooks.on_config({"docs_dir": str(DOCS)})["nav"]
    tabs = [name for entry in nav[1:] for name in entry]
    assert tabs == ["Tutorial", "How-to", "Cookbook", "Reference", "Explanation", "Decisions"]


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        "<img src='http://example.org/a.png'>",
        "<style>@import 'https://example.org/a.css'</style>",
    ],
)
def test_page_that_loads_from_elsewhere_is_refused(hooks: ModuleType, tag: str) -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_path="a.md"))
    with pytest.raises(PluginError, match=r"a\.md loads from elsewhere"):
        hooks.on_post_page(f"<html>{tag}</html>", page=page)


def test_link_to_elsewhere_is_no_loading(hooks: ModuleType) -> None:
    text = '<a href="https://example.org">there</a><img src="images/a.svg">'
    assert hooks.on_post_page(text, page=None) == text
