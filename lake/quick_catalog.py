"""PyIceberg's SQL catalog without its repeated work: metadata files parsed once, metadata not deep-copied.

A metadata file never changes once written, so what it holds is remembered by its location; metadata
objects are replaced and never changed in place, so sharing their parts is safe. It reaches into PyIceberg
(0.12.0 is pinned; tests/integration/lake/test_lake_iceberg_internals.py fails where an upgrade changes
what is used here).
"""

from __future__ import annotations

from datetime import UTC, datetime

from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.io import FileIO
from pyiceberg.table import StagedTable, Table
from pyiceberg.table.locations import load_location_provider
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import (
    TableRequirement,
    TableUpdate,
    _apply_table_update,
    _TableMetadataUpdateContext,
    _update_table_metadata_log,
)
from pyiceberg.typedef import Identifier

from lake.remembered import RememberedFiles


class QuickSqlCatalog(SqlCatalog):
    """A SQL catalog that remembers metadata files."""

    def __init__(self, name: str, **properties: str) -> None:
        """Open the catalog; see ``SqlCatalog``.

        Args:
            name: Name under which the tables stand.
            properties: PyIceberg's properties.
        """
        self.files = RememberedFiles()
        super().__init__(name, **properties)

    def _convert_orm_to_iceberg(self, orm_table: IcebergTables) -> Table:
        location = str(orm_table.metadata_location)
        metadata = self.files.metadata(location, dict(self.properties))
        return Table(
            identifier=(*self.identifier_to_tuple(orm_table.table_namespace), orm_table.table_name),
            metadata=metadata,
            metadata_location=location,
            io=self._load_file_io(metadata.properties, location),
            catalog=self,
        )

    def _update_and_stage_table(
        self,
        current_table: Table | None,
        table_identifier: Identifier,
        requirements: tuple[TableRequirement, ...],
        updates: tuple[TableUpdate, ...],
    ) -> StagedTable:
        if current_table is None:
            return super()._update_and_stage_table(None, table_identifier, requirements, updates)
        for requirement in requirements:
            requirement.validate(current_table.metadata)
        metadata = with_updates(current_table.metadata, updates, current_table.metadata_location)
        version = self._parse_metadata_version(current_table.metadata_location) + 1
        provider = load_location_provider(metadata.location, metadata.properties)
        location = provider.new_table_metadata_file_location(version)
        self.files.put_metadata(location, metadata)
        return StagedTable(
            identifier=table_identifier,
            metadata=metadata,
            metadata_location=location,
            io=self._file_io(metadata, location),
            catalog=self,
        )

    def _file_io(self, metadata: TableMetadata, location: str) -> FileIO:
        return self._load_file_io(properties=metadata.properties, location=location)


def with_updates(
    metadata: TableMetadata, updates: tuple[TableUpdate, ...], metadata_location: str | None = None
) -> TableMetadata:
    """Return metadata with updates applied, sharing what they leave as it is.

    Args:
        metadata: The metadata before.
        updates: Updates in order.
        metadata_location: File of the metadata before, to be logged; null while nothing is committed.
    """
    context = _TableMetadataUpdateContext()
    updated = metadata
    for update in updates:
        updated = _apply_table_update(update, updated, context)
    if not context.has_changes():
        return updated
    if metadata_location is not None:
        updated = _update_table_metadata_log(updated, metadata_location, metadata.last_updated_ms)
    if updated.last_updated_ms == metadata.last_updated_ms:
        now_ms = int(datetime.now(UTC).timestamp() * 1000)
        updated = updated.model_copy(update={"last_updated_ms": now_ms})
    updated.spec().check_compatible(updated.schema())
    return updated
