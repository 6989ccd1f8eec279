"""One Iceberg commit that takes files away and puts others in their place.

PyIceberg's ``overwrite`` makes two snapshots, never drops manifests that only list deletions, and copies
the table's metadata about thirty times. The subclasses here reach into PyIceberg to avoid that (0.12.0 is
pinned; tests/integration/lake/test_lake_iceberg_internals.py fails where an upgrade changes them).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pyiceberg.expressions import BooleanExpression
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestFile, ManifestWriter
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update import (
    AddSnapshotUpdate,
    RemoveSnapshotsUpdate,
    TableUpdate,
    UpdatesAndRequirements,
)
from pyiceberg.table.update.snapshot import _OverwriteFiles

from lake.manifests import (
    FILES_PER_MANIFEST,
    RememberedManifestWriter,
    as_added,
    as_deleted,
    as_existing,
    file_count,
    numbered,
    that_fit,
)
from lake.quick_catalog import QuickSqlCatalog, with_updates
from lake.remembered import RememberedFiles


class MemoisedTransaction(Transaction):
    """A transaction that derives its table metadata once per change, not once per look at it."""

    _seen: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        """The table's metadata with the staged updates applied."""
        base, updates = self._table.metadata, self._updates
        if not updates:
            return base
        if self._seen is None or self._seen[0] is not base or self._seen[1] is not updates:
            self._seen = (base, updates, with_updates(base, updates))
        return self._seen[2]

    def _rebuild_snapshot_updates(self) -> None:
        """Give up forgetting snapshots when retrying: whoever was faster may have forgotten them too."""
        self._updates = tuple(
            update for update in self._updates if not isinstance(update, RemoveSnapshotsUpdate)
        )
        super()._rebuild_snapshot_updates()


class _ReplaceFiles(_OverwriteFiles):
    """An overwrite that reads no manifest twice, writes one, and drops those without live files."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - PyIceberg's own
        """Take nothing away yet; see PyIceberg."""
        super().__init__(*arguments, **named)
        self._listed: list[ManifestFile] = []
        self._evaluators: dict[int, Callable[[ManifestFile], bool]] = {}

    @property
    def _files(self) -> RememberedFiles:
        catalog = self._transaction._table.catalog
        return catalog.files if isinstance(catalog, QuickSqlCatalog) else RememberedFiles()

    def _head_manifests(self) -> list[ManifestFile]:
        head = self._transaction.table_metadata.current_snapshot()
        return [] if head is None else [*self._files.manifests(self._io, head)]

    def new_manifest_writer(self, spec: PartitionSpec) -> ManifestWriter:
        """Return a writer of one manifest, which remembers what it writes."""
        return RememberedManifestWriter(
            self._files, spec, self.schema(), self.new_manifest_output(), self._snapshot_id, self._compression
        )

    def _manifests(self) -> list[ManifestFile]:
        """Return the snapshot's manifests: what changes and all that fits to it as one, the rest as it is."""
        self._build_delete_files_partition_predicate()
        changed: dict[int, list[ManifestEntry]] = defaultdict(list)
        if self._added_data_files:
            spec_id = self._transaction.table_metadata.default_spec_id
            changed[spec_id].extend(as_added(file, self._snapshot_id) for file in self._added_data_files)
        rest = []
        deleted = []
        for manifest in self._head_manifests():
            staying, gone = self._with_deletions(manifest)
            if gone:
                deleted.extend(gone)
                changed[manifest.partition_spec_id].extend((*gone, *map(as_existing, staying)))
            elif file_count(manifest):
                rest.append(manifest)
        self._validate_required_deletes(deleted)
        self._listed = [*self._written_as_few(changed, rest), *rest]
        return self._listed

    def _written_as_few(
        self, changed: Mapping[int, list[ManifestEntry]], rest: list[ManifestFile]
    ) -> list[ManifestFile]:
        """Write the changed entries together with those of other manifests that fit, which leave ``rest``."""
        written = []
        for spec_id, entries in changed.items():
            others = [manifest for manifest in rest if manifest.partition_spec_id == spec_id]
            for manifest in that_fit(others, FILES_PER_MANIFEST - len(entries)):
                entries.extend(map(as_existing, self._files.live_entries(self._io, manifest)))
                rest.remove(manifest)
            for start in range(0, len(entries), FILES_PER_MANIFEST):
                with self.new_manifest_writer(self.spec(spec_id)) as writer:
                    for entry in entries[start : start + FILES_PER_MANIFEST]:
                        writer.add_entry(entry)
                written.append(writer.to_manifest_file())
        return written

    def _commit(self) -> UpdatesAndRequirements:
        changes = super()._commit()
        for update in changes[0]:
            if isinstance(update, AddSnapshotUpdate):
                number = update.snapshot.sequence_number or 0
                listed = tuple(numbered(manifest, number) for manifest in self._listed)
                self._files.put_manifests(update.snapshot, listed)
        return changes

    def _may_hold_deleted(self, manifest: ManifestFile) -> bool:
        """Return whether a manifest can name a deleted file, by the partitions that it covers."""
        if not self._deleted_data_files:
            return False
        evaluator = self._evaluators.get(manifest.partition_spec_id)
        if evaluator is None:
            evaluator = self._build_manifest_evaluator(manifest.partition_spec_id)
            self._evaluators[manifest.partition_spec_id] = evaluator
        return evaluator(manifest)

    def _with_deletions(self, manifest: ManifestFile) -> tuple[list[ManifestEntry], list[ManifestEntry]]:
        """Return a manifest's entries that stay and those to be deleted; none where it cannot hold any."""
        staying: list[ManifestEntry] = []
        gone: list[ManifestEntry] = []
        if not self._may_hold_deleted(manifest):
            return staying, gone
        for entry in self._files.live_entries(self._io, manifest):
            if entry.data_file in self._deleted_data_files:
                gone.append(as_deleted(entry, self._snapshot_id))
            else:
                staying.append(entry)
        return staying, gone

    def fetch_manifest_entry(
        self, manifest: ManifestFile, discard_deleted: bool = True
    ) -> list[ManifestEntry]:
        """Return a manifest's entries, read once.

        Args:
            manifest: The manifest.
            discard_deleted: Whether to leave out entries of deleted files.
        """
        if discard_deleted:
            return self._files.live_entries(self._io, manifest)
        return [*self._files.entries(self._io, manifest)]


