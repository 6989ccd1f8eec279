"""A backup as files: a folder, or one tar file; each file with its SHA-256, the list of them written last.

A backup without its list was cut off and is refused. What goes into one is ``lake/backup.py``, what is
made of it ``lake/restoring.py``.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from lake.errors import BackupDamagedError, BackupRefusedError

LIST = "backup.json"
FORMAT = 1
TAR = ".tar"

_CHUNK = 1024 * 1024

OnBytes = Callable[[str, int, int], None]
"""Told while bytes are copied: which file, bytes done, bytes in all."""


@dataclass(frozen=True)
class BackupFile:
    """One file of a backup.

    Attributes:
        path: Where it was under the home, with slashes.
        byte_count: Its size.
        sha256: Its digest.
    """

    path: str
    byte_count: int
    sha256: str


@dataclass(frozen=True)
class BackupList:
    """What a backup holds.

    Attributes:
        made_at: When it was made, UTC, ISO 8601.
        made_by: Version of the program.
        home: The home it was made of.
        release_id: The release that it holds.
        tables: Table to the path of its metadata file, its snapshot and its rows.
        releases: Rows of ``lake.releases``, times as text; only the last has its tables.
        files: Every file.
    """

    made_at: str
    made_by: str
    home: str
    release_id: int
    tables: Mapping[str, Mapping[str, Any]]
    releases: tuple[Mapping[str, Any], ...]
    files: tuple[BackupFile, ...]

    @property
    def byte_count(self) -> int:
        """Size of all files."""
        return sum(file.byte_count for file in self.files)


class BackupTarget(Protocol):
    """Takes the files of a backup."""

    def add(self, path: str, source: Path, on_chunk: Callable[[int], None]) -> BackupFile:
        """Copy a file into the backup."""

    def add_list(self, text: str) -> None:
        """Write the list."""


class BackupSource(Protocol):
    """Gives the files of a backup."""

    def text_of_list(self) -> str:
        """Return the list."""

    def open(self, path: str) -> IO[bytes]:
        """Open a file."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def add(self, path: str, source: Path, on_chunk: Callable[[int], None]) -> BackupFile:
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as read, target.open("wb") as written:
            return BackupFile(path, *copy_hashed(read, written, on_chunk))

    def add_list(self, text: str) -> None:
        (self._root / LIST).write_text(text, encoding="utf-8")

    def text_of_list(self) -> str:
        return (self._root / LIST).read_text(encoding="utf-8")

    def open(self, path: str) -> IO[bytes]:
        return (self._root / path).open("rb")


class _Tar:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def add(self, path: str, source: Path, on_chunk: Callable[[int], None]) -> BackupFile:
        with source.open("rb") as read:
            entry = self._archive.gettarinfo(arcname=path, fileobj=read)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            hashed = _Hashed(read, on_chunk)
            self._archive.addfile(entry, hashed)
        return BackupFile(path, entry.size, hashed.digest.hexdigest())

    def add_list(self, text: str) -> None:
        content = text.encode()
        entry = tarfile.TarInfo(LIST)
        entry.size = len(content)
        self._archive.addfile(entry, io.BytesIO(content))

    def text_of_list(self) -> str:
        with self.open(LIST) as file:
            return file.read().decode()

    def open(self, path: str) -> IO[bytes]:
        try:
            file = self._archive.extractfile(path)
        except KeyError:
            file = None
        if file is None:
            raise FileNotFoundError(path)
        return file


class _Hashed(io.RawIOBase):
    """Reads a file and digests what was read."""

    def __init__(self, file: IO[bytes], on_chunk: Callable[[int], None]) -> None:
        self.digest = hashlib.sha256()
        self._file = file
        self._on_chunk = on_chunk

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        self._on_chunk(len(chunk))
        return chunk


@contextmanager
def new_backup(target: Path) -> Iterator[BackupTarget]:
    """Make a backup, complete or not at all: it gets its name once everything is in it.

    Args:
        target: A path ending in ``.tar`` for one file, any other for a folder; not there yet.

    Raises:
        BackupRefusedError: If something is there already.
    """
    if target.exists():
        raise BackupRefusedError(f"{target} is there already: choose another name, or delete it first")
    partial = target.with_name(f"{target.name}.partial")
    _delete(partial)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == TAR:
            with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as archive:
                yield _Tar(archive)
        else:
            partial.mkdir()
            yield _Folder(partial)
        partial.rename(target)
    except BaseException:
        _delete(partial)
        raise


@contextmanager
def open_backup(path: Path) -> Iterator[tuple[BackupList, BackupSource]]:
    """Open a backup, folder or tar file.

    Raises:
        BackupRefusedError: If it is none, or of a newer format.
        BackupDamagedError: If it cannot be read, or was cut off.
    """
    if not path.exists():
        raise BackupRefusedError(f"there is no {path}")
    if path.is_dir():
        source = _Folder(path)
        yield _list_of(path, source), source
        return
    try:
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed below; only opening it is explained
    except tarfile.TarError as error:
        raise BackupRefusedError(f"{path} is no backup: it is no tar file ({error})") from error
    with archive:
        packed = _Tar(archive)
        yield _list_of(path, packed), packed


def list_text(held: BackupList) -> str:
    """Return the list as it is written into a backup."""
    return json.dumps({"format": FORMAT, **asdict(held)}, indent=1, sort_keys=True)


def copy_hashed(read: IO[bytes], written: IO[bytes], on_chunk: Callable[[int], None]) -> tuple[int, str]:
    """Copy bytes; return how many and their SHA-256.

    Args:
        read: Where they come from.
        written: Where they go.
        on_chunk: Told the size of each piece.
    """
    digest, count = hashlib.sha256(), 0
    while chunk := read.read(_CHUNK):
        written.write(chunk)
        digest.update(chunk)
        count += len(chunk)
        on_chunk(len(chunk))
    return count, digest.hexdigest()


def _list_of(path: Path, source: BackupSource) -> BackupList:
    try:
        text = source.text_of_list()
    except (FileNotFoundError, tarfile.TarError, UnicodeDecodeError) as error:
        raise BackupDamagedError(
            f"{path} has no list of its files ({LIST}): it is no backup, or one that was cut off"
        ) from error
    try:
        written = json.loads(text)
        if written.pop("format") != FORMAT:
            raise BackupRefusedError(f"{path} was made by {written['made_by']}: use that version or a newer")
        files = tuple(BackupFile(**file) for file in written.pop("files"))
        held = BackupList(**{**written, "files": files, "releases": tuple(written["releases"])})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupDamagedError(f"{path}: the list of its files is damaged ({error})") from error
    for file in held.files:
        steps = PurePosixPath(file.path)
        if steps.is_absolute() or ".." in steps.parts:
            raise BackupDamagedError(f"{path}: its list names {file.path}, which lies outside")
    return held


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
