"""PyIceberg's SQL catalog without its repeated work: metadata files parsed once, metadata not deep-copied.

A metadata file never changes once written, so what it holds is remembered by its location; metadata
objects are replaced and never changed in place, so sharing their parts is safe. It reaches into PyIceberg
(0.12.0 is pinned; tests/integration/lake/test_lake_iceberg_internals.py fails where an upgrade changes
what is used here).
"""

from __future__ import annotations

from datetime import UTC, datetime

from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
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
from sqlalchemy import text

from lake.remembered import RememberedFiles

# Written out, because SQLAlchemy takes longer to put such a statement together than the database to answer.
_ALL_LOCATIONS = text(
    "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables WHERE catalog_name = :catalog"
)
_ONE_LOCATION = text(
    "SELECT metadata_location FROM iceberg_tables"
    " WHERE catalog_name = :catalog AND table_namespace = :namespace AND table_name = :name"
)


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

    def locations(self) -> dict[str, str]:
        """Return table name to the location of its current metadata file, in one question."""
        with self.engine.connect() as connection:
            rows = connection.execute(_ALL_LOCATIONS, {"catalog": self.name})
            return {f"{row[0]}.{row[1]}": str(row[2]) for row in rows if row[2] is not None}

    def load_table(self, identifier: str | Identifier) -> Table:
        """Return a table as it is now.

        Raises:
            NoSuchTableError: If there is none.
        """
        namespace = self.namespace_to_string(self.namespace_from(identifier))
        name = self.table_name_from(identifier)
        with self.engine.connect() as connection:
            asked = {"catalog": self.name, "namespace": namespace, "name": name}
            location = connection.execute(_ONE_LOCATION, asked).scalar_one_or_none()
        if location is None:
            raise NoSuchTableError(f"Table does not exist: {namespace}.{name}")
        metadata = self.files.metadata(location, dict(self.properties))
        return Table(
            identifier=(*self.identifier_to_tuple(namespace), name),
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
        return StagedTable(
            identifier=table_identifier,
            metadata=metadata,
            metadata_location=location,
            io=self._file_io(metadata, location),
            catalog=self,
        )

    def _write_metadata(  # type: ignore[override] # PyIceberg calls it on the catalog, which remembers
        self, metadata: TableMetadata, io: FileIO, metadata_path: str
    ) -> None:
        super()._write_metadata(metadata, io, metadata_path)
        self.files.put_metadata(metadata_path, metadata)

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
