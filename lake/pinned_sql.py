"""SQL over the newest release: connections and the one kept open for questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb
import pyarrow as pa

from lake.query import (
    create_views,
    load_extensions,
    new_connection,
    query_failed,
    refuse_writing,
    set_up_storage,
)
from lake.reading import Reader
from lake.releases import TableVersion
from lake.store import unknown_table

_ZONES = ("marts", "curated", "processed", "raw", "lake")
"""Where a table is looked for that is named without its zone, in this order."""


class PinnedSql:
    """Answers SQL; its views are made once per release."""

    def __init__(self, reader: Reader) -> None:
        """Connect to nothing yet.

        Args:
            reader: Says which versions a release has.
        """
        self._reader = reader
        self._open: tuple[Mapping[str, TableVersion], duckdb.DuckDBPyConnection] | None = None

    def close(self) -> None:
        """Close the kept connection."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def query(self, sql: str) -> pa.Table:
        """Return the answer to one statement that reads.

        Raises:
            QueryRefusedError: If the statement does anything but read.
            WrongStatementError: If DuckDB does not understand it, or it asks what cannot be computed.
            QueryFailedError: If it needs more memory than it may take, or a file cannot be read.
        """
        cursor = self._current().cursor()
        try:
            self._look_in_zones(cursor)
            refuse_writing(cursor, sql)
            return cursor.execute(sql).to_arrow_table()
        except duckdb.Error as error:
            raise query_failed(error) from error
        finally:
            cursor.close()

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a new connection in memory with a view per table; the caller closes it.

        A table's zone may be left out: it is looked for in the marts first, then in the zones before them.
        """
        connection = new_connection(self._reader.store.settings)
        self.register_views(connection)
        self._look_in_zones(connection)
        return connection

    def register_views(
        self, connection: duckdb.DuckDBPyConnection, tables: Collection[str] | None = None
    ) -> None:
        """Create views in any connection; it gets the extensions it needs.

        Args:
            connection: The connection.
            tables: Names of the tables; null for all.

        Raises:
            UnknownTableError: If a name is no table.
        """
        store = self._reader.store
        versions = self._reader.versions()
        known = {**store.contracts, **versions}
        for name in tables or ():
            if name not in known:
                raise unknown_table(name, known)
        load_extensions(connection)
        set_up_storage(connection, store.settings.properties)
        create_views(connection, versions, store.contracts, known if tables is None else tables)

    def _look_in_zones(self, connection: duckdb.DuckDBPyConnection) -> None:
        zones = {name.split(".", 1)[0] for name in self._reader.store.contracts}
        path = ["main", *(zone for zone in _ZONES if zone in zones)]
        connection.execute(f"SET search_path = '{','.join(path)}'")

    def _current(self) -> duckdb.DuckDBPyConnection:
        versions = self._reader.versions()
        if self._open is None or self._open[0] != versions:
            self.close()
            self._open = (versions, self.connect())
        return self._open[1]
