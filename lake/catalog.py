"""Opens the Iceberg catalog that the settings name, and answers where tables' metadata is.

Creating and loading tables is ``lake/store.py``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy import exc as sqlalchemy_errors

from lake.errors import CatalogClosedError, LakeMovedError, LostCatalogError, UnsupportedCatalogError
from lake.marker import check_not_moved, is_lake, write_marker
from lake.quick_catalog import QuickSqlCatalog
from lake.settings import CATALOG_NAME, LakeSettings

SUPPORTED = ("local", "sql")

DATABASE = "catalog.db"
"""File of a local lake's catalog, in its home."""

RESTORE = (
    "Put the file back from a copy, or restore a backup in an empty folder: "
    "`f1lake --home NEW-FOLDER restore BACKUP`; `f1lake doctor` says what else is not well."
)

# A writer in another process holds SQLite's own lock for milliseconds; waiting is right, failing is not.
_SQLITE_WAIT_S = 60


def open_catalog(settings: LakeSettings) -> QuickSqlCatalog:
    """Return the catalog of the settings, ready to use; its database is made where it is absent.

    Raises:
        UnsupportedCatalogError: If the kind is not supported or its settings are incomplete.
        LakeMovedError: If a local lake is not in the folder it was made in.
        LostCatalogError: If a local lake was made here and its catalog is gone, or is no database.
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
    check_catalog_kept(home)
    home.mkdir(parents=True, exist_ok=True)
    database = home / DATABASE
    try:
        _use_write_ahead_log(database)
        catalog = _sql_catalog(
            f"sqlite:///{database}?timeout={_SQLITE_WAIT_S}", f"file://{home / 'tables'}", settings
        )
    except (sqlite3.OperationalError, sqlalchemy_errors.OperationalError) as error:
        raise CatalogClosedError(
            f"{database} cannot be opened ({_first_line(error)}): `f1lake doctor` says whose it is, and "
            "whether the disk has room."
        ) from error
    except (sqlite3.DatabaseError, sqlalchemy_errors.DatabaseError) as error:
        raise LostCatalogError(
            f"{database} is damaged ({_first_line(error)}), and it says which files make up the tables. "
            f"{RESTORE}"
        ) from error
    # Last, so that a folder with the marker had a catalog.
    write_marker(home)
    event.listen(catalog.engine, "connect", _trust_write_ahead_log)
    catalog.engine.dispose()
    return catalog


def check_catalog_kept(home: Path) -> None:
    """Raise where a lake was made in a folder and its catalog is gone: a new one would hide its tables.

    Raises:
        LostCatalogError: If it is.
    """
    database, tables = home / DATABASE, home / "tables"
    if database.is_file() and database.stat().st_size:
        return
    if is_lake(home) or (tables.is_dir() and any(tables.iterdir())):
        what = "empty" if database.is_file() else "missing"
        raise LostCatalogError(f"{database} is {what}, and with it which files make up the tables. {RESTORE}")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


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
            f"catalog 'sql' needs {missing}: set PYICEBERG_CATALOG__DEFAULT__URI to the database's address "
            "and PYICEBERG_CATALOG__DEFAULT__WAREHOUSE to where the tables are, such as s3://bucket/lake"
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
