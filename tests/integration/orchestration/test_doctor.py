"""The doctor finds what is broken in a real lake, names it, and says what to run."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lake.contracts import TableContract
from lake.errors import CatalogClosedError, LostCatalogError
from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.marts_dim_circuit import MARTS_DIM_CIRCUIT as CIRCUITS
from lake.tables.processed_fastf1__session_status import PROCESSED_FASTF1__SESSION_STATUS as STATUS
from lake.tables.processed_fastf1__sessions import PROCESSED_FASTF1__SESSIONS as SESSIONS
from lake.tables.raw_requests import RAW_REQUESTS as REQUESTS
from orchestration.environments import Settings
from orchestration.examination import examine_home
from orchestration.findings import Finding, Health
from orchestration.instance import open_instance
from orchestration.lake_examination import examine_lake
from orchestration.run_examination import examine_runs

KEYS = ("2023-05-R", "2024-08-Q", "2024-08-R")
_VALUES = {"string": "1", "int32": 1, "int64": 1, "float64": 1.0, "bool": True, "json": "{}"}


class Killed(BaseException):
    """Ends a commit as a kill would."""


def one_row(contract: TableContract, session_key: str) -> pl.DataFrame:
    """Return one row that keeps a contract."""
    keys = {
        "season": int(session_key[:4]),
        "weekend_key": session_key[:7],
        "session_key": session_key,
        "fastf1_version": "0.0.1",
    }
    row = {column.name: None for column in contract.columns}
    for column in contract.columns:
        if column.name in keys:
            row[column.name] = keys[column.name]
        elif not column.nullable:
            row[column.name] = column.values[0] if column.values else _VALUES.get(column.type)
    types = {
        column.name: pl.DataFrame(pl.from_arrow(contract.arrow_schema.empty_table())).schema[column.name]
        for column in contract.columns
    }
    times = [column.name for column in contract.columns if column.type == "timestamp" and not column.nullable]
    frame = pl.DataFrame([row], schema=types)
    return frame.with_columns(pl.lit(0).cast(types[name]).alias(name) for name in times)


def write(lake: Lake, session_key: str) -> None:
    with lake.step(run_id="r", name="test", weekend_key=session_key[:7]) as step:
        for contract in (STATUS, SESSIONS):
            step.stage(contract, session_key, one_row(contract, session_key), {}, 1)
        step.append_raw(REQUESTS, one_row(REQUESTS, session_key))
        step.commit()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three sessions in two seasons."""
    with Lake.open(LakeSettings(home=tmp_path / "home")) as lake:
        for key in KEYS:
            write(lake, key)
        with lake.step(run_id="r", name="test") as step:
            step.stage(CIRCUITS, None, one_row(CIRCUITS, KEYS[0]), {}, 1)
            step.commit()
    return tmp_path / "home"


def found(home: Path, *, is_deep: bool = False) -> list[Finding]:
    """Return what is not well."""
    settings = Settings(home=home, is_home_given=True)
    return [one for one in examine_lake(settings, is_deep=is_deep) if one.health is not Health.GOOD]


def files(home: Path, table: str, suffix: str) -> list[Path]:
    return sorted((home / "tables" / table.replace(".", "/", 1)).rglob(f"*{suffix}"))


def test_lake_that_is_whole_is_well_but_for_another_parser(home: Path) -> None:
    (parser,) = found(home, is_deep=True)
    assert (parser.subject, parser.health) == ("FastF1", Health.NOTE)
    assert "3 sessions were parsed by another FastF1" in parser.text
    assert parser.advice == f"parse them again: f1lake --home {home} rebuild"


def test_missing_data_file_is_named_with_its_scopes_and_the_command(home: Path) -> None:
    (lost,) = (path for path in files(home, STATUS.name, ".parquet") if "2023" in str(path))
    lost.unlink()
    (finding,) = found(home)
    assert finding.health is Health.BAD
    assert finding.text == f"{STATUS.name} [2023-05-R]: {lost} is missing"
    assert str(finding.advice).startswith(f"f1lake --home {home} rebuild --table {STATUS.name}\n")
    shutil.rmtree(home / "tables" / "raw" / "requests" / "data")
    raw = next(one for one in found(home) if "raw.requests" in one.text)
    assert raw.advice == "restore a backup in an empty folder: f1lake --home NEW-FOLDER restore BACKUP"


