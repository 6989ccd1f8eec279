"""A table's declaration: its contract, its inputs and the function that computes it.

A declaration makes no decision about racing. If it needs an ``if``, the ``if`` belongs in ``racing``.
The factory (``assets/factory.py``) does the reading, staging, auditing, committing and reporting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from lake.contracts import TableContract
from lake.tables.registry import ALL_TABLES


@dataclass(frozen=True)
class Input:
    """One table that a computation reads.

    Attributes:
        table: Name of the table.
        columns: Columns to read; null reads all.
        is_counted: Whether only ``session_key`` and ``row_count`` of the sessions with rows are wanted; the
            ledger knows them, so nothing is read.
    """

    table: str
    columns: tuple[str, ...] | None = None
    is_counted: bool = False

    @property
    def contract(self) -> TableContract:
        """Contract of the table that is read."""
        return ALL_TABLES[self.table]


@dataclass(frozen=True)
class TableAsset:
    """Declaration of one computed table.

    Attributes:
        table: Name of the table, ``zone.table``.
        inputs: Keyword of ``compute`` to the table it reads.
        compute: Pure function: one polars frame per input, to one frame of the table's columns.
        logic_version: Raised whenever the function would give other rows for the same inputs; the
            ledger then rewrites the table and what depends on it.
        takes_scope: Whether ``compute`` also takes the scope's value, as ``session_key`` or the like.
    """

    table: str
    inputs: Mapping[str, Input]
    compute: Callable[..., pl.DataFrame]
    logic_version: int = 1
    takes_scope: bool = field(default=False)

    @property
    def contract(self) -> TableContract:
        """Contract of the computed table."""
        return ALL_TABLES[self.table]

    @property
    def description(self) -> str:
        """What the table holds, from its contract."""
        return self.contract.description
