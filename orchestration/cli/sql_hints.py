"""What to do next after a statement that DuckDB refused: where the column is, or which one was meant."""

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.contracts import TableContract
    from lake.lake import Lake

_COLUMN = re.compile(r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"')
_TABLE = re.compile(r"Table with name (\S+) does not exist")
_SHOWN = 4


def ask(lake: "Lake", statement: str) -> "pa.Table":
    """Return the answer to a statement; an error about a name gets a note on what to do next.

    Args:
        lake: The lake.
        statement: One statement that reads.
    """
    try:
        return lake.query(statement)
    except Exception as error:
        hint = sql_hint(str(error), statement, lake.contracts)
        if hint is not None:
            error.add_note(hint)
        raise


def sql_hint(message: str, statement: str, contracts: Mapping[str, "TableContract"]) -> str | None:
    """Return a sentence about the name that was not found, or null where no name is the matter.

    Args:
        message: What DuckDB says.
        statement: The statement.
        contracts: The tables there are.
    """
    column = _COLUMN.search(message)
    if column is not None:
        return _column_hint(column[1] or column[2], statement, contracts)
    if _TABLE.search(message):
        return "f1lake tables lists all tables."
    return None


def _column_hint(wanted: str, statement: str, contracts: Mapping[str, "TableContract"]) -> str:
    words = set(re.findall(r"\w+", statement.lower()))
    named = [name for name, contract in contracts.items() if contract.table in words]
    columns = [column for name in named for column in contracts[name].column_names]
    near = difflib.get_close_matches(wanted.lower(), columns, n=3, cutoff=0.6)
    near += [name for name in columns if wanted.lower() in name.split("_")]
    if near:
        return f"Did you mean {' or '.join(dict.fromkeys(near[:_SHOWN]))}? {_describe(named)}"
    marts_first = sorted(contracts.values(), key=lambda contract: contract.zone != "marts")
    holders = [contract.name for contract in marts_first if wanted.lower() in contract.column_names]
    if holders:
        return f"{wanted.lower()} is a column of {', '.join(holders[:_SHOWN])}. {_describe(named)}"
    return _describe(named)


def _describe(named: list[str]) -> str:
    return f"f1lake describe {named[0] if named else 'TABLE'} shows the columns."
