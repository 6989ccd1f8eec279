"""Table contracts: what a table's columns, key and scope are, written once.

The vocabulary (``Column``, ``TableContract``, ``Scope``) belongs here; the tables themselves are in
``lake/tables/``; checking rows against a contract is ``lake/audit.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import pyarrow as pa

ColumnType = Literal["string", "int32", "int64", "float64", "bool", "timestamp", "date", "binary", "json"]
"""Closed list of column types. ``timestamp`` is UTC at microseconds; ``json`` is text holding JSON."""

_ARROW: dict[str, pa.DataType] = {
    "string": pa.large_string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "date": pa.date32(),
    "binary": pa.large_binary(),
    "json": pa.large_string(),
}

# Unit suffixes of column names, longest first, so that `_s_per_lap` is not read as `_lap`.
_UNITS: tuple[tuple[str, str], ...] = (
    ("_s_per_lap", "seconds per lap"),
    ("_ms", "milliseconds"),
    ("_kph", "km/h"),
    ("_rpm", "revolutions per minute"),
    ("_degc", "degrees Celsius"),
    ("_pct", "percent"),
    ("_prob", "probability, 0 to 1"),
    ("_mps", "metres per second"),
    ("_hpa", "hectopascal"),
    ("_deg", "degrees"),
    ("_dm", "decimetres"),
    ("_laps", "laps"),
    ("_s", "seconds"),
    ("_m", "metres"),
    ("_at", "UTC"),
)


class Scope(StrEnum):
    """What one write of a table replaces: the unit that is always rewritten whole."""

    SESSION = "session"
    WEEKEND = "weekend"
    SEASON = "season"
    ALL = "all"

    @property
    def column(self) -> str | None:
        """Column that carries the scope's value; null for ``all``."""
        return {"session": "session_key", "weekend": "weekend_key", "season": "season"}.get(self.value)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name; its suffix is its unit.
        type: One of ``ColumnType``.
        description: Meaning, and what null means where the column can be null.
        nullable: Whether unknown (null) is allowed.
        values: Closed list of allowed values, if there is one.
        provenance: True for columns that say where a row comes from; these stay outside row digests.
    """

    name: str
    type: ColumnType
    description: str
    nullable: bool = True
    values: tuple[str, ...] | None = None
    provenance: bool = False

    @property
    def unit(self) -> str | None:
        """Unit named by the column's suffix, or null."""
        return next((unit for suffix, unit in _UNITS if self.name.endswith(suffix)), None)

    @property
    def arrow_type(self) -> pa.DataType:
        """Arrow type of the column."""
        return _ARROW[self.type]


@dataclass(frozen=True)
class TableContract:
    """What a table promises to its readers.

    Attributes:
        name: ``zone.table``, the one name of the table everywhere.
        description: What it holds; ends in "One row per ...".
        columns: Columns in order.
        key: Columns that together identify a row; never null, never repeated.
        scope: What one write replaces.
        partition_by: Identity partition columns of the Iceberg table.
        sort_by: Order of rows inside the files.
        version: Raised whenever columns, key or scope change; part of the ledger.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    scope: Scope
    partition_by: tuple[str, ...] = ()
    sort_by: tuple[str, ...] = ()
    version: int = 1

    @property
    def zone(self) -> str:
        """First part of the name: raw, processed, curated, marts or lake."""
        return self.name.split(".", 1)[0]

    @property
    def table(self) -> str:
        """Second part of the name."""
        return self.name.split(".", 1)[1]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """Arrow schema with the contract's types and nullability."""
        return pa.schema(
            [pa.field(column.name, column.arrow_type, nullable=column.nullable) for column in self.columns]
        )