@pytest.mark.parametrize("suffix", [".metadata.json", "-m0.avro"])
def test_missing_metadata_is_named(home: Path, suffix: str) -> None:
    for path in files(home, CIRCUITS.name, suffix):
        path.unlink()
    (finding,) = found(home)
    assert (finding.subject, finding.health) == ("Files", Health.BAD)
    assert finding.text.startswith(f"{CIRCUITS.name}: ")
    assert "is missing" in finding.text
    assert f"rebuild --table {CIRCUITS.name}" in str(finding.advice)


@pytest.mark.parametrize("book", ["lake.releases", "lake.writes"])
def test_books_that_are_gone_are_named(home: Path, book: str) -> None:
    shutil.rmtree(home / "tables" / book.replace(".", "/") / "metadata")
    first = found(home)[0]
    assert (first.health, book in first.text or "own books" in first.text) == (Health.BAD, True)
    assert "restore a backup" in str(first.advice)


def test_catalog_that_is_gone_or_points_elsewhere_is_named(home: Path) -> None:
    with closing(sqlite3.connect(home / "catalog.db")) as connection:
        connection.execute(
            "update iceberg_tables set metadata_location = replace(metadata_location, ?, '/old')"
            " where table_name = ?",
            (str(home), STATUS.table),
        )
        connection.commit()
    elsewhere = next(one for one in found(home) if one.subject == "Catalog")
    assert f"{STATUS.name}: the catalog points to file:///old/tables/" in elsewhere.text
    for path in home.glob("catalog.db*"):
        path.unlink()
    lost, *_ = found(home)
    assert "catalog.db is missing" in lost.text
    assert not (home / "catalog.db").exists()


@pytest.mark.parametrize("left", [None, b"", b"garbage" * 1000])
def test_lost_catalog_is_never_made_anew(home: Path, left: bytes | None) -> None:
    for path in home.glob("catalog.db*"):
        path.unlink()
    if left is not None:
        (home / "catalog.db").write_bytes(left)
    for is_reading in (True, False):
        with pytest.raises(LostCatalogError, match=r"catalog\.db is .*restore a backup"):
            Lake.open(LakeSettings(home=home), read_only=is_reading)
    after = (home / "catalog.db").read_bytes() if left is not None else None
    assert (after, (home / "catalog.db").exists()) == (left, left is not None)
    lost, *_ = found(home)
    assert lost.health is Health.BAD
    assert "restore a backup" in str(lost.advice)
    (home / "lake.json").unlink()
    with pytest.raises(LostCatalogError):
        Lake.open(LakeSettings(home=home))


def test_catalog_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "catalog.db").mkdir(parents=True)
    with pytest.raises(CatalogClosedError, match="f1lake doctor"):
        Lake.open(LakeSettings(home=home))


def test_ledger_and_tables_that_disagree_are_named(home: Path) -> None:
    with Lake.open(LakeSettings(home=home)) as lake:
        table = lake._store.catalog.load_table(STATUS.name)
        table.delete("session_key = '2024-08-R'")
    findings = found(home)
    assert [one.subject for one in findings] == ["Release"]
    assert "its head is snapshot" in findings[0].text
    with Lake.open(LakeSettings(home=home)) as lake, lake.step(run_id="r", name="test") as step:
        step.stage(STATUS, "2024-08-Q", one_row(STATUS, "2024-08-Q"), {"new": "input"}, 2)
        step.commit()
    (rows,) = found(home)
    assert (rows.subject, rows.health) == ("Rows", Health.BAD)
    assert rows.text == f"{STATUS.name} [2024-08-R]: 2024-08-R should have 1 rows and has 0"
    assert f"rebuild --table {STATUS.name}" in str(rows.advice)


def test_rows_that_are_not_those_written_are_found_when_looked_for(home: Path) -> None:
    (one, other) = (path for path in files(home, STATUS.name, ".parquet") if "2024" in str(path))
    other.write_bytes(one.read_bytes())
    assert [finding.subject for finding in found(home)] == ["Rows"]
    deep = found(home, is_deep=True)
    assert any("not those that were written" in finding.text for finding in deep)


