"""Iceberg's manifests as this process writes them: remembered as they are written, and few.

Reading a manifest back costs PyIceberg more than writing it, and the next commit to a table needs all that
the last one wrote. It reaches into PyIceberg (0.12.0 is pinned;
tests/integration/lake/test_lake_iceberg_internals.py holds what is remembered equal to what files hold).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from pyiceberg.avro.codecs import AvroCompressionCodec
from pyiceberg.io import OutputFile
from pyiceberg.manifest import (
    UNASSIGNED_SEQ,
    ManifestEntry,
    ManifestFile,
    ManifestWriter,
    ManifestWriterV2,
)
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema

from lake.remembered import RememberedFiles

FILES_PER_MANIFEST = 64
"""Most data files in a manifest that a commit writes anew: every later replacement of one copies the rest."""

SMALL_MANIFESTS = 5
"""Manifests below half of that which may pile up before a commit merges them."""


class RememberedManifestWriter(ManifestWriterV2):
    """Writes a manifest and remembers what it holds."""

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
            files: Where the entries are remembered.
            spec: Partition spec of the files listed.
            schema: Schema of the table.
            output: The manifest's file.
            snapshot_id: The commit's snapshot.
            compression: Avro codec.
        """
        super().__init__(spec, schema, output, snapshot_id, compression)
        self._files = files
        self._written: list[ManifestEntry] = []

    def add_entry(self, entry: ManifestEntry) -> ManifestWriter:
        """Write one entry."""
        self._written.append(entry)
        return super().add_entry(entry)

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


def merge_small(
    manifests: Sequence[ManifestFile], merge: Callable[[int, list[ManifestFile]], ManifestFile]
) -> list[ManifestFile]:
    """Return the manifests with small ones merged, where enough of them have piled up.

    Those that the commit has just written stay, so that none is written in vain.

    Args:
        manifests: Manifests of a snapshot, newest first.
        merge: Writes the manifests of one partition spec as one.
    """
    small = [
        manifest
        for manifest in manifests
        if manifest.sequence_number != UNASSIGNED_SEQ and 0 < file_count(manifest) <= FILES_PER_MANIFEST // 2
    ]
    if len(small) < SMALL_MANIFESTS:
        return [*manifests]
    kept = [manifest for manifest in manifests if manifest not in small]
    for spec_id in sorted({manifest.partition_spec_id for manifest in small}):
        groups = _packed([manifest for manifest in small if manifest.partition_spec_id == spec_id])
        kept.extend(merge(spec_id, group) if len(group) > 1 else group[0] for group in groups)
    return kept


def _packed(manifests: Sequence[ManifestFile]) -> list[list[ManifestFile]]:
    """Return neighbours together as long as they fit into one manifest."""
    groups: list[list[ManifestFile]] = []
    room = 0
    for manifest in manifests:
        if file_count(manifest) > room:
            groups.append([])
            room = FILES_PER_MANIFEST
        groups[-1].append(manifest)
        room -= file_count(manifest)
    return groups
