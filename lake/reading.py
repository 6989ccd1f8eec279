"""Reads rows of one release as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from lake.books import Books
from lake.contracts import TableContract
from lake.errors import ReleaseGoneError, UnknownColumnError
from lake.filters import column_filter
from lake.releases import Release, TableVersion
from lake.snapshot_reading import read_snapshot
from lake.store import Store, unknown_table
from lake.tables.lake_releases import LAKE_RELEASES

Pin = int | Literal["newest"] | None
"""Which state is read: the newest release, a kept release by its id, or (null) the tables' heads."""


@dataclass(frozen=True)
class Reader:
    """Reads tables as one release has them.

    Attributes:
        store: The lake's tables.
        books: The releases.
    """

    store: Store
    books: Books

    def versions(self, pin: Pin = "newest") -> Mapping[str, TableVersion]:
        """Return the version of every table that has rows or had some.

        The list of releases itself is not part of a release and always read as it is now.

        Raises:
            ReleaseGoneError: If the release is not kept.
        """
        if pin is None:
            return self._heads(self.store.locations())
        release = self.release(pin)
        tables = {} if release is None or release.tables is None else release.tables
        location = self.store.locations().get(LAKE_RELEASES.name)
        return {**tables, **self._heads({} if location is None else {LAKE_RELEASES.name: location})}

    def release(self, pin: int | Literal["newest"] = "newest") -> Release | None:
        """Return a kept release; null for the newest of a lake without any.

        Raises:
            ReleaseGoneError: If the release is not kept, or never was.
        """
        kept = self.books.kept()
        if pin == "newest":
            return kept[-1] if kept else None
        for release in kept:
            if release.release_id == pin:
                return release
        ids = ", ".join(str(release.release_id) for release in kept) or "none"
        raise ReleaseGoneError(f"release {pin} is not kept; kept releases: {ids}")

    def read(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        columns: Sequence[str] | None = None,
        pin: Pin = "newest",
    ) -> pa.Table:
        """Return rows of a table, of the contract's types; none where it was never written.

        Args:
            table: The table's name.
            where: Column to a value or a collection of values; only files that can hold them are read.
            columns: Columns to return, in this order; null for all.
            pin: Which state is read.

        Raises:
            UnknownTableError: If there is no such table.
            UnknownColumnError: If the filter or the selection names a column the table does not have.
            ReleaseGoneError: If the release is not kept.
        """
        versions = self.versions(pin)
        contract = self.store.contracts.get(table)
        if contract is None and table not in versions:
            raise unknown_table(table, {**self.store.contracts, **versions})
        names = self._column_names(table, contract, versions)
        chosen = list(columns) if columns is not None else list(names)
        if foreign := [name for name in chosen if name not in names]:
            raise UnknownColumnError(f"{table} has no column {foreign[0]!r}; it has {', '.join(names)}")
        wanted = column_filter(where or {}, names, table)
        version = versions.get(table)
        if version is None:
            return _typed(contract, pa.table({name: pa.nulls(0) for name in chosen}), chosen)
        stored = self.store.at(version.metadata_location)
        there = set(stored.schema().column_names)
        names_there = [name for name in chosen if name in there]
        rows = read_snapshot(
            stored, contract, version.snapshot_id, wanted, names_there, self.store.catalog.files
        )
        return _typed(contract, rows, chosen)

    def _column_names(
        self, table: str, contract: TableContract | None, versions: Mapping[str, TableVersion]
    ) -> tuple[str, ...]:
        if contract is not None:
            return contract.column_names
        return tuple(self.store.at(versions[table].metadata_location).schema().column_names)

    def _heads(self, locations: Mapping[str, str]) -> dict[str, TableVersion]:
        heads = {}
        for name, location in locations.items():
            head = self.store.at(location).metadata.current_snapshot_id
            if head is not None:
                heads[name] = TableVersion(head, location)
        return heads


def _typed(contract: TableContract | None, rows: pa.Table, chosen: Sequence[str]) -> pa.Table:
    if contract is None:
        return rows.select(list(chosen))
    types = {column.name: column.arrow_type for column in contract.columns}
    there = set(rows.column_names)
    arrays = [
        rows[name].cast(types[name]) if name in there else pa.nulls(rows.num_rows, types[name])
        for name in chosen
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema([pa.field(name, types[name]) for name in chosen]))
