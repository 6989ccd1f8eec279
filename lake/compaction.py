"""Merges the data files of a partition that many writes have left, such as a season's, into few.

A write merges small files only up to a size at which replacing a weekend stays quick
(``lake/table_files.py``); this goes further, for seasons that are read more often than written. Rows stay
as they are, so digests and the ledger do too. Raw tables are never rewritten, and the lake's own books
look after themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from lake.contracts import TableContract
from lake.digests import in_order
from lake.errors import MaintenanceRefusedError
from lake.remembered import RememberedFiles
from lake.table_files import Exchange, files_in, read_file, write_files

MERGED_ROWS = 250_000
"""Most rows that one merged file holds: several seasons of laps, less than a session of telemetry."""

UNTOUCHED_ZONES = ("raw", "lake")
"""Zones that are not compacted."""


@dataclass(frozen=True)
class Merge:
    """Files of one partition that become one.

    Attributes:
        files: The files, at least two.
    """

    files: tuple[DataFile, ...]

    @property
    def row_count(self) -> int:
        """Rows in all of them."""
        return sum(int(file.record_count) for file in self.files)


def merges(table: Table, files: RememberedFiles) -> list[Merge]:
    """Return which files of a table's head become one; none where nothing is gained.

    Files of a partition are taken from the smallest on, as long as their rows fit into one file; of any two
    files that stay, the rows then do not fit, so a second look finds nothing.

    Args:
        table: The table, freshly loaded.
        files: What is remembered of manifests.
    """
    partitions: dict[Any, list[DataFile]] = defaultdict(list)
    for file in files_in(table, table.current_snapshot(), AlwaysTrue(), files):
        partitions[file.partition].append(file)
    found = (merge for held in partitions.values() for merge in _packed(held))
    return [merge for merge in found if len(merge.files) > 1]


def compacted(table: Table, contract: TableContract, files: RememberedFiles) -> Exchange:
    """Write the merged files and return what they take the place of; nothing is committed.

    Args:
        table: The table, freshly loaded.
        contract: Its contract.
        files: What is remembered of manifests.

    Raises:
        MaintenanceRefusedError: If a file holds other rows than its manifest says.
    """
    taken: list[DataFile] = []
    put: list[DataFile] = []
    for merge in merges(table, files):
        rows = merged_rows(table, contract, merge)
        put.extend(write_files(table, contract, rows))
        taken.extend(merge.files)
    return Exchange(tuple(taken), tuple(put))


def merged_rows(table: Table, contract: TableContract, merge: Merge) -> pa.Table:
    """Return the rows of the files to be merged, in file order.

    Raises:
        MaintenanceRefusedError: If a file cannot be read or holds other rows than its manifest says.
    """
    try:
        rows = pa.concat_tables([read_file(table, contract, file) for file in merge.files])
    except (OSError, pa.ArrowInvalid) as error:
        raise MaintenanceRefusedError(
            f"{contract.name}: a data file cannot be read ({error}). Nothing of this table was merged or "
            "deleted. `f1lake doctor` says how to mend it."
        ) from error
    if rows.num_rows != merge.row_count:
        raise MaintenanceRefusedError(
            f"{contract.name}: {merge.row_count} rows should be merged, {rows.num_rows} were read. Nothing "
            "was merged or deleted. `f1lake doctor` says how to mend it."
        )
    return in_order(contract, rows)


def may_be_compacted(table: Table, contract: TableContract | None) -> bool:
    """Return whether a table is one to merge files of: ours, computed, and as its contract says."""
    if contract is None or contract.zone in UNTOUCHED_ZONES:
        return False
    return set(table.schema().column_names) == set(contract.column_names)


def _packed(files: Collection[DataFile]) -> list[Merge]:
    packed: list[list[DataFile]] = []
    room = 0
    for file in sorted(files, key=lambda file: (file.record_count, file.file_path)):
        if not packed or file.record_count > room:
            packed.append([])
            room = MERGED_ROWS
        packed[-1].append(file)
        room -= file.record_count
    return [Merge(tuple(group)) for group in packed]
