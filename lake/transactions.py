"""One Iceberg commit that takes files away and puts others in their place.

PyIceberg's ``overwrite`` makes two snapshots, never drops manifests that only list deletions, and copies
the table's metadata about thirty times. The subclasses here reach into PyIceberg to avoid that (0.12.0 is
pinned; tests/integration/lake/test_lake_iceberg_internals.py fails where an upgrade changes them).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pyiceberg.expressions import BooleanExpression
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestEntryStatus, ManifestFile, ManifestWriter
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
from pyiceberg.table.update.snapshot import _ManifestMergeManager, _OverwriteFiles

from lake.manifests import RememberedManifestWriter, merge_small, numbered
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
    """An overwrite that reads no manifest twice, merges small ones and drops those without live files."""

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
        self._listed = super()._manifests()
        return self._listed

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
        """Return a manifest's entries that stay and those that are deleted; none of a foreign partition's."""
        staying: list[ManifestEntry] = []
        deleted: list[ManifestEntry] = []
        if not self._may_hold_deleted(manifest):
            return staying, deleted
        for entry in self._files.live_entries(self._io, manifest):
            (deleted if entry.data_file in self._deleted_data_files else staying).append(entry)
        return staying, deleted

    def _existing_manifests(self) -> list[ManifestFile]:
        kept = []
        for manifest in self._head_manifests():
            staying, deleted = self._with_deletions(manifest)
            if not deleted:
                if manifest.has_added_files() or manifest.has_existing_files():
                    kept.append(manifest)
            elif staying:
                with self.new_manifest_writer(self.spec(manifest.partition_spec_id)) as writer:
                    for entry in staying:
                        writer.existing(entry)
                kept.append(writer.to_manifest_file())
        return kept

    def _deleted_entries(self) -> list[ManifestEntry]:
        if not self._deleted_data_files:
            return []
        deleted = [
            ManifestEntry.from_args(
                status=ManifestEntryStatus.DELETED,
                snapshot_id=self._snapshot_id,
                sequence_number=entry.sequence_number,
                file_sequence_number=entry.file_sequence_number,
                data_file=entry.data_file,
            )
            for manifest in self._head_manifests()
            for entry in self._with_deletions(manifest)[1]
        ]
        self._validate_required_deletes(deleted)
        return deleted

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

    def _process_manifests(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        merging = _ManifestMergeManager(0, 0, merge_enabled=True, snapshot_producer=self)
        return merge_small(manifests, merging._create_manifest)


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
