"""Reads rows of one snapshot of a table, from as few files as can hold them.

A file that was written as its table's contract says is read as it is. PyIceberg reads any other, such as
one from before a change of the contract; it works out per file what has changed, which takes longer than
reading a weekend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyiceberg.conversions import from_bytes
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.expressions.visitors import bind
from pyiceberg.io.pyarrow import ArrowScan, expression_to_pyarrow
from pyiceberg.manifest import DataFile
from pyiceberg.table import FileScanTask, Table
from pyiceberg.types import IntegerType, LongType, PrimitiveType, StringType

from lake.contracts import TableContract
from lake.data_files import fits_table, read_data_file
from lake.filters import ValueFilter
from lake.remembered import RememberedFiles
from lake.table_files import files_in


def read_snapshot(
    table: Table,
    contract: TableContract | None,
    snapshot_id: int,
    where: ValueFilter,
    names: Sequence[str],
    files: RememberedFiles,
) -> pa.Table:
    """Return rows of one snapshot, of the types that the files have; of none at all where no file is read.

    Args:
        table: The table; it must know the snapshot.
        contract: Its contract; null where it has none any more.
        snapshot_id: The snapshot.
        where: Which rows.
        names: Which columns, of those that the table has.
        files: What is remembered of manifests.
    """
    snapshot = table.snapshot_by_id(snapshot_id)
    wanted = _told_by_bounds(table, where)
    held = [
        file
        for file in files_in(table, snapshot, where.rows, files)
        if all(one.may_be_in(file) for one in wanted)
    ]
    if contract is not None and not held:
        return pa.table({name: pa.nulls(0) for name in names})
    if contract is not None and fits_table(table, contract):
        rows = _read_straight(table, contract, held, where, names)
        if rows is not None:
            return rows
    scan = table.scan(row_filter=where.rows, selected_fields=tuple(names), snapshot_id=snapshot_id)
    tasks = [FileScanTask(file) for file in held]
    return ArrowScan(table.metadata, table.io, scan.projection(), where.rows).to_table(tasks)


@dataclass(frozen=True)
class _Wanted:
    """Values of one column, one of which a file must hold.

    Attributes:
        field_id: The column's number.
        kind: Its type.
        values: The values.
        has_null: Whether a file that holds a null will do too.
    """

    field_id: int
    kind: PrimitiveType
    values: tuple[Any, ...]
    has_null: bool

    def may_be_in(self, file: DataFile) -> bool:
        """Return whether a file may hold one, by the bounds that its manifest has."""
        if self.has_null and file.null_value_counts.get(self.field_id) != 0:
            return True
        lower, upper = file.lower_bounds.get(self.field_id), file.upper_bounds.get(self.field_id)
        if lower is None or upper is None:
            return True
        lowest, highest = from_bytes(self.kind, lower), from_bytes(self.kind, upper)
        return any(lowest <= value <= highest for value in self.values)


def _told_by_bounds(table: Table, where: ValueFilter) -> list[_Wanted]:
    """Return what of a filter can be compared with files' bounds: texts and whole numbers."""
    found = []
    for column, values in where.wanted.items():
        field = table.schema().find_field(column)
        for kind, comparable in ((StringType(), str), (IntegerType(), int), (LongType(), int)):
            known = tuple(value for value in values if value is not None)
            if field.field_type == kind and all(isinstance(value, comparable) for value in known):
                found.append(_Wanted(field.field_id, kind, known, len(known) < len(values)))
    return found


def _read_straight(
    table: Table, contract: TableContract, held: Sequence[DataFile], where: ValueFilter, names: Sequence[str]
) -> pa.Table | None:
    """Return rows of files that are as the contract says; null where one is not."""
    is_all = isinstance(where.rows, AlwaysTrue)
    rows = None if is_all else expression_to_pyarrow(bind(table.schema(), where.rows, case_sensitive=True))
    parts = []
    for file in held:
        part = read_data_file(table, contract, file, names, rows)
        if part is None:
            return None
        parts.append(part)
    return pa.concat_tables(parts)
