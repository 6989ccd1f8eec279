"""``f1lake tables`` and ``f1lake describe``: what the lake holds, and what its columns mean."""

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.invocation import invocation
from orchestration.errors import UnknownTableNameError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from lake.contracts import Column, TableContract
    from lake.lake import Lake

_ZONES = ("raw", "processed", "curated", "marts", "lake")


def tables(context: typer.Context) -> None:
    """List all tables with their rows.

    For example:

    - `f1lake tables`
    """
    call = invocation(context)
    with call.existing_lake() as lake:
        show_tables(call.out, lake)


def describe(
    context: typer.Context,
    table: Annotated[
        str, typer.Argument(help="Such as curated.laps; the zone may be left out where it is clear.")
    ],
) -> None:
    """Show a table's columns with unit and meaning, its key, rows and snapshot.

    For example:

    - `f1lake describe curated.stints`
    - `f1lake describe fct_stint`
    """
    call = invocation(context)
    with call.existing_lake() as lake:
        show_table_page(call.out, lake, table)


def show_tables(console: "Console", lake: "Lake") -> None:
    """Print every table: rows and what it holds, a line each that fits a terminal; a file gets it whole."""
    counts = row_counts(lake)
    ordered = sorted(lake.contracts.values(), key=lambda contract: _ZONES.index(contract.zone))
    if console.is_terminal:
        console.print(_listing_by_zone(ordered, counts))
        console.print("[dim]f1lake describe TABLE shows its columns; f1lake sql asks.[/dim]")
        return
    for contract in ordered:
        line = f"{contract.name:<48} {_count(counts, contract):>12}  {_first_sentence(contract)}"
        console.print(line, soft_wrap=True, markup=False, highlight=False)


def _listing_by_zone(ordered: "list[TableContract]", counts: Mapping[str, int]) -> "RichTable":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    page = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    widest = max(len(_count(counts, contract)) for contract in ordered)
    page.add_column("table", no_wrap=True, min_width=2 + max(len(contract.table) for contract in ordered))
    page.add_column("rows", justify="right", no_wrap=True, min_width=max(widest, len("rows")))
    page.add_column("what it holds", no_wrap=True, overflow="ellipsis")
    zone = None
    for contract in ordered:
        if contract.zone != zone:
            zone = contract.zone
            page.add_row(Text(zone, "bold"))
        page.add_row(f"  {contract.table}", _count(counts, contract), Text(_first_sentence(contract), "dim"))
    return page


def _count(counts: Mapping[str, int], contract: "TableContract") -> str:
    count = counts.get(contract.name)
    return "-" if count is None else f"{count:,}"


def _first_sentence(contract: "TableContract") -> str:
    return contract.description.partition(". ")[0].rstrip(".")


def show_table_page(console: "Console", lake: "Lake", name: str) -> None:
    """Print a table's columns, key, scope, rows and snapshot.

    Raises:
        UnknownTableNameError: If no table, or more than one, has the name.
    """
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    contract = lake.contracts[full_name(name, lake.contracts)]
    snapshot = lake.snapshot_ids().get(contract.name)
    count = row_counts(lake, only=contract.name).get(contract.name, 0)
    console.print(f"[bold]{contract.name}[/bold]  {escape(contract.description)}")
    page = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("column", "type", "unit", "null", "meaning"):
        page.add_column(heading, no_wrap=heading in {"column", "type"})
    for column in contract.columns:
        page.add_row(*_column_row(column, contract))
    console.print(page)
    console.print(f"[dim]key[/dim]        {', '.join(contract.key)}")
    console.print(f"[dim]one write[/dim]  replaces one {contract.scope.value}" + _partitions(contract))
    console.print(f"[dim]rows[/dim]       {count:,}")
    console.print(f"[dim]snapshot[/dim]   {snapshot if snapshot is not None else 'none: never written'}")


def full_name(name: str, contracts: Mapping[str, object]) -> str:
    """Return the full name of a table that is named with or without its zone.

    Raises:
        UnknownTableNameError: If none, or more than one, has the name; the message names near ones.
    """
    wanted = name.strip().strip('"').lower()
    if wanted in contracts:
        return wanted
    endings = [known for known in contracts if known.partition(".")[2] == wanted]
    if len(endings) == 1:
        return endings[0]
    near = endings or difflib.get_close_matches(wanted, contracts, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "`f1lake tables` lists them"
    raise UnknownTableNameError(f"no table is named {name!r}: {hint}")


def row_counts(lake: "Lake", only: str | None = None) -> dict[str, int]:
    """Return table to number of rows in the newest release; tables never written are not in it."""
    written = [name for name in lake.snapshot_ids() if only in (None, name)]
    if not written:
        return {}
    statement = " union all ".join(f"select '{name}' as name, count(*) as n from {name}" for name in written)  # noqa: S608 - names of our own tables
    return {row["name"]: row["n"] for row in lake.query(statement).to_pylist()}


def _column_row(column: "Column", contract: "TableContract") -> tuple[str, ...]:
    from rich.markup import escape

    mark = "[bold]*[/bold]" if column.name in contract.key else ""
    values = f" One of {', '.join(column.values)}." if column.values else ""
    return (
        column.name + mark,
        column.type,
        column.unit or "",
        "yes" if column.nullable else "no",
        escape(column.description + values),
    )


def _partitions(contract: "TableContract") -> str:
    return f"; files by {', '.join(contract.partition_by)}" if contract.partition_by else ""
