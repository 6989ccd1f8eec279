"""Which data files a write replaces, and writing the files that take their place.

Files are kept few and not too big: a weekend replaced in a season's partition rewrites only the files
that hold the weekend, and once a partition has more than a few small files they are merged by the same
commit. Committing the exchange is ``lake/transactions.py``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.conversions import from_bytes
from pyiceberg.expressions import AlwaysTrue, BooleanExpression
from pyiceberg.expressions.visitors import (
    expression_evaluator,
    inclusive_projection,
    manifest_evaluator,
)
from pyiceberg.io.pyarrow import ArrowScan, _dataframe_to_data_files
from pyiceberg.manifest import DataFile
from pyiceberg.partitioning import PartitionFieldValue, PartitionKey
from pyiceberg.schema import Schema
from pyiceberg.table import FileScanTask, Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.types import PrimitiveType

from lake.contracts import TableContract
from lake.data_files import fits_table, put_into_table, read_data_file, write_into_table
from lake.digests import in_order
from lake.filters import RowSelection, range_filter
from lake.quick_catalog import QuickSqlCatalog
from lake.remembered import RememberedFiles

FEW_FILES = 4
"""Small files that a partition may hold before a write merges some of them."""

SMALL_FILE_BYTES = 512 * 1024
SMALL_FILE_ROWS = 1000
"""A file below both sizes is small. Merging stops at about this size: replacing a weekend copies all else in
its file, so bigger files would make full tables slower to write, and smaller ones slower to scan. The laps of
most races are a file of their own."""


@dataclass(frozen=True)
class Exchange:
    """Files that one commit takes away and puts in.

    Attributes:
        taken: Files whose rows are replaced or were copied into ``put``.
        put: New files, written but not committed.
    """

    taken: tuple[DataFile, ...]
    put: tuple[DataFile, ...]


@dataclass(frozen=True)
class StagedRows:
    """Rows of one commit.

    Attributes:
        rows: The rows, of the contract's types and in its order.
        file: A file that holds just these rows and can become one of the table's; null where there is none.
    """

    rows: pa.Table
    file: Path | None = None


def replace_rows(
    table: Table, contract: TableContract, selection: RowSelection, staged: StagedRows
) -> Exchange:
    """Write the files which replace exactly the selected rows by new rows.

    Args:
        table: The table, freshly loaded.
        contract: The table's contract.
        selection: The rows replaced.
        staged: Their new rows; none to only delete.
    """
    taken: list[DataFile] = []
    untouched: list[DataFile] = []
    before: list[pa.Table] = []
    after: list[pa.Table] = []
    for file in files_in(table, table.current_snapshot(), selection.partitions, _files_of(table)):
        if not _may_hold(table, selection, file):
            untouched.append(file)
            continue
        if not _holds_only(table, selection, file):
            kept = _rows_outside(table, contract, selection, file)
            if kept is None:
                untouched.append(file)
                continue
            before.append(kept[0])
            after.append(kept[1])
        taken.append(file)
    if before:
        # Put where the old ones lay, so that nothing is left to sort.
        put = _write_joined(table, contract, [*before, staged.rows, *after])
    else:
        put = _put_staged(table, contract, staged)
    # The new rows stay a file of their own: it is there already, and seldom lies beside the files merged.
    for files in _small_files_to_merge(table, contract, untouched) if staged.rows.num_rows else []:
        put += _write_joined(table, contract, [read_file(table, contract, file) for file in files])
        taken.extend(files)
    return Exchange(tuple(taken), put)


def _write_joined(table: Table, contract: TableContract, parts: list[pa.Table]) -> tuple[DataFile, ...]:
    return write_files(table, contract, in_order(contract, pa.concat_tables(parts)))


def files_in(
    table: Table, snapshot: Snapshot | None, row_filter: BooleanExpression, files: RememberedFiles
) -> list[DataFile]:
    """Return the data files of a snapshot in the partitions that a filter allows.

    PyIceberg's own scan also works out per file which part of the filter is left to apply, which costs
    more than reading the manifests.

    Args:
        table: The table.
        snapshot: The snapshot; null for a table without any.
        row_filter: Filter; only what it says of partition columns counts.
        files: What is remembered of manifests.
    """
    if snapshot is None:
        return []
    spec, schema = table.spec(), table.schema()
    projected = inclusive_projection(schema, spec)(row_filter)
    may_hold = manifest_evaluator(spec, schema, projected)
    allows = expression_evaluator(Schema(*spec.partition_type(schema).fields), projected, case_sensitive=True)
    return [
        entry.data_file
        for manifest in files.manifests(table.io, snapshot)
        if may_hold(manifest)
        for entry in files.live_entries(table.io, manifest)
        if allows(entry.data_file.partition)
    ]


def append_rows(table: Table, contract: TableContract, rows: pa.Table) -> Exchange:
    """Write the files that add rows and touch nothing else."""
    return Exchange((), write_files(table, contract, rows))


def append_new_rows(table: Table, contract: TableContract, staged: StagedRows) -> Exchange:
    """Write the files that add the rows whose key the table does not have yet."""
    rows = staged.rows
    key = list(contract.key)
    known = table.scan(row_filter=range_filter(rows, key), selected_fields=tuple(key)).to_arrow()
    if known.num_rows:
        given = pl.DataFrame(pl.from_arrow(rows.select(key))).with_row_index("__row")
        there = pl.DataFrame(pl.from_arrow(known.cast(rows.select(key).schema)))
        is_new = given.join(there, on=key, how="anti").sort("__row")["__row"]
        if len(is_new) < rows.num_rows:
            return append_rows(table, contract, rows.take(is_new.to_arrow()))
    return Exchange((), _put_staged(table, contract, staged))


def _put_staged(table: Table, contract: TableContract, staged: StagedRows) -> tuple[DataFile, ...]:
    """Put staged rows into the table: their file as it is where that is possible, else written anew."""
    if staged.rows.num_rows == 0:
        return ()
    partition = _only_partition(table, staged.rows)
    is_whole = partition is not None or not table.spec().fields
    if staged.file is not None and is_whole and fits_table(table, contract):
        return (put_into_table(table, contract, staged.file, partition),)
    return write_files(table, contract, staged.rows)


def write_files(table: Table, contract: TableContract, rows: pa.Table) -> tuple[DataFile, ...]:
    """Write rows as data files of the table, one or more per partition; none for no rows.

    Args:
        table: The table.
        contract: Its contract.
        rows: Rows of the contract's types and in its order.
    """
    if rows.num_rows == 0:
        return ()
    key = _only_partition(table, rows)
    is_whole = key is not None or not table.spec().fields
    if is_whole and fits_table(table, contract):
        return (write_into_table(table, contract, rows, key),)
    return tuple(_dataframe_to_data_files(table_metadata=table.metadata, df=rows, io=table.io))


def _only_partition(table: Table, rows: pa.Table) -> PartitionKey | None:
    """Return the one partition that all rows lie in; null where there are several, or no partitions."""
    spec, schema = table.metadata.spec(), table.metadata.schema()
    values = []
    for field in spec.fields:
        column = rows[schema.find_column_name(field.source_id)]
        extremes = pc.min_max(column)
        if column.null_count or extremes["min"] != extremes["max"]:
            return None
        values.append(PartitionFieldValue(field=field, value=extremes["min"].as_py()))
    return PartitionKey(field_values=values, partition_spec=spec, schema=schema) if values else None


def read_file(table: Table, contract: TableContract, file: DataFile) -> pa.Table:
    """Return all rows of one data file with the contract's columns and types."""
    rows = read_data_file(table, contract, file) if fits_table(table, contract) else None
    if rows is not None:
        return to_contract(contract, rows)
    scan = ArrowScan(table.metadata, table.io, table.schema(), AlwaysTrue())
    return to_contract(contract, scan.to_table(tasks=[FileScanTask(file)]))


