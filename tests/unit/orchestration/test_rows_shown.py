"""Rows fit where they are shown: a table that is too wide for a terminal is shown row by row."""

import io

import pyarrow as pa
from rich.console import Console

from orchestration.cli.rows import show_table

ROWS = pa.table({"driver_code": ["HIM", "RAU"], "full_name": ["x" * 70, None], "is_dnf": [True, False]})


def shown(*, is_terminal: bool, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), force_terminal=is_terminal, width=width, color_system=None)
    show_table(console, ROWS, 100)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_wide_table_is_shown_row_by_row_on_a_terminal() -> None:
    lines = shown(is_terminal=True)
    assert "driver_code  HIM" in lines
    assert "is_dnf       false" in lines
    assert max(map(len, lines)) > 80 - 5


def test_table_that_fits_is_a_table() -> None:
    lines = shown(is_terminal=True, width=120)
    assert any(line.split() == ["driver_code", "full_name", "is_dnf"] for line in lines)


def test_lines_are_not_folded_where_nobody_looks() -> None:
    lines = shown(is_terminal=False)
    assert sum("x" * 70 in line and "HIM" in line and "true" in line for line in lines) == 1
