"""PyIceberg's SQL catalog without its repeated work: metadata files parsed once, metadata not deep-copied.

A metadata file never changes once written, so what it holds is remembered by its location; metadata
objects are replaced and never changed in place, so sharing their parts is safe. It reaches into PyIceberg
(0.12.0 is pinned; tests/integration/lake/test_lake_iceberg_internals.py fails where an upgrade changes
what is used here).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any

from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.io import FileIO, load_file_io
from pyiceberg.serializers import FromInputFile
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

_REMEMBERED = 256


class MetadataFiles:
    """The newest metadata files read or written by this process."""

    def __init__(self) -> None:
        """Remember none."""
        self._files: OrderedDict[str, TableMetadata] = OrderedDict()

    def put(self, location: str, metadata: TableMetadata) -> None:
        """Remember what a file holds."""
        self._files[location] = metadata
        self._files.move_to_end(location)
        while len(self._files) > _REMEMBERED:
            self._files.popitem(last=False)

    def get(self, location: str, properties: dict[str, Any]) -> TableMetadata:
        """Return what a file holds, reading it where it is not remembered.

        Raises:
            FileNotFoundError: If there is no such file.
        """
        known = self._files.get(location)
        if known is None:
            io = load_file_io(properties=properties, location=location)
            known = FromInputFile.table_metadata(io.new_input(location))
            self.put(location, known)
        return known


class QuickSqlCatalog(SqlCatalog):
    """A SQL catalog that remembers metadata files."""

    def __init__(self, name: str, **properties: str) -> None:
        """Open the catalog; see ``SqlCatalog``.

        Args:
            name: Name under which the tables stand.
            properties: PyIceberg's properties.
        """
        self.metadata_files = MetadataFiles()
        super().__init__(name, **properties)

    def _convert_orm_to_iceberg(self, orm_table: IcebergTables) -> Table:
        location = str(orm_table.metadata_location)
        metadata = self.metadata_files.get(location, dict(self.properties))
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
        self.metadata_files.put(location, metadata)
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
