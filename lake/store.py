"""The lake's tables in the catalog: load, create, and bring to their contract.

Rows are not read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.exceptions import NoSuchTableError, ResolveError, ValidationError
from pyiceberg.io import load_file_io
from pyiceberg.table import StaticTable, Table
from pyiceberg.table.update.schema import UpdateSchema

from lake.catalog import moved_error, open_catalog
from lake.contracts import TableContract
from lake.errors import ContractChangedError, UnknownTableError
from lake.iceberg_schema import (
    CONTRACT_VERSION,
    iceberg_schema,
    iceberg_type,
    partition_spec,
    table_properties,
)
from lake.quick_catalog import QuickSqlCatalog
from lake.settings import LakeSettings


@dataclass
class Store:
    """An open catalog with the contracts of its tables.

    Attributes:
        settings: Where and how.
        contracts: Name to contract of every table we know.
        catalog: The open catalog.
    """

    settings: LakeSettings
    contracts: Mapping[str, TableContract]
    catalog: QuickSqlCatalog = field(init=False)
    _prepared: dict[str, TableContract] = field(init=False, default_factory=dict)
    _namespaces: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Open the catalog."""
        self.catalog = open_catalog(self.settings)

    def close(self) -> None:
        """Give back the catalog's database connections."""
        self.catalog.engine.dispose()

    def locations(self) -> dict[str, str]:
        """Return table name to its current metadata location."""
        return self.catalog.locations()

    def load(self, name: str) -> Table | None:
        """Return the current state of a table, or null where it was never created.

        Raises:
            LakeMovedError: If the catalog points to a file that is not there.
        """
        try:
            return self.catalog.load_table(name)
        except NoSuchTableError:
            return None
        except FileNotFoundError as error:
            raise moved_error(self.locations().get(name, name), error) from error

    def at(self, metadata_location: str) -> Table:
        """Return a table, only to read, as one metadata file describes it.

        Raises:
            LakeMovedError: If the file is not there.
        """
        properties = dict(self.catalog.properties)
        try:
            metadata = self.catalog.files.metadata(metadata_location, properties)
        except FileNotFoundError as error:
            raise moved_error(metadata_location, error) from error
        return StaticTable(
            identifier=("static-table", metadata_location),
            metadata=metadata,
            metadata_location=metadata_location,
            io=load_file_io(properties=properties, location=metadata_location),
            catalog=NoopCatalog("static-table"),
        )

    def ensure(self, contract: TableContract) -> Table:
        """Return the table of a contract, created or brought to the contract where needed.

        Raises:
            ContractChangedError: If that would need more than adding columns or widening types.
        """
        table = self.load(contract.name)
        if table is None:
            return self._create(contract)
        if _matches(table, contract):
            return table
        return _evolve(table, contract)

    def prepare(self, contract: TableContract) -> None:
        """Make sure once per process that a table is there and fits its contract.

        Raises:
            ContractChangedError: If it cannot be brought to the contract.
        """
        if self._prepared.get(contract.name) != contract:
            self.ensure(contract)
            self._prepared[contract.name] = contract

    def contract(self, name: str) -> TableContract:
        """Return the contract of a table.

        Raises:
            UnknownTableError: If there is none; names the closest.
        """
        try:
            return self.contracts[name]
        except KeyError:
            raise unknown_table(name, self.contracts) from None

    def location_of(self, name: str) -> str:
        """Return the folder of a table, whether it exists or not."""
        return f"{self.catalog.properties['warehouse']}/{name.replace('.', '/', 1)}"

    def forget_prepared(self) -> None:
        """Look again at every table before it is next written, because some were dropped."""
        self._prepared.clear()

    def _create(self, contract: TableContract) -> Table:
        schema = iceberg_schema(contract)
        if contract.zone not in self._namespaces:
            self.catalog.create_namespace_if_not_exists(contract.zone)
            self._namespaces.add(contract.zone)
        return self.catalog.create_table(
            contract.name,
            schema=schema,
            location=self.location_of(contract.name),
            partition_spec=partition_spec(contract, schema),
            properties=table_properties(contract),
        )


def unknown_table(name: str, known: Mapping[str, object]) -> UnknownTableError:
    """Return the error for a name that is no table, with the closest names and the list."""
    close = get_close_matches(name, list(known), n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    return UnknownTableError(f"there is no table {name!r}. {hint}Tables: {', '.join(sorted(known))}")


def _matches(table: Table, contract: TableContract) -> bool:
    stored = {field.name: (field.field_type, field.required) for field in table.schema().fields}
    is_partitioned_so = [field.name for field in table.spec().fields] == list(contract.partition_by)
    if stored.keys() != set(contract.column_names) or not is_partitioned_so:
        return False
    return all(
        stored[column.name][0] == iceberg_type(column.type)
        and not (stored[column.name][1] and column.nullable)
        for column in contract.columns
    )


def _evolve(table: Table, contract: TableContract) -> Table:
    spec = [field.name for field in table.spec().fields]
    if spec != list(contract.partition_by):
        raise _changed(
            contract, f"it is partitioned by {spec}, the contract says {list(contract.partition_by)}"
        )
    try:
        with table.update_schema() as update:
            _bring_columns(update, table, contract)
    except (ValueError, ResolveError, ValidationError) as error:
        raise _changed(contract, str(error)) from error
    with table.transaction() as transaction:
        transaction.set_properties({CONTRACT_VERSION: str(contract.version)})
    return table


def _bring_columns(update: UpdateSchema, table: Table, contract: TableContract) -> None:
    stored = {field.name: field for field in table.schema().fields}
    for name in stored.keys() - set(contract.column_names):
        update.delete_column(name)
    for column in contract.columns:
        field = stored.get(column.name)
        if field is None:
            # Rows that are there already have no value for it, so Iceberg wants it optional; the audit
            # still refuses nulls where the contract does.
            update.add_column(column.name, iceberg_type(column.type), doc=column.description)
            continue
        if field.field_type != iceberg_type(column.type):
            update.update_column(column.name, iceberg_type(column.type))
        if field.required and column.nullable:
            update.make_column_optional(column.name)


def _changed(contract: TableContract, why: str) -> ContractChangedError:
    return ContractChangedError(
        f"the stored table {contract.name} cannot be brought to version {contract.version} of its contract: "
        f"{why}. Run `f1lake rebuild`: it drops the table and computes it again from raw."
    )