def test_half_finished_and_abandoned_steps_are_named(home: Path) -> None:
    def die(where: str) -> None:
        if where == f"table {STATUS.name}":
            raise Killed

    with pytest.raises(Killed), Lake.open(LakeSettings(home=home), checkpoint=die) as lake:
        write(lake, "2024-09-R")
    steps = next(one for one in found(home) if one.subject == "Steps")
    assert "1 interrupted" in steps.text
    assert f"f1lake --home {home} maintain" in str(steps.advice)
    with Lake.open(LakeSettings(home=home)) as lake:
        assert lake.read(STATUS.name).num_rows == 4
    assert not [one for one in found(home) if one.subject in ("Steps", "Release")]
    (home / "staging" / "20240101T000000-abandoned").mkdir()
    steps = next(one for one in found(home) if one.subject == "Steps")
    assert "not decided" in steps.text


def test_table_of_a_newer_program_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lake.tables import registry

    newer = replace(STATUS, version=99)
    with Lake.open(LakeSettings(home=home), [newer]) as lake, lake.step(run_id="r", name="t") as step:
        step.stage(newer, KEYS[0], one_row(STATUS, KEYS[0]), {}, 1)
        step.commit()
    assert registry.ALL_TABLES[STATUS.name].version < 99
    (contract, *_) = found(home)
    assert (contract.subject, contract.health) == ("Contract", Health.BAD)
    assert "version 99 of its contract" in contract.text
    assert "install a newer f1lake" in str(contract.advice)


_HOLD = """
import os, subprocess, sys, time
from contextlib import suppress
from pathlib import Path
from lake.locks import held_lock
with held_lock(Path(sys.argv[1]), "the lake's writer lock", "a test", 5, print):
    child = os.getpid()
    if sys.argv[2] == "child":
        descriptors = []
        for number in range(3, 100):
            with suppress(OSError):
                os.fstat(number)
                descriptors.append(number)
        child = subprocess.Popen(["sleep", "60"], pass_fds=descriptors, stdout=subprocess.DEVNULL).pid
    print(child, flush=True)
    if sys.argv[2] == "child":
        os._exit(0)
    time.sleep(60)
"""


def hold_lock(home: Path, how: str) -> tuple[subprocess.Popen[str], int]:
    """Start a process that takes the writer lock; return it and the number of its child."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home / "locks"), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_lock_of_a_living_a_dead_and_a_half_dead_process(home: Path) -> None:
    process, _ = hold_lock(home, "stay")
    held = next(one for one in found(home) if one.subject == "Locks")
    assert f"process {process.pid} (a test" in held.text
    process.kill()
    process.communicate()
    assert not [one for one in found(home) if one.subject == "Locks"]
    process, child = hold_lock(home, "child")
    process.wait()
    try:
        stale = next(one for one in found(home) if one.subject == "Locks")
        assert stale.health is Health.BAD
        assert f"but process {process.pid} (a test" in stale.text
        assert str(stale.advice).startswith("find who holds it and end that: fuser ")
    finally:
        os.kill(child, 9)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_home_of_somebody_else_is_named_with_the_command(open_folder: Path) -> None:
    with Lake.open(LakeSettings(home=open_folder / "home")):
        pass
    assert examine_home(open_folder / "home").health is Health.GOOD
    asked = (
        "import os, sys; from pathlib import Path; from orchestration.examination import examine_home\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "print(examine_home(Path(sys.argv[1])))"
    )
    (open_folder / "home").chmod(0o555)
    command = [sys.executable, "-c", asked, str(open_folder / "home")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Permission denied" in done.stdout
    (open_folder / "home").chmod(0o777)
    (open_folder / "home" / "catalog.db").chmod(0o400)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "cannot be read and written" in done.stdout
    assert "sudo chown -R" in done.stdout


def test_history_of_another_dagster_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert list(examine_runs(settings)) == []
    with open_instance(settings):
        pass
    (good,) = examine_runs(settings)
    assert good.health is Health.GOOD
    for revision, advice in (("567bc23fd1ac", "dagster instance migrate"), ("fromthefuture", "newer")):
        with closing(sqlite3.connect(tmp_path / "dagster" / "runs" / "runs.db")) as connection:
            connection.execute("update alembic_version set version_num = ?", (revision,))
            connection.commit()
        (bad,) = examine_runs(settings)
        assert bad.health is Health.BAD
        assert advice in f"{bad.text} {bad.advice}"
