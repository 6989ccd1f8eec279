"""Opens the Iceberg catalog that the settings name, and answers where tables' metadata is.

Creating and loading tables is ``lake/store.py``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from lake.errors import LakeMovedError, UnsupportedCatalogError
from lake.marker import check_not_moved, write_marker
from lake.quick_catalog import QuickSqlCatalog
from lake.settings import CATALOG_NAME, LakeSettings

SUPPORTED = ("local", "sql")

# A writer in another process holds SQLite's own lock for milliseconds; waiting is right, failing is not.
_SQLITE_WAIT_S = 60


def open_catalog(settings: LakeSettings) -> QuickSqlCatalog:
    """Return the catalog of the settings, ready to use; its database is made where it is absent.

    Raises:
        UnsupportedCatalogError: If the kind is not supported or its settings are incomplete.
        LakeMovedError: If a local lake is not in the folder it was made in.
    """
    if settings.catalog == "local":
        return _open_local(settings)
    if settings.catalog == "sql":
        return _open_sql(settings)
    raise UnsupportedCatalogError(
        f"catalog {settings.catalog!r} is not supported: use {' or '.join(SUPPORTED)} "
        "(aws, Glue with S3, comes later)"
    )


def _open_local(settings: LakeSettings) -> QuickSqlCatalog:
    home = settings.home.absolute()
    check_not_moved(home)
    home.mkdir(parents=True, exist_ok=True)
    write_marker(home)
    database = home / "catalog.db"
    _use_write_ahead_log(database)
    catalog = _sql_catalog(
        f"sqlite:///{database}?timeout={_SQLITE_WAIT_S}", f"file://{home / 'tables'}", settings
    )
    event.listen(catalog.engine, "connect", _trust_write_ahead_log)
    catalog.engine.dispose()
    return catalog


def _use_write_ahead_log(database: Path) -> None:
    """Let the catalog's database write ahead, which it keeps in its file.

    A step commits some thirty tables, each in a transaction of its own. With SQLite's default journal each
    waits three times for the disk; so kept they wait at checkpoints only. A killed process loses nothing by
    it. A power cut may take back the last releases, whole and in order.
    """
    with closing(sqlite3.connect(database, timeout=_SQLITE_WAIT_S)) as connection:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode=WAL")


def _trust_write_ahead_log(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _open_sql(settings: LakeSettings) -> QuickSqlCatalog:
    if settings.uri is None or settings.warehouse is None:
        missing = "uri" if settings.uri is None else "warehouse"
        raise UnsupportedCatalogError(
            f"catalog 'sql' needs {missing}: give the database's address (uri) and where the tables are "
            "(warehouse, such as s3://bucket/lake)"
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    return _sql_catalog(settings.uri, settings.warehouse.rstrip("/"), settings)


def _sql_catalog(uri: str, warehouse: str, settings: LakeSettings) -> QuickSqlCatalog:
    properties: dict[str, Any] = {**settings.properties, "uri": uri, "warehouse": warehouse}
    return QuickSqlCatalog(CATALOG_NAME, **properties)


def moved_error(location: str, cause: Exception) -> LakeMovedError:
    """Return the error for a table whose metadata file is not where the catalog says."""
    return LakeMovedError(
        f"the catalog names {location}, which cannot be read ({cause}). If the lake was moved, move it back: "
        "Iceberg stores absolute paths. If it was not, restore that file from a backup."
    )


def local_path(location: str) -> Path | None:
    """Return the path of a ``file://`` location or a plain path; null for object storage."""
    if location.startswith("file://"):
        return Path(location.removeprefix("file://"))
    return None if "://" in location else Path(location)
