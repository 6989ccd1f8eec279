"""The ledger: what every scope of every table was last written from.

It decides whether a write is needed. It is stored in ``lake.writes``; storing it is ``lake/books.py``.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from lake.tables.lake_writes import LAKE_WRITES

_LAST = "\U0010ffff"
"""Sorts after every character that a scope value has."""


@dataclass(frozen=True)
class Write:
    """The newest write of one scope of one table.

    Attributes are the columns of ``lake.writes``.
    """

    step_id: str
    run_id: str
    step: str
    table_name: str
    scope_value: str
    weekend_key: str | None
    recipe_digest: str | None
    rows_digest: str | None
    row_count: int
    inputs: Mapping[str, str]
    logic_version: int
    contract_version: int
    snapshot_id: int | None
    written_at: datetime

    @property
    def is_removal(self) -> bool:
        """Whether the scope was removed rather than written."""
        return self.recipe_digest is None


class Ledger:
    """The newest write per table and scope. Removed scopes are not in it.

    Attributes:
        latest: When the newest of all writes was made; null for an empty ledger.
    """

    def __init__(self, writes: Iterable[Write] = ()) -> None:
        """Keep the newest of the given writes per table and scope."""
        self._newest: dict[tuple[str, str], Write] = {}
        self._scopes: dict[str, set[str]] = {}
        self._sorted: dict[str, tuple[str, ...]] = {}
        self.latest: datetime | None = None
        self.extend(writes)

    def extend(self, writes: Iterable[Write]) -> None:
        """Take in later writes."""
        for write in writes:
            key = (write.table_name, write.scope_value)
            known = self._newest.get(key)
            if known is None or known.written_at <= write.written_at:
                self._newest[key] = write
                self._note(write)
            if self.latest is None or self.latest < write.written_at:
                self.latest = write.written_at

    def extended(self, writes: Iterable[Write]) -> Ledger:
        """Return this ledger with later writes; whoever holds this one keeps it as it is."""
        later = Ledger()
        later._newest = dict(self._newest)
        later._scopes = {table: set(scopes) for table, scopes in self._scopes.items()}
        later._sorted = dict(self._sorted)
        later.latest = self.latest
        later.extend(writes)
        return later

    def __iter__(self) -> Iterator[Write]:
        return (write for write in self._newest.values() if not write.is_removal)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def newest(self, table: str, scope_value: str | int) -> Write | None:
        """Return the newest write of a scope; null where it was never written, or removed since."""
        write = self._newest.get((table, str(scope_value)))
        return None if write is None or write.is_removal else write

    def recipe_digest(self, table: str, scope_value: str | int) -> str | None:
        """Return the recipe digest that dependants of a scope use; null where it was never written."""
        write = self.newest(table, scope_value)
        return None if write is None else write.recipe_digest

    def scopes(self, table: str, prefix: str = "") -> tuple[str, ...]:
        """Return the scope values of a table that are written, sorted.

        Args:
            table: Name of the table.
            prefix: Beginning of the values that are wanted: a season, for all that belongs to it. What it
                costs does not depend on how many others there are.
        """
        if table not in self._sorted:
            self._sorted[table] = tuple(sorted(self._scopes.get(table, ())))
        known = self._sorted[table]
        return known[bisect_left(known, prefix) : bisect_left(known, f"{prefix}{_LAST}")] if prefix else known

    def _note(self, write: Write) -> None:
        """Keep the index of scopes as the writes are."""
        scopes = self._scopes.setdefault(write.table_name, set())
        if write.is_removal:
            scopes.discard(write.scope_value)
        elif write.scope_value not in scopes:
            scopes.add(write.scope_value)
        else:
            return
        self._sorted.pop(write.table_name, None)

    def by_table(self) -> dict[str, list[Write]]:
        """Return the writes of each table."""
        tables: dict[str, list[Write]] = {}
        for write in self:
            tables.setdefault(write.table_name, []).append(write)
        return tables


def writes_to_rows(writes: Iterable[Write]) -> pa.Table:
    """Return writes as rows of ``lake.writes``."""
    rows = [
        {
            **{name: getattr(write, name) for name in LAKE_WRITES.column_names},
            "inputs": json.dumps(dict(write.inputs)),
        }
        for write in writes
    ]
    schema = pa.schema([pa.field(column.name, column.arrow_type) for column in LAKE_WRITES.columns])
    return pa.Table.from_pylist(rows, schema=schema)


def writes_from_rows(rows: pa.Table) -> list[Write]:
    """Return rows of ``lake.writes`` as writes, oldest first."""
    writes = [Write(**{**row, "inputs": json.loads(row["inputs"])}) for row in rows.to_pylist()]
    return sorted(writes, key=lambda write: write.written_at)
