"""Backs up a local lake: the newest release, whole, while others go on writing.

Files of a release never change, and are deleted only by maintenance, which waits for a backup. So nobody
has to stop: the release that was the newest when the backup began is what it holds. The form of a backup
is ``lake/backup_files.py``; docs/decisions/0005 says why it can be restored elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lake.backup_files import BackupFile, BackupList, BackupTarget, OnBytes, list_text, new_backup
from lake.catalog import local_path
from lake.errors import BackupRefusedError
from lake.reading import Reader
from lake.releases import Release, TableVersion, releases_to_rows
from lake.table_folders import snapshot_files

TABLES = "tables"
"""Folder of the tables under a local lake's home."""


@dataclass(frozen=True)
class BackupOptions:
    """What a backup holds besides the tables.

    Attributes:
        made_by: Version of the program.
        databases: SQLite files under the home, such as the history of runs; copied as one moment saw them.
        on_bytes: Told how far it has come.
    """

    made_by: str
    databases: Collection[Path] = ()
    on_bytes: OnBytes = lambda _path, _done, _total: None


def back_up(reader: Reader, target: Path, options: BackupOptions) -> BackupList:
    """Write the newest release to a new folder or tar file, and return what it holds.

    Args:
        reader: Reads the lake; the caller holds the lock under which no file is deleted.
        target: A path ending in ``.tar`` for one file, any other for a folder; not there yet.
        options: What else goes into it.

    Raises:
        BackupRefusedError: If the lake is not a local one, has no release, or the target cannot be used.
    """
    home = reader.store.settings.home.absolute()
    release = _release(reader)
    if target.absolute().is_relative_to(home):
        raise BackupRefusedError(f"{target} lies inside the lake's own folder: choose a place outside {home}")
    versions = dict(release.tables or {})
    paths = _paths(reader, versions, home)
    total = sum((home / path).stat().st_size for path in paths)
    total += sum(database.stat().st_size for database in options.databases)
    counted = _Counted(options.on_bytes, total)
    with new_backup(target) as backup:
        files = [backup.add(path, home / path, counted.told(path)) for path in paths]
        files += _databases(backup, home, options.databases, counted)
        held = BackupList(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            made_by=options.made_by,
            home=str(home),
            release_id=release.release_id,
            tables={name: _described(reader, version, home) for name, version in sorted(versions.items())},
            releases=tuple(_releases(reader, release)),
            files=tuple(files),
        )
        backup.add_list(list_text(held))
    return held


class _Counted:
    """Adds up the bytes of all files."""

    def __init__(self, on_bytes: OnBytes, total: int) -> None:
        self._on_bytes = on_bytes
        self._total = total
        self._done = 0

    def told(self, path: str) -> _Told:
        return _Told(self, path)

    def add(self, path: str, count: int) -> None:
        self._done += count
        self._on_bytes(path, self._done, max(self._done, self._total))


@dataclass(frozen=True)
class _Told:
    counted: _Counted
    path: str

    def __call__(self, count: int) -> None:
        self.counted.add(self.path, count)


def _release(reader: Reader) -> Release:
    kind = reader.store.settings.catalog
    if kind != "local":
        raise BackupRefusedError(
            f"a lake with the catalog {kind!r} is backed up with its own tools: dump the catalog's database "
            "first, then copy the warehouse; files that the dump names are never changed"
        )
    release = reader.release("newest")
    if release is None or release.tables is None:
        raise BackupRefusedError("there is nothing to back up: nothing was ever written to this lake")
    return release


def _paths(reader: Reader, versions: Mapping[str, TableVersion], home: Path) -> list[str]:
    """Return the path under the home of every file of a release, metadata before data.

    Metadata files are deleted by later commits, some thirty of them on, so they are copied at once.
    """
    store = reader.store
    metadata: list[str] = []
    data: list[str] = []
    for version in versions.values():
        table = store.at(version.metadata_location)
        metadata.append(_path(version.metadata_location, home))
        for location in snapshot_files(store, table, version.snapshot_id):
            (metadata if "/metadata/" in location else data).append(_path(location, home))
    return [*metadata, *dict.fromkeys(data)]


def _path(location: str, home: Path) -> str:
    path = local_path(location)
    if path is None or not path.is_relative_to(home / TABLES):
        raise BackupRefusedError(
            f"the lake names {location}, which is not in {home / TABLES}: `f1lake doctor` says what is wrong"
        )
    if not path.is_file():
        raise BackupRefusedError(f"{path} is missing: `f1lake doctor` says how to mend the lake")
    return path.relative_to(home).as_posix()


def _described(reader: Reader, version: TableVersion, home: Path) -> dict[str, Any]:
    snapshot = reader.store.at(version.metadata_location).snapshot_by_id(version.snapshot_id)
    rows = None if snapshot is None or snapshot.summary is None else snapshot.summary["total-records"]
    return {
        "metadata": _path(version.metadata_location, home),
        "snapshot_id": version.snapshot_id,
        "row_count": int(rows or 0),
    }


def _releases(reader: Reader, newest: Release) -> Iterator[dict[str, Any]]:
    for release in reader.books.releases():
        if release.release_id <= newest.release_id:
            (row,) = releases_to_rows([replace(release, tables=None)]).to_pylist()
            yield {**row, "created_at": row["created_at"].isoformat()}


def _databases(
    backup: BackupTarget, home: Path, databases: Collection[Path], counted: _Counted
) -> Iterator[BackupFile]:
    """Copy SQLite files as they are at one moment, also while others write to them."""
    for database in sorted(databases):
        path = database.relative_to(home).as_posix()
        with TemporaryDirectory() as folder:
            copy = Path(folder) / database.name
            with (
                closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as written,
            ):
                source.backup(written)
            yield backup.add(path, copy, counted.told(path))
