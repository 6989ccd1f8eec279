"""Rows as one Parquet data file, written once: staged as a table will hold it, then put into the table.

Which rows a file holds is decided in ``lake/table_files.py``; the folder it is staged in is
``lake/staging.py``. It reaches into PyIceberg, so that the files are those which PyIceberg would write.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast
from uuid import uuid4

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow.fs import LocalFileSystem
from pyiceberg.io.pyarrow import (
    StatisticsCollector,
    _get_parquet_writer_kwargs,
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    schema_to_pyarrow,
)
from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
from pyiceberg.partitioning import PartitionKey
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.typedef import Record

from lake.catalog import local_path
from lake.contracts import TableContract
from lake.iceberg_schema import iceberg_schema, row_group_rows, table_properties

_FIELD_ID = b"PARQUET:field_id"
"""Where Arrow keeps the number of a Parquet column, which is Iceberg's."""

_PARQUET = ds.ParquetFileFormat()

_BYTES_FOR_THREADS = 4 * 1024 * 1024


@lru_cache(maxsize=256)
def _arrow_schema(contract: TableContract) -> pa.Schema:
    """Return the Arrow schema of a new table's files: Iceberg's field numbers and what may be null."""
    return schema_to_pyarrow(iceberg_schema(contract))


def write_rows(contract: TableContract, rows: pa.Table, file: BinaryIO) -> pq.FileMetaData:
    """Write rows as a data file of a contract's table, and return what the file says of itself.

    Args:
        contract: The table's contract.
        rows: Rows of the contract's types, in the order of ``in_order``.
        file: An open file.
    """
    typed = pa.Table.from_arrays(rows.columns, schema=_arrow_schema(contract))
    written: list[pq.FileMetaData] = []
    pq.write_table(
        typed,
        file,
        row_group_size=row_group_rows(contract),
        store_decimal_as_integer=True,
        # Bodies are long and never the same.
        use_dictionary=[column.name for column in contract.columns if column.type != "binary"],
        metadata_collector=written,
        **_get_parquet_writer_kwargs(table_properties(contract)),
    )
    return written[0]


def fits_table(table: Table, contract: TableContract) -> bool:
    """Return whether files of a contract number their columns as the table does.

    A table that has lived through a change of its contract may not; its rows are then written anew.
    """
    return _columns(table.schema()) == _contract_columns(contract)


def put_into_table(
    table: Table, contract: TableContract, path: Path, partition: PartitionKey | None
) -> DataFile:
    """Put a written file among a table's files, to be committed, and return it as the table knows it.

    On one file system the file is linked and not copied.

    Args:
        table: The table; ``fits_table`` holds for it.
        contract: Its contract.
        path: A file of ``write_rows``.
        partition: Partition of all its rows; null for an unpartitioned table.
    """
    location = _new_location(table, partition)
    target = local_path(location)
    if target is None:
        with path.open("rb") as staged, table.io.new_output(location).create() as written:
            shutil.copyfileobj(staged, written, 1024 * 1024)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(path, target)
    return _data_file(table, contract, location, partition, pq.read_metadata(path), path.stat().st_size)


def write_into_table(
    table: Table, contract: TableContract, rows: pa.Table, partition: PartitionKey | None
) -> DataFile:
    """Write a file among a table's files, to be committed, and return it as the table knows it.

    Args:
        table: The table; ``fits_table`` holds for it.
        contract: Its contract.
        rows: Rows as ``write_rows`` takes them.
        partition: Partition of all rows; null for an unpartitioned table.
    """
    location = _new_location(table, partition)
    with table.io.new_output(location).create() as file:
        metadata = write_rows(contract, rows, cast("BinaryIO", file))
        size = file.tell()
    return _data_file(table, contract, location, partition, metadata, size)


def read_data_file(
    table: Table,
    contract: TableContract,
    file: DataFile,
    names: Sequence[str] | None = None,
    rows: ds.Expression | None = None,
) -> pa.Table | None:
    """Return rows of a file that was written as ``write_rows`` writes; null where it was not quite so.

    Args:
        table: The table; ``fits_table`` holds for it.
        contract: Its contract.
        file: One of its files.
        names: Columns; null for all.
        rows: Which rows; null for all.
    """
    path = local_path(file.file_path)
    if path is None:
        fragment = _PARQUET.make_fragment(table.io.new_input(file.file_path).open())
    else:
        fragment = _PARQUET.make_fragment(str(path), LocalFileSystem())
    schema = fragment.physical_schema
    if _arrow_columns(schema) != _arrow_columns(_arrow_schema(contract)):
        return None
    # Threads cost a small file more than they save, above all on a busy machine.
    is_big = file.file_size_in_bytes > _BYTES_FOR_THREADS
    return fragment.to_table(schema=schema, columns=names, filter=rows, use_threads=is_big)


def _new_location(table: Table, partition: PartitionKey | None) -> str:
    provider = load_location_provider(table.metadata.location, table.metadata.properties)
    return provider.new_data_location(f"00000-0-{uuid4()}.parquet", partition)


def _data_file(
    table: Table,
    contract: TableContract,
    location: str,
    partition: PartitionKey | None,
    metadata: pq.FileMetaData,
    size: int,
) -> DataFile:
    properties = table.metadata.properties
    plan, mapping = _statistics_plan(contract, tuple(sorted(properties.items())))
    statistics = data_file_statistics_from_parquet_metadata(
        parquet_metadata=metadata, stats_columns=plan, parquet_column_mapping=mapping
    )
    # The sizes of all columns are half of an entry, and every scan reads them for every file.
    known = {**statistics.to_serialized_dict(), "column_sizes": {}}
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=location,
        file_format=FileFormat.PARQUET,
        partition=partition.partition if partition else Record(),
        file_size_in_bytes=size,
        sort_order_id=None,
        spec_id=table.metadata.default_spec_id,
        equality_ids=None,
        key_metadata=None,
        **known,
    )


@lru_cache(maxsize=256)
def _statistics_plan(
    contract: TableContract, properties: tuple[tuple[str, str], ...]
) -> tuple[dict[int, StatisticsCollector], dict[str, int]]:
    """Return which statistics a manifest has of which column, and the columns' numbers."""
    schema = iceberg_schema(contract)
    return compute_statistics_plan(schema, dict(properties)), parquet_path_to_id_mapping(schema)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(path, target)


def _columns(schema: Schema) -> list[tuple[int, str, str]]:
    return [(field.field_id, field.name, str(field.field_type)) for field in schema.fields]


@lru_cache(maxsize=256)
def _contract_columns(contract: TableContract) -> list[tuple[int, str, str]]:
    return _columns(iceberg_schema(contract))


def _arrow_columns(schema: pa.Schema) -> list[tuple[str, pa.DataType, bytes | None]]:
    return [(field.name, field.type, (field.metadata or {}).get(_FIELD_ID)) for field in schema]
