"""The table reference: one Markdown page per contract, written by ``make docs``.

The pages in ``docs/tables/`` are held equal to what this module gives by a test, so a column's text is
written once, in its contract.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from lake.contracts import Column, Scope, TableContract
from lake.tables.registry import ALL_TABLES

_SCOPE_TEXT = {
    Scope.SESSION: "a session",
    Scope.WEEKEND: "a race weekend",
    Scope.SEASON: "a season",
    Scope.ALL: "the whole table",
}


def page_path(contract: TableContract) -> str:
    """Return where the page of a table stands, relative to the docs folder."""
    return f"tables/{contract.zone}/{contract.table}.md"


def render_table_page(contract: TableContract) -> str:
    """Return the Markdown page of one table."""
    key = ", ".join(f"`{name}`" for name in contract.key)
    partition = ", ".join(f"`{name}`" for name in contract.partition_by) or "none"
    rows = "\n".join(_column_row(column) for column in contract.columns)
    return f"""# {contract.name}

{contract.description}

- **Key:** {key}
- **Written by:** {_SCOPE_TEXT[contract.scope]} at a time; other rows stay as they are
- **Partitioned by:** {partition}
- **Contract version:** {contract.version}

| Column | Type | Unit | Null | Meaning |
|---|---|---|---|---|
{rows}
"""


def render_index(contracts: Mapping[str, TableContract]) -> str:
    """Return the Markdown page that lists all tables by zone."""
    zones = list(dict.fromkeys(contract.zone for contract in contracts.values()))
    parts = ["# Tables\n", "Generated from the contracts in `lake/tables/` by `make docs`.\n"]
    for zone in zones:
        parts.append(f"## {zone}\n")
        parts.extend(
            f"- [{contract.name}]({zone}/{contract.table}.md): {contract.description}"
            for contract in contracts.values()
            if contract.zone == zone
        )
        parts.append("")
    return "\n".join(parts)


def render_pages(contracts: Mapping[str, TableContract]) -> dict[str, str]:
    """Return every page of the reference: path relative to the docs folder to its text."""
    pages = {page_path(contract): render_table_page(contract) for contract in contracts.values()}
    return {"tables/index.md": render_index(contracts), **pages}


def _column_row(column: Column) -> str:
    null = "yes" if column.nullable else "no"
    meaning = column.description.replace("|", "\\|")
    if column.values:
        meaning += " One of " + ", ".join(f"`{value}`" for value in column.values) + "."
    if column.provenance:
        meaning += " (provenance)"
    return f"| `{column.name}` | {column.type} | {column.unit or ''} | {null} | {meaning} |"


def write_pages(docs: Path) -> int:
    """Write all pages under the docs folder and return how many were written."""
    pages = render_pages(ALL_TABLES)
    for name, text in pages.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(pages)


if __name__ == "__main__":
    sys.stdout.write(f"{write_pages(Path('docs'))} pages written to docs/tables\n")
