"""What files that never change hold: Iceberg's metadata, manifest lists and manifests, read once.

A backfill commits to the same tables hundreds of times, and each commit looks at the same manifests
several times; PyIceberg reads them anew each time. Whoever opens a catalog owns one of these.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Generic, TypeVar

from pyiceberg.io import FileIO, load_file_io
from pyiceberg.manifest import (
    DataFile,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriter,
    _inherit_from_manifest,
)
from pyiceberg.serializers import FromInputFile
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Snapshot

from lake.manifest_encoding import EncodedFile, ManifestForm, read_entries

Held = TypeVar("Held")


class Newest(Generic[Held]):
    """The newest things used, by location; the oldest are let go."""

    def __init__(self, limit: int, size_of: Callable[[Held], int] = lambda _: 1) -> None:
        """Hold nothing yet.

        Args:
            limit: How much to hold; the newest thing is held whatever its size.
            size_of: Tells how much a thing is.
        """
        self._limit = limit
        self._size_of = size_of
        self._size = 0
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._lock = Lock()

    def put(self, location: str, held: Held) -> None:
        """Hold a thing."""
        with self._lock:
            self._let_go(self._held.pop(location, None))
            self._held[location] = held
            self._size += self._size_of(held)
            while self._size > self._limit and len(self._held) > 1:
                self._let_go(self._held.popitem(last=False)[1])

    def take(self, location: str) -> Held | None:
        """Return what is at a location and hold it no longer; null where it is not held."""
        with self._lock:
            held = self._held.pop(location, None)
            self._let_go(held)
            return held

    def _let_go(self, held: Held | None) -> None:
        if held is not None:
            self._size -= self._size_of(held)

    def get(self, location: str, read: Callable[[], Held]) -> Held:
        """Return what is at a location, read where it is not held."""
        with self._lock:
            known = self._held.get(location)
        if known is None:
            known = read()
        self.put(location, known)
        return known


class RememberedFiles:
    """Iceberg's own files, as this process last read or wrote them."""

    def __init__(self) -> None:
        """Remember none."""
        self._metadata: Newest[TableMetadata] = Newest(256)
        # By what is in them, not by their number: a manifest of one season has ten entries, one that was
        # merged a hundred, and each is some ten kilobytes of objects.
        self._lists: Newest[tuple[ManifestFile, ...]] = Newest(8_192, len)
        self._entries: Newest[tuple[ManifestEntry, ...]] = Newest(8_192, len)
        self._written: Newest[tuple[ManifestEntry, ...]] = Newest(2_048, len)
        self._forms: Newest[ManifestForm] = Newest(256)
        self._encoded: Newest[EncodedFile] = Newest(32_768)

    def put_metadata(self, location: str, metadata: TableMetadata) -> None:
        """Remember what a metadata file being written holds."""
        self._metadata.put(location, metadata)

    def metadata(self, location: str, properties: dict[str, str]) -> TableMetadata:
        """Return what a metadata file holds.

        Raises:
            FileNotFoundError: If there is no such file.
        """

        def read() -> TableMetadata:
            io = load_file_io(properties=properties, location=location)
            return FromInputFile.table_metadata(io.new_input(location))

        return self._metadata.get(location, read)

    def manifests(self, io: FileIO, snapshot: Snapshot) -> tuple[ManifestFile, ...]:
        """Return the manifests of a committed snapshot."""
        return self._lists.get(snapshot.manifest_list, lambda: tuple(snapshot.manifests(io)))

    def put_manifests(self, snapshot: Snapshot, manifests: tuple[ManifestFile, ...]) -> None:
        """Remember the manifests of a snapshot being written, numbered as its list numbers them."""
        self._lists.put(snapshot.manifest_list, manifests)

    def put_entries(self, location: str, entries: Iterable[ManifestEntry]) -> None:
        """Remember what a manifest being written holds; its list says the sequence number of new files."""
        self._written.put(location, tuple(entries))

    def form(self, location: str, writer: ManifestWriter) -> ManifestForm:
        """Return how manifests in a table's folder begin, worked out where schema or partitions are new.

        Args:
            location: A manifest's file.
            writer: PyIceberg's writer of it, not opened.
        """
        folder = location.rpartition("/")[0]
        form = self._forms.get(folder, lambda: ManifestForm.of(writer))
        if not form.fits(writer._spec, writer._schema, writer._compression):
            form = ManifestForm.of(writer)
            self._forms.put(folder, form)
        return form

    def encoded(self, form: ManifestForm, file: DataFile) -> bytes:
        """Return what a manifest says of a data file, encoded where no manifest was seen that says it so.

        Args:
            form: Of the manifest.
            file: The data file.
        """
        known = self._encoded.get(file.file_path, lambda: form.encode(file))
        if known.layout != form.layout:
            known = form.encode(file)
            self._encoded.put(file.file_path, known)
        return known.encoded

    def entries(self, io: FileIO, manifest: ManifestFile) -> tuple[ManifestEntry, ...]:
        """Return all entries of a committed manifest, those of deleted files too."""

        def read() -> tuple[ManifestEntry, ...]:
            written = self._written.take(manifest.manifest_path)
            if written is None:
                return self._read_entries(io, manifest)
            return tuple(_inherit_from_manifest(entry, manifest) for entry in written)

        return self._entries.get(manifest.manifest_path, read)

    def _read_entries(self, io: FileIO, manifest: ManifestFile) -> tuple[ManifestEntry, ...]:
        found = []
        for entry, encoded in read_entries(io.new_input(manifest.manifest_path)):
            self._encoded.put(entry.data_file.file_path, encoded)
            found.append(_inherit_from_manifest(entry, manifest))
        return tuple(found)

    def live_entries(self, io: FileIO, manifest: ManifestFile) -> list[ManifestEntry]:
        """Return the entries of a committed manifest whose files are there."""
        return [entry for entry in self.entries(io, manifest) if entry.status != ManifestEntryStatus.DELETED]
