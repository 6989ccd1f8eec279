"""Looks after a lake: forgets snapshots that no kept release needs, deletes files that nothing refers to.

Merging small files is part of writing and not done here. Data files of the raw zone are never deleted.
The caller holds the writer lock and has rolled forward, so no decided step needs anything deleted here;
files that a step of another machine is writing are protected by their age.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pyarrow.fs import FileSelector, FileType
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import Table

from lake.books import Books
from lake.committing import expendable_snapshots
from lake.errors import MaintenanceRefusedError
from lake.releases import TableVersion
from lake.step import RAW
from lake.store import Store
from lake.transactions import forget_snapshots


@dataclass(frozen=True)
class TableMaintenance:
    """What was done for one table.

    Attributes:
        name: The table.
        expired_snapshots: Snapshots forgotten.
        deleted_files: Files deleted.
        deleted_bytes: Their size.
    """

    name: str
    expired_snapshots: int
    deleted_files: int
    deleted_bytes: int


@dataclass(frozen=True)
class _StoredFile:
    location: str
    byte_count: int
    modified_at: datetime


def maintain(store: Store, books: Books, *, dry_run: bool) -> list[TableMaintenance]:
    """Return what was done for each table, those left out for which there was nothing to do.

    Args:
        store: The lake's tables.
        books: The releases, which say what is still needed.
        dry_run: Whether only to say what would be done.
    """
    done = [_maintain_table(store, books, name, dry_run=dry_run) for name in _names(store, books)]
    return [table for table in done if table.expired_snapshots or table.deleted_files]


def _names(store: Store, books: Books) -> list[str]:
    listed = (name for release in books.releases() for name in release.changed_tables)
    return sorted({*store.locations(), *store.contracts, *listed})


def _maintain_table(store: Store, books: Books, name: str, *, dry_run: bool) -> TableMaintenance:
    versions = books.kept_versions(name)
    table = store.load(name)
    expired: list[int] = []
    if table is not None:
        expired = expendable_snapshots(table, [version.snapshot_id for version in versions], spare=0)
        if expired and not dry_run:
            forget_snapshots(table, expired)
    needed = _needed_files(store, table, expired, versions)
    stored = _stored_files(store, name)
    _require_all_found(name, needed, stored)
    oldest = datetime.now(UTC) - store.settings.orphan_age
    logged = () if table is None else (entry.metadata_file for entry in table.metadata.metadata_log)
    needed.update(logged)
    orphans = [
        file
        for file in stored
        if file.location not in needed and file.modified_at < oldest and _may_go(name, file)
    ]
    if not dry_run:
        io = _file_io(store)
        for file in orphans:
            io.delete(file.location)
    return TableMaintenance(name, len(expired), len(orphans), sum(file.byte_count for file in orphans))


def _require_all_found(name: str, needed: Collection[str], stored: Collection[_StoredFile]) -> None:
    """Refuse to delete anything where the listing does not show what the metadata names."""
    found = {file.location for file in stored}
    if missing := sorted(location for location in needed if location not in found):
        raise MaintenanceRefusedError(
            f"{name}: {len(missing)} files that its metadata names are not in its folder, such as "
            f"{missing[0]}. Nothing of this table was deleted. Restore the files, or drop and rebuild it."
        )


def _may_go(name: str, file: _StoredFile) -> bool:
    """Return whether a file may be deleted at all: of raw tables only metadata, never data."""
    return not name.startswith(f"{RAW}.") or "/metadata/" in file.location


def _needed_files(
    store: Store, table: Table | None, expired: Collection[int], versions: Collection[TableVersion]
) -> set[str]:
    """Return every file that the current table or a kept release refers to."""
    needed: set[str] = {version.metadata_location for version in versions}
    snapshots = {version.snapshot_id: store.at(version.metadata_location) for version in versions}
    if table is not None:
        needed.add(table.metadata_location)
        kept = (snapshot.snapshot_id for snapshot in table.metadata.snapshots)
        snapshots.update({snapshot_id: table for snapshot_id in kept if snapshot_id not in expired})
    read: set[str] = set()
    for snapshot_id, holder in snapshots.items():
        needed.update(_files_of_snapshot(holder, snapshot_id, read))
    return needed


def _files_of_snapshot(table: Table, snapshot_id: int, read: set[str]) -> Iterator[str]:
    snapshot = table.snapshot_by_id(snapshot_id)
    if snapshot is None:
        return
    yield snapshot.manifest_list
    for manifest in snapshot.manifests(table.io):
        yield manifest.manifest_path
        if manifest.manifest_path not in read:
            read.add(manifest.manifest_path)
            entries = manifest.fetch_manifest_entry(table.io, discard_deleted=True)
            yield from (entry.data_file.file_path for entry in entries)


def _stored_files(store: Store, name: str) -> list[_StoredFile]:
    scheme, netloc, path = PyArrowFileIO.parse_location(store.location_of(name))
    files = _file_io(store).fs_by_scheme(scheme, netloc)
    prefix = f"{scheme}://" if scheme else ""
    return [
        _StoredFile(f"{prefix}{found.path}", int(found.size), found.mtime)
        for found in files.get_file_info(FileSelector(path, allow_not_found=True, recursive=True))
        if found.type is FileType.File
    ]


def _file_io(store: Store) -> PyArrowFileIO:
    return PyArrowFileIO(dict(store.catalog.properties))
