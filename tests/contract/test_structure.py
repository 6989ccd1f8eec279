"""The repository keeps its shape: small modules, docstrings only in package files, no foreign paths."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assets", "charts", "lake", "orchestration", "racing", "sources")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 400
MAX_SQL_LINES = 150


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("package", PACKAGES)
def test_package_files_hold_a_docstring_and_nothing_else(package: str) -> None:
    for path in (ROOT / package).rglob("__init__.py"):
        text = path.read_text(encoding="utf-8").strip()
        assert text.startswith('"""'), path
        assert text.endswith('"""'), path
        assert text.count('"""') == 2, path


def test_every_folder_of_a_package_is_a_package() -> None:
    missing = {path.parent for path in MODULES if not (path.parent / "__init__.py").is_file()}
    assert missing == set()


def test_tests_hold_no_package_file() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_test_files_have_unique_names() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_sql_models_are_short() -> None:
    long = [
        path
        for path in (ROOT / "dbt_project").rglob("*.sql")
        if "target" not in path.parts and len(path.read_text(encoding="utf-8").splitlines()) > MAX_SQL_LINES
    ]
    assert long == []