def to_contract(contract: TableContract, rows: pa.Table) -> pa.Table:
    """Return rows of the lake with the contract's columns and types, null where a column is new."""
    arrays = [
        rows[column.name].cast(column.arrow_type)
        if column.name in rows.column_names
        else pa.nulls(rows.num_rows, column.arrow_type)
        for column in contract.columns
    ]
    names = [pa.field(column.name, column.arrow_type) for column in contract.columns]
    return pa.Table.from_arrays(arrays, schema=pa.schema(names))


def _files_of(table: Table) -> RememberedFiles:
    return table.catalog.files if isinstance(table.catalog, QuickSqlCatalog) else RememberedFiles()


def _small_files_to_merge(
    table: Table, contract: TableContract, untouched: list[DataFile]
) -> list[list[DataFile]]:
    """Return files that become one, of each partition where many are small."""
    by_partition: dict[Any, list[DataFile]] = defaultdict(list)
    for file in untouched:
        if file.file_size_in_bytes < SMALL_FILE_BYTES and file.record_count < SMALL_FILE_ROWS:
            by_partition[file.partition].append(file)
    return [_neighbours(table, contract, files) for files in by_partition.values() if len(files) >= FEW_FILES]


def _neighbours(table: Table, contract: TableContract, files: list[DataFile]) -> list[DataFile]:
    """Return the first files in the order of their scopes, as many as reach the limit.

    Merged so, files hold scopes that follow each other, and a reader finds a weekend in one of them.
    """
    column = contract.scope.column

    def first_scope(file: DataFile) -> tuple[bool, Any, str]:
        bounds = None if column is None else column_bounds(table, column, file)
        return bounds is None, None if bounds is None else bounds[0], file.file_path

    chosen: list[DataFile] = []
    row_count = 0
    for file in sorted(files, key=first_scope):
        if row_count >= SMALL_FILE_ROWS:
            break
        chosen.append(file)
        row_count += file.record_count
    return chosen


