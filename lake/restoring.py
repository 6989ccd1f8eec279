"""Makes a lake of a backup, in the same folder or in another, complete or not at all.

Every file is compared with its digest while it is copied. Iceberg's own files name absolute paths, so they
are written anew for the place (``lake/relocation.py``); data files stay as they are. The file that makes
the folder a lake is written last.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

import pyarrow as pa
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.serializers import FromInputFile

from lake.backup import TABLES
from lake.backup_files import BackupList, BackupSource, OnBytes, copy_hashed, open_backup
from lake.committing import Commit, commit_once
from lake.errors import BackupDamagedError, RestoreRefusedError
from lake.filters import scope_rows
from lake.marker import RESTORING, write_marker
from lake.releases import TableVersion, releases_from_rows, releases_to_rows
from lake.relocation import relocate
from lake.scopes import ALL
from lake.settings import LakeSettings
from lake.store import Store
from lake.table_files import StagedRows, replace_rows
from lake.tables.lake_releases import LAKE_RELEASES

_SPARE_BYTES = 64 * 1024**2


def restore(path: Path, home: Path, on_bytes: OnBytes = lambda _path, _done, _total: None) -> BackupList:
    """Make a lake of a backup and return what it holds.

    Args:
        path: The backup, folder or tar file.
        home: Folder of the new lake: absent or empty.
        on_bytes: Told how far it has come.

    Raises:
        BackupRefusedError: If it is no backup, or a newer program made it.
        BackupDamagedError: If a file is missing or is not what was backed up; nothing is left behind.
        RestoreRefusedError: If the folder holds anything, or the disk has not enough room.
    """
    home = home.absolute()
    with open_backup(path) as (held, source):
        _require_empty(home)
        _require_room(home, held)
        work = home / RESTORING
        work.mkdir(parents=True)
        try:
            _extract(source, held, work, on_bytes)
            (work / TABLES).rename(home / TABLES)
            versions = _relocate_tables(held, home)
            _write_catalog(held, versions, work, home)
            _move_up(work, home)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            shutil.rmtree(home / TABLES, ignore_errors=True)
            home.rmdir()
            raise
    write_marker(home)
    work.rmdir()
    return held


def verify(path: Path, on_bytes: OnBytes = lambda _path, _done, _total: None) -> BackupList:
    """Read every file of a backup and compare it with its digest; return what it holds.

    Raises:
        BackupRefusedError: If it is no backup, or a newer program made it.
        BackupDamagedError: If a file is missing or is not what was backed up.
    """
    with open_backup(path) as (held, source):
        _extract(source, held, None, on_bytes)
    return held


def _require_empty(home: Path) -> None:
    if (home / RESTORING).exists():
        raise RestoreRefusedError(f"a restore into {home} was cut off: delete that folder, then try again")
    if home.exists() and any(home.iterdir()):
        raise RestoreRefusedError(
            f"{home} is not empty, and a restore never overwrites: name another folder with --home, or move "
            "this one away first"
        )


def _require_room(home: Path, held: BackupList) -> None:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < held.byte_count + _SPARE_BYTES:
        raise RestoreRefusedError(
            f"{home} has room for {free / 1e9:.1f} GB, and the backup holds {held.byte_count / 1e9:.1f} GB: "
            "free space, or name another folder with --home"
        )


def _extract(source: BackupSource, held: BackupList, work: Path | None, on_bytes: OnBytes) -> None:
    """Copy every file, or only read it, and compare it with its digest."""
    done = 0
    for file in held.files:

        def told(count: int, path: str = file.path) -> None:
            nonlocal done
            done += count
            on_bytes(path, done, held.byte_count)

        target = Path("/dev/null") if work is None else work / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with source.open(file.path) as read, target.open("wb") as written:
                found = copy_hashed(read, written, told)
        except FileNotFoundError as error:
            raise BackupDamagedError(f"the backup lacks {file.path}, which its list names") from error
        if found != (file.byte_count, file.sha256):
            raise BackupDamagedError(
                f"{file.path} is not what was backed up: {found[0]} bytes with SHA-256 {found[1]}, and "
                f"{file.byte_count} with {file.sha256} should be there. Use another backup."
            )


def _relocate_tables(held: BackupList, home: Path) -> dict[str, TableVersion]:
    """Write the metadata of every table for its new place; the old metadata files go."""
    io = PyArrowFileIO({})
    old, new = f"file://{held.home}/{TABLES}", f"file://{home}/{TABLES}"

    def move(location: str) -> str:
        if not location.startswith(f"{old}/"):
            raise BackupDamagedError(f"the backup names {location}, which was not in {old}")
        return f"{new}/{location.removeprefix(f'{old}/')}"

    versions = {}
    for name, described in held.tables.items():
        copied = FromInputFile.table_metadata(io.new_input(f"file://{home}/{described['metadata']}"))
        location = relocate(io, copied, described["snapshot_id"], move)
        versions[name] = TableVersion(described["snapshot_id"], location)
    for file in held.files:
        if PurePosixPath(file.path).parts[0] == TABLES and "/metadata/" in file.path:
            (home / file.path).unlink()
    return versions


def _write_catalog(held: BackupList, versions: Mapping[str, TableVersion], work: Path, home: Path) -> None:
    """Make the catalog, still in the work folder, with every table and the list of releases."""
    settings = LakeSettings(
        home=work,
        catalog="sql",
        uri=f"sqlite:///{work / 'catalog.db'}",
        warehouse=f"file://{home / TABLES}",
    )
    store = Store(settings, {LAKE_RELEASES.name: LAKE_RELEASES})
    try:
        for name, version in versions.items():
            store.catalog.create_namespace_if_not_exists(name.split(".", 1)[0])
            store.catalog.register_table(name, version.metadata_location)
        rows = _releases(held, versions)
        selection = scope_rows(LAKE_RELEASES, [ALL])
        commit_once(
            store,
            Commit(
                LAKE_RELEASES,
                "restore",
                lambda table: replace_rows(table, LAKE_RELEASES, selection, StagedRows(rows)),
                selection.rows,
            ),
        )
    finally:
        store.close()


def _releases(held: BackupList, versions: Mapping[str, TableVersion]) -> pa.Table:
    """Return the rows of ``lake.releases``: the restored one has tables, those before are only listed."""
    schema = releases_to_rows(()).schema
    listed = [{**row, "created_at": datetime.fromisoformat(row["created_at"])} for row in held.releases]
    releases = releases_from_rows(pa.Table.from_pylist(listed, schema=schema))
    return releases_to_rows([*releases[:-1], replace(releases[-1], tables=dict(versions))])


def _move_up(work: Path, home: Path) -> None:
    """Move everything else into the home."""
    for path in sorted(work.iterdir()):
        path.rename(home / path.name)