class _AppendFiles(_ReplaceFiles):
    """An exchange that takes nothing away and so conflicts with nothing."""

    def _validate_concurrency(self) -> None:
        """Skip the check for conflicts."""


def replace_files(
    table: Table,
    *,
    taken: Collection[DataFile],
    put: Collection[DataFile],
    watched: BooleanExpression | None,
    properties: Mapping[str, str],
    expired: Collection[int] = (),
) -> int:
    """Commit the exchange of files as one snapshot and return its id.

    Args:
        table: The table, freshly loaded; it is refreshed by the commit.
        taken: Files to take away.
        put: Files, already written, to put in.
        watched: Rows that nobody else may have added or removed since the table was loaded; null for
            an append, which conflicts with nothing.
        properties: Entries of the snapshot's summary.
        expired: Snapshots to forget in the same commit.

    Raises:
        CommitFailedException: If another writer was faster, also after PyIceberg's own retries.
        ValidationException: If another writer changed watched rows.
    """
    transaction = MemoisedTransaction(table)
    kind = Operation.APPEND if table.current_snapshot() is None or not taken else Operation.OVERWRITE
    producer = (_AppendFiles if watched is None else _ReplaceFiles)(
        operation=kind, transaction=transaction, io=table.io, snapshot_properties=dict(properties)
    )
    if watched is not None:
        producer.delete_by_predicate(watched)
    for file in taken:
        producer.delete_data_file(file)
    for file in put:
        producer.append_data_file(file)
    producer.commit()
    if expired:
        transaction._apply((_removal(expired),))
    transaction.commit_transaction()
    return producer.snapshot_id


def forget_snapshots(table: Table, expired: Collection[int]) -> None:
    """Commit that a table no longer knows some of its snapshots; their files stay.

    Args:
        table: The table, freshly loaded; it is refreshed by the commit.
        expired: The snapshots.
    """
    transaction = MemoisedTransaction(table)
    transaction._apply((_removal(expired),))
    transaction.commit_transaction()


def _removal(snapshot_ids: Collection[int]) -> RemoveSnapshotsUpdate:
    return RemoveSnapshotsUpdate.model_validate({"snapshot-ids": sorted(snapshot_ids)})
