"""What lies in a table's folder, and which of it a snapshot refers to.

Deciding what may go is ``lake/maintenance.py``; saying what is missing is ``lake/inspection.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pyarrow.fs import FileSelector, FileType
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.table import Table

from lake.store import Store


@dataclass(frozen=True)
class StoredFile:
    """A file in a table's folder.

    Attributes:
        location: Its location, as metadata writes it.
        byte_count: Its size.
        modified_at: When it was last written.
    """

    location: str
    byte_count: int
    modified_at: datetime


def stored_files(store: Store, name: str) -> list[StoredFile]:
    """Return every file in the folder of a table; none where there is no folder."""
    scheme, netloc, path = PyArrowFileIO.parse_location(store.location_of(name))
    files = file_io(store).fs_by_scheme(scheme, netloc)
    prefix = f"{scheme}://" if scheme else ""
    return [
        StoredFile(f"{prefix}{found.path}", int(found.size), found.mtime)
        for found in files.get_file_info(FileSelector(path, allow_not_found=True, recursive=True))
        if found.type is FileType.File
    ]


def snapshot_files(store: Store, table: Table, snapshot_id: int) -> Iterator[str]:
    """Return the location of every file that one snapshot refers to: manifest list, manifests, data.

    Raises:
        FileNotFoundError: If a manifest list or a manifest is not there.
    """
    snapshot = table.snapshot_by_id(snapshot_id)
    if snapshot is None:
        return
    files = store.catalog.files
    yield snapshot.manifest_list
    for manifest in files.manifests(table.io, snapshot):
        yield manifest.manifest_path
        yield from (entry.data_file.file_path for entry in files.live_entries(table.io, manifest))


def file_io(store: Store) -> PyArrowFileIO:
    """Return what reads, lists and deletes files of the lake."""
    return PyArrowFileIO(dict(store.catalog.properties))
