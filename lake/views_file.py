"""A DuckDB file with a view per table, at a path that stays: for the DuckDB shell and other programs.

The views read the tables where they are; no row is copied. They are pinned to the release that was newest
when the file was written. It is written anew by replacing it, so a program that has it open keeps what it
sees.
"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import duckdb

from lake.lake import Lake
from lake.query import extension_file

VIEWS_FILE = "f1lake.duckdb"
"""Its name under the home. DuckDB names the database after it, and no zone may have that name."""


def views_file(home: Path) -> Path:
    """Return where the file of a home is, written or not."""
    return home.absolute() / VIEWS_FILE


def write_views_file(lake: Lake) -> Path:
    """Write the file for the newest release and return its path.

    Args:
        lake: The lake.
    """
    path = views_file(lake.settings.home)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    releases = lake.releases()
    release = releases[-1].release_id if releases else None
    try:
        with closing(duckdb.connect(str(new))) as connection:
            lake.register_views(connection)
            connection.execute("create table main.release as select ?::bigint as release_id", [release])
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def refresh_views_file(lake: Lake) -> None:
    """Write the file again where there is one."""
    if views_file(lake.settings.home).is_file():
        write_views_file(lake)


def load_statements() -> list[str]:
    """Return what a DuckDB of our version executes to read Iceberg tables without fetching an extension."""
    return [f"LOAD '{extension_file(name)}';" for name in ("avro", "iceberg")]
