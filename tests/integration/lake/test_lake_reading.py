"""Reading a release: rows, SQL, older releases, and what cannot be read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from lake_tables import LAPS, STINTS, TABLES, laps, stints, write

from lake.errors import (
    ExtensionMissingError,
    LakeMovedError,
    LakeNotFoundError,
    QueryFailedError,
    QueryRefusedError,
    ReleaseGoneError,
    UnknownColumnError,
    UnknownTableError,
    UnsupportedCatalogError,
    WrongStatementError,
)
from lake.lake import Lake
from lake.query import extension_file
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]


def test_a_lake_without_a_release_reads_as_empty_tables(lake: Lake) -> None:
    assert lake.read("curated.laps").schema.names == list(LAPS.column_names)
    assert lake.query("select count(*) as laps from curated.laps")["laps"].to_pylist() == [0]
    assert lake.query("select compound, season from curated.laps").schema.names == ["compound", "season"]
    assert lake.snapshot_ids() == {}
    assert lake.releases() == ()
    assert {state.name for state in lake.tables()} >= {table.name for table in TABLES}


def test_sql_sees_every_table_as_a_view_of_its_zone(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")), (STINTS, "2024-08-R", stints("2024-08-R")))
    answer = lake.query(
        "select l.car_number, count(*) as laps, max(s.lap_count) as stint from curated.laps l "
        "join curated.stints s using (session_key, car_number) group by all order by 1"
    )
    assert answer.to_pylist() == [
        {"car_number": "1", "laps": 20, "stint": 20},
        {"car_number": "2", "laps": 20, "stint": 20},
    ]
    assert lake.query("select table_name from lake.writes order by 1").num_rows == 2
    assert lake.query("select release_id, changed_tables from lake.releases")["release_id"].to_pylist() == [1]
    assert lake.read("lake.releases")["step"].to_pylist() == ["test"]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into curated.laps select * from curated.laps",
        "delete from curated.laps",
        "drop view curated.laps",
        "create table x as select 1",
        "copy (select 1) to 'x.csv'",
        "attach 'x.db'",
        "select 1; select 2",
    ],
)
def test_sql_that_does_not_only_read_is_refused(lake: Lake, sql: str) -> None:
    with pytest.raises(QueryRefusedError):
        lake.query(sql)


def test_statement_that_duckdb_does_not_understand_is_a_named_error(lake: Lake) -> None:
    for sql, reason in (
        ("selec 1", "syntax error"),
        ("select * from curated.lapps", "lapps does not exist"),
        ("select cast('x' as integer)", "Could not convert"),
    ):
        with pytest.raises(WrongStatementError, match=reason):
            lake.query(sql)


def test_answer_beyond_the_memory_says_how_to_allow_more(open_lake: OpenLake, home: Path) -> None:
    small = open_lake(settings=LakeSettings(home=home, memory_limit="10MB"))
    with pytest.raises(QueryFailedError, match="F1LAKE_MEMORY_LIMIT"):
        small.query("select list(range) from range(10_000_000)")


def test_file_that_is_gone_sends_to_the_doctor(lake: Lake) -> None:
    with pytest.raises(QueryFailedError, match="f1lake doctor"):
        lake.query("select * from read_parquet('gone.parquet')")


def test_views_of_a_connection_cannot_be_written_to(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    with lake.connect() as connection:
        with pytest.raises(duckdb.Error):
            connection.execute("insert into curated.laps select * from curated.laps")
        assert connection.execute("select count(*) from curated.laps").fetchone() == (40,)
        assert connection.execute("select current_setting('autoinstall_known_extensions')").fetchone() == (
            False,
        )
        assert connection.execute("select current_setting('threads')").fetchone() == (2,)


def test_views_are_made_on_any_connection_for_some_tables(lake: Lake, tmp_path: Path) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    with duckdb.connect(str(tmp_path / "run.duckdb")) as connection:
        lake.register_views(connection, ["curated.laps", "curated.stints"])
        assert connection.execute("select count(*) from curated.laps").fetchone() == (40,)
        assert connection.execute("select count(*) from curated.stints").fetchone() == (0,)
        with pytest.raises(UnknownTableError, match=r"Did you mean curated.laps"):
            lake.register_views(connection, ["curated.lap"])


def test_rows_without_a_value_can_be_asked_for_beside_those_with_one(lake: Lake) -> None:
    for number, lap_time_ms in enumerate((90_000, 95_000, None), start=1):
        session_key = f"2024-0{number}-R"
        rows = pl.DataFrame(pl.from_arrow(laps(session_key))).with_columns(
            lap_time_ms=pl.lit(lap_time_ms, pl.Int64), compound=pl.lit(None if number == 3 else "SOFT")
        )
        write(lake, (LAPS, session_key, rows.to_arrow()))

    def sessions(**where: object) -> set[str]:
        return set(lake.read("curated.laps", where)["session_key"].to_pylist())

    assert sessions(lap_time_ms=(90_000, None)) == {"2024-01-R", "2024-03-R"}
    assert sessions(lap_time_ms=None) == {"2024-03-R"}
    assert sessions(compound=("SOFT", None)) == {"2024-01-R", "2024-02-R", "2024-03-R"}
    assert sessions(session_key=("2024-02-R", None)) == {"2024-02-R"}
    assert sessions(lap_time_ms=95_000) == {"2024-02-R"}


def test_reading_takes_filters_and_columns(lake: Lake) -> None:
    for key in ("2023-01-R", "2024-08-Q", "2024-08-R"):
        write(lake, (LAPS, key, laps(key)))
    assert lake.read("curated.laps", {"weekend_key": "2024-08"}).num_rows == 80
    some = lake.read(
        "curated.laps", {"session_key": ["2023-01-R", "2024-08-Q"], "car_number": "1"}, ["lap_number"]
    )
    assert some.schema.names == ["lap_number"]
    assert some.num_rows == 40
    assert lake.read("curated.laps", {"session_key": []}).num_rows == 0
    assert lake.read("curated.laps", {"compound": None}).num_rows == 0
    assert lake.read("curated.laps", {"compound": ["SOFT", None]}).num_rows == 120


def test_unknown_names_are_answered_with_the_names_there_are(lake: Lake) -> None:
    with pytest.raises(UnknownTableError, match=r"Did you mean curated\.laps.*Tables: curated\.laps, "):
        lake.read("curated.lapps")
    with pytest.raises(UnknownTableError, match=r"there is no table 'zzz'. Tables"):
        lake.read("zzz")
    with pytest.raises(UnknownColumnError, match="has no column 'speed'; it has season"):
        lake.read("curated.laps", {"speed": 1})
    with pytest.raises(UnknownColumnError, match="has no column 'speed'"):
        lake.read("curated.laps", columns=["speed"])
    with pytest.raises(UnknownTableError):
        lake.scope_lock("curated.nothing", "all")


def test_a_table_without_contract_is_read_by_its_own_columns(lake: Lake, open_lake: OpenLake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    newer = open_lake(contracts=(STINTS,))
    assert newer.read("curated.laps", columns=["car_number"]).num_rows == 40
    assert newer.query("select count(*) as laps from curated.laps")["laps"].to_pylist() == [40]


def test_kept_releases_are_read_again_and_others_are_gone(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=LakeSettings(home=home, keep_releases=2, keep_release_age=timedelta(0)))
    for turn in (1, 2, 3):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    assert set(lake.read("curated.laps", release=2)["lap_time_ms"].to_pylist()) == {2}
    assert set(lake.read("curated.laps")["lap_time_ms"].to_pylist()) == {3}
    with pytest.raises(ReleaseGoneError, match="release 1 is not kept; kept releases: 2, 3"):
        lake.read("curated.laps", release=1)
    assert [release.tables is None for release in lake.releases()] == [True, False, False]


def test_readers_see_the_old_release_during_a_commit(open_lake: OpenLake) -> None:
    seen: list[tuple[str, int, int, int]] = []
    reader = open_lake(read_only=False)

    def look(where: str) -> None:
        rows = reader.read("curated.laps").num_rows, reader.read("curated.stints").num_rows
        in_sql = reader.query("select count(*) as laps from curated.laps")["laps"][0].as_py()
        seen.append((where, *rows, in_sql))

    lake = open_lake(checkpoint=look)
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")), (STINTS, "2024-08-R", stints("2024-08-R")))
    assert seen == [
        ("plan", 0, 0, 0),
        ("table curated.laps", 0, 0, 0),
        ("table curated.stints", 0, 0, 0),
        ("writes", 0, 0, 0),
        ("release", 40, 2, 40),
    ]


def test_heads_are_read_when_no_release_is_wanted(open_lake: OpenLake) -> None:
    heads: list[int] = []
    reader = open_lake()

    def look(where: str) -> None:
        if where == "table curated.laps":
            heads.append(reader.read("curated.laps", release=None).num_rows)

    write(open_lake(checkpoint=look), (LAPS, "2024-08-R", laps("2024-08-R")))
    assert heads == [40]


def test_tables_tell_rows_files_and_age(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    states = {state.name: state for state in lake.tables()}
    state = states["curated.laps"]
    assert (state.row_count, state.file_count) == (40, 1)
    assert state.byte_count > 0
    assert state.written_at == lake.ledger.newest("curated.laps", "2024-08-R").written_at  # type: ignore[union-attr]
    assert states["curated.stints"].snapshot_id is None
    assert states["curated.stints"].written_at is None


def test_reading_where_there_is_no_lake_names_the_command_that_makes_one(home: Path) -> None:
    with pytest.raises(LakeNotFoundError, match="f1lake ingest 2024-08"):
        Lake.open(LakeSettings(home=home), TABLES, read_only=True)
    assert not home.exists()


def test_a_moved_lake_says_where_it_was_made(open_lake: OpenLake, home: Path, tmp_path: Path) -> None:
    with open_lake() as lake:
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    moved = tmp_path / "elsewhere"
    shutil.move(home, moved)
    for read_only in (True, False):
        with pytest.raises(LakeMovedError, match=f"was made in {home}"):
            Lake.open(LakeSettings(home=moved), TABLES, read_only=read_only)
    shutil.copytree(moved, home)
    with pytest.raises(LakeMovedError, match=r"is a copy of .*backup FILE\.tar"):
        Lake.open(LakeSettings(home=moved), TABLES, read_only=True)
    shutil.rmtree(home)
    home.symlink_to(moved)
    assert open_lake(settings=LakeSettings(home=moved), read_only=True).read("curated.laps").num_rows == 40


def test_a_missing_metadata_file_says_so(open_lake: OpenLake, home: Path) -> None:
    with open_lake() as lake:
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    shutil.rmtree(home / "tables" / "curated")
    lake = open_lake()
    with pytest.raises(LakeMovedError, match="cannot be read"):
        lake.read("curated.laps")
    with pytest.raises(LakeMovedError, match="restore that file"):
        write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    assert list((home / "staging").iterdir()) == []


def test_a_home_with_a_space_works(open_lake: OpenLake, tmp_path: Path) -> None:
    lake = open_lake(settings=LakeSettings(home=tmp_path / "my lake"))
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert lake.query("select count(*) as laps from curated.laps")["laps"].to_pylist() == [40]
    assert (tmp_path / "my lake" / "tables" / "curated" / "laps" / "data").is_dir()


def test_catalogs_that_are_not_supported_are_refused(home: Path) -> None:
    with pytest.raises(UnsupportedCatalogError, match="'aws' is not supported: use local or sql"):
        Lake.open(LakeSettings(home=home, catalog="aws"), TABLES)
    with pytest.raises(UnsupportedCatalogError, match="needs uri: set PYICEBERG_CATALOG__DEFAULT__URI"):
        Lake.open(LakeSettings(home=home, catalog="sql"), TABLES)
    with pytest.raises(UnsupportedCatalogError, match="needs warehouse"):
        Lake.open(LakeSettings(home=home, catalog="sql", uri="sqlite://"), TABLES)


def test_an_extension_that_is_not_installed_names_its_wheel() -> None:
    with pytest.raises(ExtensionMissingError, match="install duckdb-extension-nothing=="):
        extension_file("nothing")


def test_a_column_added_to_a_contract_is_null_in_older_rows(open_lake: OpenLake) -> None:
    from dataclasses import replace

    from lake.contracts import Column

    write(open_lake(), (STINTS, "2024-08-Q", stints("2024-08-Q")))
    columns = (*STINTS.columns[:3], Column("compound", "string", "Compound."), *STINTS.columns[3:])
    wider = replace(STINTS, columns=columns, version=2)
    lake = open_lake(contracts=(wider,))
    assert lake.read("curated.stints")["compound"].null_count == 2
    rows = stints("2024-08-R").append_column("compound", pa.array(["SOFT", "HARD"]))
    write(lake, (wider, "2024-08-R", rows))
    found = pl.from_arrow(lake.read("curated.stints")).sort("session_key", "car_number")
    assert found["compound"].to_list() == [None, None, "SOFT", "HARD"]
    assert lake.query("select compound from curated.stints where session_key = '2024-08-R'").num_rows == 2
