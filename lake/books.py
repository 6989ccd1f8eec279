"""Stores the lake's own books: the ledger in ``lake.writes``, the releases in ``lake.releases``.

Both are read from memory as long as nobody else has written them, and both stay small: superseded
writes are dropped once a few files have piled up, and only kept releases carry their tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from lake.committing import Commit, commit_once
from lake.contracts import TableContract
from lake.data_files import fits_table, read_data_file
from lake.filters import scope_rows
from lake.ledger import Ledger, Write, writes_from_rows, writes_to_rows
from lake.releases import (
    Release,
    TableVersion,
    UnnumberedRelease,
    kept_releases,
    releases_from_rows,
    releases_to_rows,
    without_tables,
)
from lake.scopes import ALL
from lake.store import Store
from lake.table_files import Exchange, StagedRows, append_rows, files_in, replace_rows, to_contract
from lake.tables.lake_releases import LAKE_RELEASES
from lake.tables.lake_writes import LAKE_WRITES

_FILES_BEFORE_COMPACTION = 16


class Books:
    """The ledger and the releases of one lake."""

    def __init__(self, store: Store) -> None:
        """Read nothing yet.

        Args:
            store: The lake's tables.
        """
        self._store = store
        self._ledger: tuple[str | None, Ledger] = (None, Ledger())
        self._releases: tuple[str | None, tuple[Release, ...]] = (None, ())

    def ledger(self) -> Ledger:
        """Return the newest write of every scope, as it is now."""
        location = self._store.locations().get(LAKE_WRITES.name)
        known_at, ledger = self._ledger
        if location != known_at:
            added = self._added_writes(known_at, location)
            if added is None:
                ledger = Ledger(writes_from_rows(_rows(self._store, location, LAKE_WRITES)))
            else:
                ledger = ledger.extended(writes_from_rows(added))
            self._ledger = (location, ledger)
        return ledger

    def _added_writes(self, known_at: str | None, location: str | None) -> pa.Table | None:
        """Return the rows that others have added to the ledger since we read it; null where more has changed.

        A ledger of many seasons takes a second to read, and of two backfills each would read it after every
        commit of the other.
        """
        if known_at is None or location is None:
            return None
        table = self._store.at(location)
        try:
            before = {file.file_path for file in self._files(self._store.at(known_at))}
        except FileNotFoundError:  # what we knew has been forgotten
            return None
        now = self._files(table)
        if not before <= {file.file_path for file in now} or not fits_table(table, LAKE_WRITES):
            return None
        rows = [to_contract(LAKE_WRITES, pa.table({}))]
        for file in now:
            if file.file_path not in before:
                part = read_data_file(table, LAKE_WRITES, file)
                if part is None:
                    return None
                rows.append(to_contract(LAKE_WRITES, part))
        return pa.concat_tables(rows)

    def _files(self, table: Table) -> list[DataFile]:
        return files_in(table, table.current_snapshot(), AlwaysTrue(), self._store.catalog.files)

    def releases(self) -> tuple[Release, ...]:
        """Return the releases, oldest first, as they are now."""
        location = self._store.locations().get(LAKE_RELEASES.name)
        if location != self._releases[0]:
            rows = _rows(self._store, location, LAKE_RELEASES)
            self._releases = (location, tuple(releases_from_rows(rows)))
        return self._releases[1]

    def kept(self) -> list[Release]:
        """Return the releases that stay readable, oldest first."""
        return kept_releases(self.releases(), self._store.settings, datetime.now(UTC))

    def needed_snapshots(self, table: str) -> set[int]:
        """Return the snapshots of a table that kept releases need."""
        return {version.snapshot_id for version in self.kept_versions(table)}

    def kept_versions(self, table: str) -> list[TableVersion]:
        """Return the versions of a table that kept releases name."""
        maps = [release.tables for release in self.kept() if release.tables is not None]
        return [tables[table] for tables in maps if table in tables]

    def next_time(self) -> datetime:
        """Return the present, or just after the newest entry where clocks disagree."""
        latest = [self.ledger().latest, *(release.created_at for release in self.releases()[-1:])]
        later = (moment + timedelta(microseconds=1) for moment in latest if moment is not None)
        return max([datetime.now(UTC), *later])

    def record_writes(self, step_id: str, writes: Sequence[Write]) -> Table:
        """Add a step's writes to the ledger, once, and return the ledger's table."""
        ledger = self.ledger()

        def exchange(table: Table) -> Exchange:
            if _file_count(table) < _FILES_BEFORE_COMPACTION:
                return append_rows(table, LAKE_WRITES, writes_to_rows(writes))
            newest = Ledger([*self.ledger(), *writes])
            return replace_rows(
                table, LAKE_WRITES, scope_rows(LAKE_WRITES, [ALL]), StagedRows(writes_to_rows(newest))
            )

        table, is_ours = self._commit(LAKE_WRITES, step_id, exchange, self.needed_snapshots(LAKE_WRITES.name))
        if is_ours:
            ledger.extend(writes)
            self._ledger = (table.metadata_location, ledger)
        return table

    def record_release(self, release: UnnumberedRelease) -> Release:
        """Add a release, once, after the newest one, and return it with its number."""
        listed: list[Release] = []

        def exchange(table: Table) -> Exchange:
            known = self.releases()
            extended = [*known, release.after(known[-1] if known else None)]
            kept = kept_releases(extended, self._store.settings, release.created_at)
            listed[:] = without_tables(extended, kept)
            rows = StagedRows(releases_to_rows(listed))
            return replace_rows(table, LAKE_RELEASES, scope_rows(LAKE_RELEASES, [ALL]), rows)

        table, is_ours = self._commit(LAKE_RELEASES, release.step_id, exchange, ())
        if is_ours:
            self._releases = (table.metadata_location, tuple(listed))
        return next(known for known in reversed(self.releases()) if known.step_id == release.step_id)

    def _commit(
        self,
        contract: TableContract,
        step_id: str,
        exchange: Callable[[Table], Exchange],
        needed: Collection[int],
    ) -> tuple[Table, bool]:
        """Commit to a book; also return whether what we knew of it before is what we built upon."""
        before = self._store.locations().get(contract.name)
        watched = scope_rows(contract, [ALL]).rows
        table = commit_once(self._store, Commit(contract, step_id, exchange, watched, needed))
        head = table.current_snapshot()
        parent = head.parent_snapshot_id if head is not None else None
        known = None if before is None else self._store.at(before).metadata.current_snapshot_id
        return table, table.metadata_location != before and parent == known


def _rows(store: Store, location: str | None, contract: TableContract) -> pa.Table:
    if location is None:
        return to_contract(contract, pa.table({}))
    return to_contract(contract, store.at(location).scan().to_arrow())


def _file_count(table: Table) -> int:
    head = table.current_snapshot()
    return 0 if head is None or head.summary is None else int(head.summary["total-data-files"] or 0)