def column_bounds(table: Table, column: str, file: DataFile) -> tuple[Any, Any] | None:
    """Return the smallest and largest value of a column in a file; null where the file does not say."""
    field = table.schema().find_field(column)
    kind = field.field_type
    if not isinstance(kind, PrimitiveType):
        return None
    lower, upper = file.lower_bounds.get(field.field_id), file.upper_bounds.get(field.field_id)
    if lower is None or upper is None:
        return None
    return from_bytes(kind, lower), from_bytes(kind, upper)


def _may_hold(table: Table, selection: RowSelection, file: DataFile) -> bool:
    if selection.column is None:
        return True
    bounds = column_bounds(table, selection.column, file)
    return bounds is None or any(bounds[0] <= value <= bounds[1] for value in selection.values)


def _holds_only(table: Table, selection: RowSelection, file: DataFile) -> bool:
    if selection.column is None:
        return True
    bounds = column_bounds(table, selection.column, file)
    if bounds is None or bounds[0] != bounds[1] or bounds[0] not in selection.values:
        return False
    field = table.schema().find_field(selection.column)
    nulls: int = file.null_value_counts.get(field.field_id, 1)
    return nulls == 0


def _rows_outside(
    table: Table, contract: TableContract, selection: RowSelection, file: DataFile
) -> tuple[pa.Table, pa.Table] | None:
    """Return a file's rows before and after those selected; null where it holds none of them."""
    rows = read_file(table, contract, file)
    column = rows[selection.column]
    inside = pc.is_in(column, value_set=pa.array(selection.values, type=column.type))
    first, count = pc.index(inside, True).as_py(), pc.sum(inside).as_py()
    if not count:
        return None
    if pc.all(inside.slice(first, count)).as_py():
        return rows.slice(0, first), rows.slice(first + count)
    return rows.slice(0, 0), rows.filter(pc.invert(inside))
