"""Writes one snapshot of a table anew for another place: Iceberg stores absolute paths in its own files.

Data files hold no paths and are left as they are. It reaches into PyIceberg's records (0.12.0 is pinned;
tests/integration/lake/test_lake_backup.py fails where an upgrade changes them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from uuid import uuid4

from pyiceberg.io import FileIO
from pyiceberg.manifest import ManifestEntry, ManifestFile, write_manifest, write_manifest_list
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.serializers import ToOutputFile
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.refs import MAIN_BRANCH, SnapshotRef

_FORMAT_VERSION: Final = 2
_CODEC: Final = "deflate"

# Places of a path in PyIceberg's records of a manifest list and of a manifest.
_MANIFEST_PATH = 0
_DATA_FILE_PATH = 1

Move = Callable[[str], str]
"""Old location to new location."""


def relocate(io: FileIO, metadata: TableMetadata, snapshot_id: int, move: Move) -> str:
    """Write metadata that knows just one snapshot, at its new place, and return its location.

    Args:
        io: Reads and writes at the new place, where the old files have been copied to.
        metadata: The table's metadata with the old paths.
        snapshot_id: The snapshot; it keeps its id, schema and summary.
        move: Old location to new location.
    """
    snapshot = metadata.snapshot_by_id(snapshot_id)
    if snapshot is None:
        message = f"the metadata in {metadata.location} does not know snapshot {snapshot_id}"
        raise ValueError(message)
    folder = f"{move(metadata.location)}/metadata"
    copied = snapshot.model_copy(update={"manifest_list": move(snapshot.manifest_list)})
    manifests = []
    for manifest in copied.manifests(io):
        manifest[_MANIFEST_PATH] = move(manifest.manifest_path)
        entries = manifest.fetch_manifest_entry(io, discard_deleted=True)
        if entries:  # some only say what the snapshot took away
            spec = metadata.specs()[manifest.partition_spec_id]
            manifests.append(_relocated(io, metadata, spec, snapshot_id, entries, move))
    list_location = f"{folder}/snap-{snapshot_id}-0-{uuid4()}.avro"
    with write_manifest_list(
        format_version=_FORMAT_VERSION,
        output_file=io.new_output(list_location),
        snapshot_id=snapshot_id,
        parent_snapshot_id=snapshot.parent_snapshot_id,
        sequence_number=snapshot.sequence_number,
        avro_compression=_CODEC,
    ) as written:
        written.add_manifests(manifests)
    moved = metadata.model_copy(
        update={
            "location": move(metadata.location),
            "snapshots": [snapshot.model_copy(update={"manifest_list": list_location})],
            "current_snapshot_id": snapshot_id,
            "snapshot_log": [entry for entry in metadata.snapshot_log if entry.snapshot_id == snapshot_id],
            "metadata_log": [],
            "refs": {MAIN_BRANCH: SnapshotRef.model_validate({"snapshot-id": snapshot_id, "type": "branch"})},
        }
    )
    location = f"{folder}/00000-{uuid4()}.metadata.json"
    ToOutputFile.table_metadata(moved, io.new_output(location))
    return location


def _relocated(
    io: FileIO,
    metadata: TableMetadata,
    spec: PartitionSpec,
    snapshot_id: int,
    entries: Iterable[ManifestEntry],
    move: Move,
) -> ManifestFile:
    with write_manifest(
        format_version=_FORMAT_VERSION,
        spec=spec,
        schema=metadata.schema(),
        output_file=io.new_output(f"{move(metadata.location)}/metadata/{uuid4()}-m0.avro"),
        snapshot_id=snapshot_id,
        avro_compression=_CODEC,
    ) as writer:
        for entry in entries:
            entry.data_file[_DATA_FILE_PATH] = move(entry.data_file.file_path)
            writer.existing(entry)
    return writer.to_manifest_file()
