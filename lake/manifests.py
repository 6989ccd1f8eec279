"""Iceberg's manifests as this process writes them: remembered as they are written, and few.

Whoever scans a table opens every manifest that may name its files, which takes a reader longer than the
entries in it. So a commit writes one, and puts as many entries of older ones into it as fit: copying them
costs little (``lake/manifest_encoding.py``). Reading a manifest back costs PyIceberg more than writing it,
and the next commit to a table needs all that the last one wrote. It reaches into PyIceberg (0.12.0 is
pinned; tests/integration/lake/test_lake_iceberg_internals.py holds what is remembered equal to what files
hold).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from pyiceberg.avro.codecs import AvroCompressionCodec
from pyiceberg.avro.file import AvroOutputFile
from pyiceberg.io import OutputFile
from pyiceberg.manifest import (
    UNASSIGNED_SEQ,
    DataFile,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    ManifestWriterV2,
)
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema

from lake.manifest_encoding import ManifestForm, OneBlockFile, entry_start
from lake.remembered import RememberedFiles

FILES_PER_MANIFEST = 256
"""Most data files in a manifest, as every later change of one copies the rest."""


class RememberedManifestWriter(ManifestWriterV2):
    """Writes a manifest as one block and remembers what it holds."""

    def __init__(
        self,
        files: RememberedFiles,
        spec: PartitionSpec,
        schema: Schema,
        output: OutputFile,
        snapshot_id: int,
        compression: AvroCompressionCodec,
    ) -> None:
        """Write nothing yet.

        Args:
            files: Where the entries, and how they are encoded, are remembered.
            spec: Partition spec of the files listed.
            schema: Schema of the table.
            output: The manifest's file, in the table's own folder.
            snapshot_id: The commit's snapshot.
            compression: Avro codec.
        """
        super().__init__(spec, schema, output, snapshot_id, compression)
        self._files = files
        self._written: list[ManifestEntry] = []
        self._form: ManifestForm

    def new_writer(self) -> AvroOutputFile[Any]:
        """Return the file, which is written when it is closed."""
        plain = ManifestWriterV2(
            self._spec, self._schema, self._output_file, self._snapshot_id, self._compression
        )
        self._form = self._files.form(self._output_file.location, plain)
        return OneBlockFile(self._output_file, self._form)

    def prepare_entry(self, entry: ManifestEntry) -> Any:  # noqa: ANN401 - PyIceberg hands it to the file
        """Return an entry as bytes, what it says of its file as encoded before."""
        self._written.append(super().prepare_entry(entry))
        return entry_start(entry) + self._files.encoded(self._form, entry.data_file)

    def to_manifest_file(self) -> ManifestFile:
        """Return how a manifest list names the manifest, once it is written."""
        self._files.put_entries(self._output_file.location, self._written)
        return super().to_manifest_file()


def file_count(manifest: ManifestFile) -> int:
    """Return how many files of a manifest are there."""
    return (manifest.added_files_count or 0) + (manifest.existing_files_count or 0)


def numbered(manifest: ManifestFile, sequence_number: int) -> ManifestFile:
    """Return a manifest as a snapshot's list has it, which numbers those that are new.

    Args:
        manifest: A manifest, perhaps written by the snapshot itself.
        sequence_number: The snapshot's.
    """
    listed = copy(manifest)
    if listed.sequence_number == UNASSIGNED_SEQ:
        listed.sequence_number = sequence_number
    if listed.min_sequence_number == UNASSIGNED_SEQ:
        listed.min_sequence_number = sequence_number
    return listed


def as_existing(entry: ManifestEntry) -> ManifestEntry:
    """Return the entry of a file that a commit leaves where it is."""
    return _with_status(entry, ManifestEntryStatus.EXISTING, entry.snapshot_id)


def as_deleted(entry: ManifestEntry, snapshot_id: int) -> ManifestEntry:
    """Return the entry of a file that a commit takes away.

    Args:
        entry: The file's entry so far.
        snapshot_id: The commit's snapshot.
    """
    return _with_status(entry, ManifestEntryStatus.DELETED, snapshot_id)


def as_added(file: DataFile, snapshot_id: int) -> ManifestEntry:
    """Return the entry of a new file; it takes its sequence number from the manifest's list.

    Args:
        file: The file.
        snapshot_id: The commit's snapshot.
    """
    return ManifestEntry.from_args(
        status=ManifestEntryStatus.ADDED,
        snapshot_id=snapshot_id,
        sequence_number=None,
        file_sequence_number=None,
        data_file=file,
    )


def _with_status(entry: ManifestEntry, status: ManifestEntryStatus, snapshot_id: int | None) -> ManifestEntry:
    return ManifestEntry.from_args(
        status=status,
        snapshot_id=snapshot_id,
        sequence_number=entry.sequence_number,
        file_sequence_number=entry.file_sequence_number,
        data_file=entry.data_file,
    )


def that_fit(manifests: Sequence[ManifestFile], room: int) -> list[ManifestFile]:
    """Return the manifests that a new one takes in, the smallest first.

    Args:
        manifests: Manifests of one partition spec.
        room: How many files the new manifest may still take.
    """
    fitting = []
    for manifest in sorted(manifests, key=file_count):
        room -= file_count(manifest)
        if room < 0:
            break
        fitting.append(manifest)
    return fitting
