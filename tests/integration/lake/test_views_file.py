"""The DuckDB file of views: a plain DuckDB reads the lake through it, at a path that stays."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import duckdb
from lake_tables import LAPS, laps, write

from lake.lake import Lake
from lake.views_file import load_statements, refresh_views_file, views_file, write_views_file

OFFLINE = {"autoinstall_known_extensions": "false"}


def opened(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), read_only=True, config=OFFLINE)
    for statement in load_statements():
        connection.execute(statement)
    return connection


def lap_count(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    (row,) = connection.execute("select count(*), (from release) from curated.laps").fetchall()
    return row


def test_plain_duckdb_reads_the_newest_release_through_the_file(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    path = write_views_file(lake)
    with closing(opened(path)) as before:
        assert lap_count(before) == (40, 1)
        write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
        refresh_views_file(lake)
        assert lap_count(before) == (40, 1)
    with closing(opened(path)) as after:
        assert lap_count(after) == (80, 2)
    assert list(path.parent.glob(f"{path.name}*")) == [path]


def test_file_of_an_empty_lake_has_empty_tables(lake: Lake) -> None:
    with closing(opened(write_views_file(lake))) as connection:
        assert lap_count(connection) == (0, None)


def test_file_is_written_for_who_asked_for_it_only(lake: Lake) -> None:
    refresh_views_file(lake)
    assert not views_file(lake.settings.home).exists()
