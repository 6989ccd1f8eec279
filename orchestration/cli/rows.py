"""Shows rows of an Arrow table: as a table for people, as CSV or JSON for programs."""

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.consoles import ResultConsole
from orchestration.cli.output import written_output

if TYPE_CHECKING:
    import pyarrow as pa

MAX_CELL = 80


def show_table(console: Console, rows: "pa.Table", limit: int) -> None:
    """Print rows as a table, at most ``limit`` of them (0 is all), and say how many there are.

    A table that is wider than the terminal is printed row by row, a line for each column.

    Args:
        console: Where to print.
        rows: Any Arrow table.
        limit: How many rows to print; 0 prints all.
    """
    shown = rows if limit == 0 else rows.slice(0, limit)
    cells = [[_cell(value) for value in row.values()] for row in shown.to_pylist()]
    width = _width(rows.column_names, cells)
    if width > console.width and console.is_terminal:
        _print_row_by_row(console, rows.column_names, cells)
    else:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for field in rows.schema:
            justify: Literal["right", "left"] = "right" if _is_number(field.type) else "left"
            table.add_column(field.name, justify=justify, no_wrap=True)
        for row in cells:
            table.add_row(*row)
        # What reads a pipe has no edge to fold lines at.
        unfolded = ResultConsole(file=console.file, width=width) if width > console.width else console
        unfolded.print(table)
    console.print(f"[dim]{_count(shown.num_rows, rows.num_rows)}[/dim]")


def write_csv(rows: "pa.Table") -> None:
    """Write rows to standard output as CSV with a header; null is an empty field."""
    import pyarrow as pa
    from pyarrow import csv

    sink = pa.BufferOutputStream()
    csv.write_csv(rows, sink)
    with written_output():
        sys.stdout.write(sink.getvalue().to_pybytes().decode())


def write_json(rows: "pa.Table") -> None:
    """Write rows to standard output as a JSON list of objects; times are ISO 8601."""
    with written_output():
        json.dump(rows.to_pylist(), sys.stdout, default=_plain, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")


def _width(names: Sequence[str], cells: Sequence[Sequence[Text]]) -> int:
    """Return how wide a table is whose cells are on one line each."""
    columns = [max(len(name), *(row[at].cell_len for row in cells), 0) for at, name in enumerate(names)]
    return sum(columns) + 3 * len(columns)


def _print_row_by_row(console: Console, names: Sequence[str], cells: Sequence[Sequence[Text]]) -> None:
    margin = max(len(name) for name in names)
    for number, row in enumerate(cells, start=1):
        console.rule(Text(f"row {number}", style="dim"), align="left")
        for name, cell in zip(names, row, strict=True):
            console.print(Text.assemble((f"{name:<{margin}}  ", "bold"), cell))


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)


def _is_number(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _cell(value: Any) -> Text:  # noqa: ANN401 - a cell of any type
    if value is None:
        return Text("null", style="dim")
    if isinstance(value, bytes):
        return Text(f"<{len(value)} bytes>", style="dim")
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    text = text.lower() if isinstance(value, bool) else text
    return Text(text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…")


def _count(shown: int, total: int) -> str:
    noun = "row" if total == 1 else "rows"
    if shown == total:
        return f"{total:,} {noun}"
    return f"first {shown:,} of {total:,} {noun}; --limit 0 shows all, --csv or --json writes all"
