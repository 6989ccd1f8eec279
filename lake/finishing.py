"""Carries a decided plan to its end: each table once, then the ledger, then the release.

Every part looks first whether it is done already, so the same plan can be carried out again from any
point at which a process died. The caller holds the writer lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.table import Table

from lake.books import Books
from lake.committing import Commit, commit_once
from lake.compaction import compacted
from lake.digests import in_order
from lake.filters import RowSelection, scope_rows, weekend_rows
from lake.ledger import Write
from lake.plans import Plan, TableWrite
from lake.releases import Release, TableVersion, UnnumberedRelease
from lake.scopes import weekend_of_scope
from lake.staging import read_rows
from lake.store import Store
from lake.table_files import Exchange, StagedRows, append_new_rows, replace_rows, to_contract
from lake.tables.lake_writes import LAKE_WRITES

Checkpoint = Callable[[str], None]
"""Told after each part of a commit; tests stop the process there."""

RowsOf = Callable[[TableWrite], StagedRows]
"""Returns the staged rows of one table's commit, in file order, and their file."""


@dataclass(frozen=True)
class Finished:
    """What a finished plan made.

    Attributes:
        release: The release.
        snapshots: Table to the snapshot that holds its rows; null where it has none.
    """

    release: Release
    snapshots: dict[str, int | None]


def finish(store: Store, books: Books, plan: Plan, rows_of: RowsOf, checkpoint: Checkpoint) -> Finished:
    """Commit what is not committed yet of a plan.

    Args:
        store: The lake's tables.
        books: The ledger and the releases.
        plan: The plan, decided.
        rows_of: Gives the rows of a table's commit; asked only where they are still to be committed.
        checkpoint: Told after each part.
    """
    versions: dict[str, TableVersion] = {}
    snapshots: dict[str, int | None] = {}
    for write in plan.tables:
        name = write.contract.name
        if write.mode == "confirm":
            continue
        snapshots[name] = None
        if write.mode == "drop":
            _drop(store, name)
        elif write.mode != "forget":
            table = _commit_table(store, books, plan, write, rows_of)
            snapshots[name] = table.metadata.current_snapshot_id
            versions.update(_versions(name, table))
        checkpoint(f"table {name}")
    ledger = books.record_writes(plan.step_id, _writes(plan, snapshots))
    versions.update(_versions(LAKE_WRITES.name, ledger))
    checkpoint("writes")
    release = books.record_release(_release(plan, versions))
    checkpoint("release")
    return Finished(release, snapshots)


def _release(plan: Plan, versions: dict[str, TableVersion]) -> UnnumberedRelease:
    return UnnumberedRelease(
        step_id=plan.step_id,
        run_id=plan.run_id,
        step=plan.step,
        weekend_key=plan.weekend_key,
        created_at=plan.created_at,
        versions=versions,
        dropped=frozenset(write.contract.name for write in plan.tables if write.mode == "drop"),
    )


def staged_rows(folder: Path) -> RowsOf:
    """Return the reader of a step's staged files."""

    def rows_of(write: TableWrite) -> StagedRows:
        files = [scope.file for scope in write.scopes if scope.file is not None]
        parts = [to_contract(write.contract, read_rows(folder, file)) for file in files]
        return joined_rows(write, parts, folder)

    return rows_of


def joined_rows(write: TableWrite, parts: Sequence[pa.Table], folder: Path) -> StagedRows:
    """Return the rows of a commit as one table, and their file where they have just one.

    Args:
        write: The commit.
        parts: Rows of each of its scopes.
        folder: The step's folder.
    """
    files = [scope.file for scope in write.scopes if scope.file is not None]
    if not files:
        return StagedRows(to_contract(write.contract, pa.table({})), None)
    if len(parts) == 1:
        return StagedRows(parts[0], folder / files[0])
    return StagedRows(in_order(write.contract, pa.concat_tables(parts)), None)


def _commit_table(store: Store, books: Books, plan: Plan, write: TableWrite, rows_of: RowsOf) -> Table:
    contract = write.contract
    selection = _selection(write)

    def exchange(table: Table) -> Exchange:
        if write.mode == "compact":
            return compacted(table, contract, store.catalog.files)
        if selection is None:
            return append_new_rows(table, contract, rows_of(write))
        return replace_rows(table, contract, selection, rows_of(write))

    watched = None if selection is None else selection.rows
    return commit_once(
        store, Commit(contract, plan.step_id, exchange, watched, books.needed_snapshots(contract.name))
    )


def _selection(write: TableWrite) -> RowSelection | None:
    if write.mode == "append":
        return None
    if write.mode == "compact":
        return RowSelection(None, (), AlwaysTrue())
    if write.mode == "remove_weekend":
        return weekend_rows(write.contract, str(write.weekend_key))
    return scope_rows(write.contract, write.scope_values)


def _drop(store: Store, name: str) -> None:
    try:
        store.catalog.drop_table(name)
    except NoSuchTableError:
        # Dropped before the process died; the files stay until maintenance finds no release needs them.
        return


def _versions(name: str, table: Table) -> dict[str, TableVersion]:
    head = table.metadata.current_snapshot_id
    return {} if head is None else {name: TableVersion(head, table.metadata_location)}


def _writes(plan: Plan, snapshots: dict[str, int | None]) -> list[Write]:
    return [
        Write(
            step_id=plan.step_id,
            run_id=plan.run_id,
            step=plan.step,
            table_name=write.contract.name,
            scope_value=scope.scope_value,
            weekend_key=weekend_of_scope(write.contract, scope.scope_value),
            recipe_digest=scope.recipe_digest,
            rows_digest=scope.rows_digest,
            row_count=scope.row_count,
            inputs=scope.inputs,
            logic_version=scope.logic_version,
            contract_version=write.contract.version,
            snapshot_id=scope.snapshot_id if write.mode == "confirm" else snapshots[write.contract.name],
            written_at=plan.created_at,
        )
        for write in plan.tables
        for scope in write.scopes
    ]
