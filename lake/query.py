"""SQL over the lake with DuckDB: every table a view ``zone.table``, pinned to one release.

Extensions are loaded from the files inside their Python wheels; nothing is fetched from the network.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path

import duckdb

from lake.contracts import ColumnType, TableContract
from lake.errors import ExtensionMissingError, QueryFailedError, QueryRefusedError, WrongStatementError
from lake.releases import TableVersion
from lake.settings import LakeSettings

# Avro before Iceberg, which reads manifests with it.
_EXTENSIONS = ("httpfs", "avro", "iceberg")

_TYPES: dict[ColumnType, str] = {
    "string": "VARCHAR",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "bool": "BOOLEAN",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "date": "DATE",
    "binary": "BLOB",
    "json": "VARCHAR",
}

_READING = {
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.PRAGMA,
    duckdb.StatementType.RELATION,
    duckdb.StatementType.CALL,
}


def new_connection(settings: LakeSettings) -> duckdb.DuckDBPyConnection:
    """Return an empty DuckDB in memory within the settings' limits, which fetches nothing by itself."""
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": settings.memory_limit,
            "threads": str(settings.threads),
            "temp_directory": str(settings.home.absolute() / "duckdb_tmp"),
        }
    )


def load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the Iceberg reader and what it needs into any connection.

    Raises:
        ExtensionMissingError: If a wheel is not installed, or is of another DuckDB version.
    """
    for name in _EXTENSIONS:
        connection.execute(f"LOAD {_quoted(str(extension_file(name)))}")


def extension_file(name: str) -> Path:
    """Return the path of a DuckDB extension inside its wheel.

    Raises:
        ExtensionMissingError: If the wheel is not installed, or is of another DuckDB version.
    """
    package = find_spec(f"duckdb_extension_{name}")
    folders = [] if package is None else list(package.submodule_search_locations or [])
    for folder in folders:
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if file.is_file():
            return file
    raise ExtensionMissingError(
        f"the DuckDB extension {name} for DuckDB {duckdb.__version__} is not installed: "
        f"install duckdb-extension-{name}=={duckdb.__version__}"
    )


def create_views(
    connection: duckdb.DuckDBPyConnection,
    versions: Mapping[str, TableVersion],
    contracts: Mapping[str, TableContract],
    names: Collection[str],
) -> None:
    """Create or replace a view per table; tables without rows yet become empty views.

    Args:
        connection: Any DuckDB connection with the extensions loaded.
        versions: What each table's view reads.
        contracts: Columns of tables that were never written.
        names: The tables.
    """
    for name in sorted(names):
        zone, table = name.split(".", 1)
        connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{zone}"')
        version = versions.get(name)
        body = _empty(contracts[name]) if version is None else _scan(version)
        connection.execute(f'CREATE OR REPLACE VIEW "{zone}"."{table}" AS {body}')


def set_up_storage(connection: duckdb.DuckDBPyConnection, properties: Mapping[str, str]) -> None:
    """Tell DuckDB how to reach an S3 store, from PyIceberg's properties; nothing for a folder."""
    if "s3.endpoint" not in properties and "s3.access-key-id" not in properties:
        return
    endpoint = properties.get("s3.endpoint", "")
    host = endpoint.split("://", 1)[-1].rstrip("/")
    parts = {
        "KEY_ID": properties.get("s3.access-key-id"),
        "SECRET": properties.get("s3.secret-access-key"),
        "SESSION_TOKEN": properties.get("s3.session-token"),
        "REGION": properties.get("s3.region"),
        "ENDPOINT": host or None,
        "URL_STYLE": "path" if host else None,
    }
    given = [f"{name} {_quoted(value)}" for name, value in parts.items() if value]
    if host:
        given.append(f"USE_SSL {'false' if endpoint.startswith('http://') else 'true'}")
    connection.execute(f"CREATE OR REPLACE SECRET f1lake (TYPE s3, {', '.join(given)})")


def refuse_writing(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise where the text is not exactly one statement that reads.

    Raises:
        QueryRefusedError: If it writes, or is not one statement.
    """
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise QueryRefusedError(f"give one statement, not {len(statements)}")
    kind = statements[0].type
    if kind not in _READING:
        raise QueryRefusedError(
            f"the lake is only read by SQL, and this is {kind.name}: use SELECT, DESCRIBE, SHOW or EXPLAIN. "
            "Tables are written by `f1lake ingest` and `f1lake rebuild`."
        )


def query_failed(error: duckdb.Error) -> QueryFailedError:
    """Return DuckDB's error as one of ours, with what to do next."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryFailedError(
            f"{error}\nGive DuckDB more memory with F1LAKE_MEMORY_LIMIT, such as 4GB, or ask for fewer rows."
        )
    if isinstance(error, duckdb.OperationalError | duckdb.InternalError):
        return QueryFailedError(f"{error}\n`f1lake doctor` looks whether all files of the lake are there.")
    return WrongStatementError(str(error))


def _scan(version: TableVersion) -> str:
    location = version.metadata_location.removeprefix("file://")
    scan = f"iceberg_scan({_quoted(location)}, snapshot_from_id={version.snapshot_id})"
    return f"SELECT * FROM {scan}"  # noqa: S608 - the location is ours and quoted


def _empty(contract: TableContract) -> str:
    columns = ", ".join(
        f'CAST(NULL AS {_TYPES[column.type]}) AS "{column.name}"' for column in contract.columns
    )
    return f"SELECT {columns} WHERE false"


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
