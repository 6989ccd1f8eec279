"""Looks after a lake: merges files by partition, forgets snapshots no kept release needs, deletes orphans.

Data files of the raw zone are never merged or deleted. The caller holds the writer lock and has rolled
forward, so no decided step needs anything deleted here; files that a step of another machine is writing
are protected by their age. A table whose files are not all there is left alone, and named.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pyiceberg.table import Table

from lake.books import Books
from lake.committing import expendable_snapshots
from lake.compaction import Merge, may_be_compacted, merged_rows, merges
from lake.errors import LakeMovedError, MaintenanceRefusedError
from lake.plans import TableWrite
from lake.releases import TableVersion, kept_releases
from lake.step import RAW
from lake.store import Store
from lake.table_folders import StoredFile, file_io, snapshot_files, stored_files
from lake.transactions import forget_snapshots

_logger = logging.getLogger(__name__)

OnTable = Callable[[str, int, int], None]
"""Told before each part: what is done, its number from 1, how many there are."""


@dataclass(frozen=True)
class TableMaintenance:
    """What was done for one table, or would be.

    Attributes:
        name: The table.
        merged_files: Data files merged into others; they stay on disk while a kept release reads them.
        new_files: Data files that took their place.
        expired_snapshots: Snapshots forgotten.
        deleted_files: Files deleted.
        deleted_bytes: Their size.
    """

    name: str
    merged_files: int = 0
    new_files: int = 0
    expired_snapshots: int = 0
    deleted_files: int = 0
    deleted_bytes: int = 0

    @property
    def is_anything(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.merged_files or self.expired_snapshots or self.deleted_files)


@dataclass(frozen=True)
class MaintenanceReport:
    """What maintenance did, or would do.

    Attributes:
        tables: Tables for which there was something to do, by name.
        refusals: One sentence per table that was left alone because something of it is missing.
    """

    tables: tuple[TableMaintenance, ...]
    refusals: tuple[str, ...] = ()


@dataclass
class Maintenance:
    """One round of maintenance; the caller holds the writer lock.

    Attributes:
        store: The lake's tables.
        books: The releases, which say what is still needed.
        is_dry: Whether only to say what would be done.
        orphan_age: Files that nothing refers to are deleted once they are older.
        on_table: Told how far it has come.
    """

    store: Store
    books: Books
    is_dry: bool
    orphan_age: timedelta
    on_table: OnTable

    def run(self, carry_out: Callable[[list[TableWrite]], object]) -> MaintenanceReport:
        """Merge, forget and delete; return what was done.

        Args:
            carry_out: Commits the merges of all tables as one release.
        """
        names = self._names()
        found: dict[str, list[Merge]] = {}
        snapshots: dict[str, int] = {}
        for number, name in enumerate(names, start=1):
            self.on_table(f"looking at {name}", number, 2 * len(names))
            table = self._load(name)
            if table is not None:
                snapshots[name] = len(table.metadata.snapshots)
                found[name] = self._merges_of(name, table)
        merged = [name for name, merge in found.items() if merge]
        if merged and not self.is_dry:
            carry_out([TableWrite(self.store.contracts[name], "compact", ()) for name in merged])
        kept = self._kept(merged)
        done, refusals = [], []
        for number, name in enumerate(names, start=1):
            self.on_table(f"tidying up {name}", len(names) + number, 2 * len(names))
            try:
                done.append(self._tidy(name, found.get(name, []), snapshots.get(name, 0), kept))
            except (MaintenanceRefusedError, LakeMovedError) as error:
                refusals.append(str(error))
        return MaintenanceReport(tuple(table for table in done if table.is_anything), tuple(refusals))

    def _names(self) -> list[str]:
        listed = (name for release in self.books.releases() for name in release.changed_tables)
        return sorted({*self.store.locations(), *self.store.contracts, *listed})

    def _load(self, name: str) -> Table | None:
        try:
            return self.store.load(name)
        except LakeMovedError:
            # Refused, and named, when the table's turn to be tidied up comes.
            return None

    def _merges_of(self, name: str, table: Table) -> list[Merge]:
        """Return what can be merged of a table; nothing of one that is not whole."""
        contract = self.store.contracts.get(name)
        if contract is None or not may_be_compacted(table, contract):
            return []
        try:
            found = merges(table, self.store.catalog.files)
            if found and not self.is_dry:
                # Read what the commit reads again: a plan that cannot be finished would stop every writer.
                self._require_whole(name, table, None, stored_files(self.store, name))
                for merge in found:
                    merged_rows(table, contract, merge)
        except MaintenanceRefusedError as error:
            _logger.warning("%s", error)
            return []
        return found

    def _kept(self, merged: Collection[str]) -> list[Mapping[str, TableVersion]]:
        """Return the tables of every kept release, also as they will be once merges have a release."""
        releases = self.books.kept()
        if self.is_dry and merged and releases:
            newest = releases[-1]
            tables = {name: found for name, found in (newest.tables or {}).items() if name not in merged}
            planned = replace(newest, created_at=datetime.now(UTC), tables=tables)
            releases = kept_releases(
                [*self.books.releases(), planned], self.store.settings, planned.created_at
            )
        return [release.tables for release in releases if release.tables is not None]

    def _tidy(
        self,
        name: str,
        found: Sequence[Merge],
        snapshot_count: int,
        kept: Sequence[Mapping[str, TableVersion]],
    ) -> TableMaintenance:
        versions = [tables[name] for tables in kept if name in tables]
        table = self.store.load(name)
        expired: list[int] = []
        if table is not None:
            expired = expendable_snapshots(table, [version.snapshot_id for version in versions], spare=0)
        stored = stored_files(self.store, name)
        self._require_whole(name, table, kept[-1].get(name) if kept else None, stored)
        needed = self._needed(name, table, expired, versions)
        if table is not None and expired and not self.is_dry:
            forget_snapshots(table, expired)
            needed.add(table.metadata_location)
        orphans = self._orphans(name, table, needed, stored)
        # Committing a merge forgets snapshots too.
        were_there = snapshot_count + (1 if found and not self.is_dry else 0)
        stay = 0 if table is None else len(table.metadata.snapshots) - (len(expired) if self.is_dry else 0)
        return TableMaintenance(
            name=name,
            merged_files=sum(len(merge.files) for merge in found),
            new_files=len(found),
            expired_snapshots=were_there - stay,
            deleted_files=len(orphans),
            deleted_bytes=sum(file.byte_count for file in orphans),
        )

    def _orphans(
        self, name: str, table: Table | None, needed: Collection[str], stored: Collection[StoredFile]
    ) -> list[StoredFile]:
        """Delete the files of a table that nothing refers to and that are old; return them."""
        logged = () if table is None else (entry.metadata_file for entry in table.metadata.metadata_log)
        staying = {*needed, *logged}
        oldest = datetime.now(UTC) - self.orphan_age
        orphans = [
            file
            for file in stored
            if file.location not in staying and file.modified_at < oldest and _may_go(name, file)
        ]
        if not self.is_dry:
            io = file_io(self.store)
            for file in orphans:
                io.delete(file.location)
        return orphans

    def _require_whole(
        self, name: str, table: Table | None, newest: TableVersion | None, stored: Collection[StoredFile]
    ) -> None:
        """Refuse to touch a table where the listing does not show what its head and newest release name."""
        found = {file.location for file in stored}
        needed: set[str] = set()
        try:
            if newest is not None:
                needed |= {newest.metadata_location, *self._files(self.store.at(newest.metadata_location))}
            if table is not None:
                needed |= {table.metadata_location, *self._files(table)}
        except FileNotFoundError as error:
            raise _refused(name, 1, str(error)) from error
        if missing := sorted(needed - found):
            raise _refused(name, len(missing), missing[0])

    def _files(self, table: Table) -> Iterator[str]:
        head = table.metadata.current_snapshot_id
        return iter(()) if head is None else snapshot_files(self.store, table, head)

    def _needed(
        self, name: str, table: Table | None, expired: Collection[int], versions: Collection[TableVersion]
    ) -> set[str]:
        """Return every file that a kept snapshot or a kept release refers to.

        An older release that has lost files of its own, since replaced, is not in the way.
        """
        needed: set[str] = {version.metadata_location for version in versions}
        snapshots: dict[int, Table] = {}
        for version in versions:
            with _told_of_loss(name):
                snapshots[version.snapshot_id] = self.store.at(version.metadata_location)
        if table is not None:
            needed.add(table.metadata_location)
            staying = (snapshot.snapshot_id for snapshot in table.metadata.snapshots)
            snapshots.update({snapshot_id: table for snapshot_id in staying if snapshot_id not in expired})
        for snapshot_id, holder in snapshots.items():
            with _told_of_loss(name):
                needed.update(snapshot_files(self.store, holder, snapshot_id))
        return needed


@contextmanager
def _told_of_loss(name: str) -> Iterator[None]:
    """Say of what an older snapshot has lost, and go on."""
    try:
        yield
    except (FileNotFoundError, LakeMovedError) as error:
        _logger.warning("%s: an older state of it cannot be read any more: %s", name, error)


def _refused(name: str, count: int, example: str) -> MaintenanceRefusedError:
    return MaintenanceRefusedError(
        f"{name}: {count} file(s) that its metadata names are not in its folder, such as {example}. "
        "Nothing of this table was merged or deleted. `f1lake doctor` says how to mend it."
    )


def _may_go(name: str, file: StoredFile) -> bool:
    """Return whether a file may be deleted at all: of raw tables only metadata, never data."""
    return not name.startswith(f"{RAW}.") or "/metadata/" in file.location
