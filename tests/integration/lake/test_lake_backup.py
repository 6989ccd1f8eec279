"""A backup holds the newest release, and what is restored from it, anywhere, is the same lake."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from lake_tables import DRIVERS, LAPS, RESPONSES, STINTS, TABLES, TELEMETRY, laps, stints, write

from lake.backup import BackupOptions
from lake.digests import in_order, rows_digest
from lake.errors import BackupDamagedError, BackupRefusedError, LakeNotFoundError, RestoreRefusedError
from lake.lake import Lake
from lake.restoring import restore, verify
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]
OPTIONS = BackupOptions(made_by="1.2.3")
DATA = [contract.name for contract in TABLES]


@pytest.fixture
def filled(open_lake: OpenLake) -> Lake:
    """A lake with tables of every kind of partition, some rewritten."""
    lake = open_lake()
    for turn, key in enumerate(("2023-05-R", "2024-08-R", "2024-08-R")):
        samples = {"session_key": [key], "car_number": ["1"], "sample_number": [1], "speed_kph": [1.0]}
        write(
            lake,
            (LAPS, key, laps(key, lap_time_ms=turn)),
            (STINTS, key, stints(key)),
            (TELEMETRY, key, pa.table(samples)),
            digest=str(turn),
        )
    write(lake, (DRIVERS, None, pa.table({"driver_key": ["norris"], "name": ["Lando Norris"]})))
    row = {"season": [2024], "url": ["a"], "body": [b"{}"], "fetched_at": [0]}
    types = pa.schema([(column.name, column.arrow_type) for column in RESPONSES.columns])
    with lake.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, pa.table(row).cast(types))
        step.commit()
    return lake


def content(lake: Lake) -> dict[str, str]:
    """Return the digest of all rows of every table."""
    return {
        name: rows_digest(contract, in_order(contract, lake.read(name)))
        for name, contract in lake.contracts.items()
        if name != "lake.releases"
    }


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_lake_restored_elsewhere_is_the_same_lake(
    filled: Lake, open_lake: OpenLake, home: Path, tmp_path: Path, name: str
) -> None:
    before, release = content(filled), filled.releases()[-1]
    snapshots, entries = filled.snapshot_ids(), list(filled.ledger)
    progress: list[tuple[int, int]] = []
    options = BackupOptions("1", on_bytes=lambda _path, done, total: progress.append((done, total)))
    held = filled.back_up(tmp_path / name, options)
    assert progress[-1] == (held.byte_count, held.byte_count)
    filled.close()
    shutil.rmtree(home)
    elsewhere = tmp_path / "new place" / "home"
    assert restore(tmp_path / name, elsewhere) == held
    lake = open_lake(settings=LakeSettings(home=elsewhere, keep_releases=2, keep_release_age=timedelta(0)))
    assert content(lake) == before
    assert (lake.snapshot_ids(), list(lake.ledger)) == (snapshots, entries)
    assert [found.release_id for found in lake.releases()] == list(range(1, release.release_id + 1))
    for table in DATA:
        counted = lake.query(f"select count(*) as n from {table}")["n"].to_pylist()
        assert counted == [lake.read(table).num_rows]
    # Written to, rewritten, merged and looked after as any other; nothing changed writes nothing.
    assert write(lake, (STINTS, "2024-08-R", stints("2024-08-R")), digest="2").release_id is None
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=7)), digest="7")
    assert lake.releases()[-1].release_id == release.release_id + 1
    report = lake.maintain(orphan_age=timedelta(0))
    assert report.refusals == ()
    times = lake.read("curated.laps", {"session_key": "2024-08-R"})["lap_time_ms"].to_pylist()
    assert set(times) == {7}
    named = [str(home).encode(), str(home).removeprefix("/").encode()]
    for path in (elsewhere / "tables").rglob("*metadata/*.json"):
        assert not any(text in path.read_bytes() for text in named)


def test_backup_of_a_restored_lake_can_be_restored_in_the_old_place(
    filled: Lake, home: Path, tmp_path: Path
) -> None:
    before = content(filled)
    filled.back_up(tmp_path / "first", OPTIONS)
    filled.close()
    shutil.rmtree(home)
    restore(tmp_path / "first", tmp_path / "second home")
    with Lake.open(LakeSettings(home=tmp_path / "second home"), TABLES) as lake:
        lake.back_up(tmp_path / "second.tar", OPTIONS)
    restore(tmp_path / "second.tar", home)
    with Lake.open(LakeSettings(home=home), TABLES) as lake:
        assert content(lake) == before


def test_backup_made_while_others_write_and_die_holds_one_release(
    filled: Lake, open_lake: OpenLake, tmp_path: Path
) -> None:
    class Killed(BaseException):
        pass

    def die(where: str) -> None:
        if where == "table curated.laps":
            raise Killed

    before = content(filled)
    dying = open_lake(checkpoint=die)
    with pytest.raises(Killed):
        write(
            dying,
            (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=9)),
            (STINTS, "2024-08-R", stints("2024-08-R", lap_count=9)),
            digest="9",
        )
    reader = open_lake(read_only=True)
    writer = open_lake()
    told: list[str] = []

    def write_meanwhile(path: str, _done: int, _total: int) -> None:
        if not told:
            told.append(path)
            write(writer, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=10)), digest="10")

    held = reader.back_up(tmp_path / "backup", BackupOptions("1", on_bytes=write_meanwhile))
    restore(tmp_path / "backup", tmp_path / "restored")
    with Lake.open(LakeSettings(home=tmp_path / "restored"), TABLES) as lake:
        # The killed step was finished by the writer after the backup had chosen its release, or before.
        assert lake.releases()[-1].release_id == held.release_id
        assert content(lake).keys() == before.keys()
        assert len(set(lake.read("curated.laps", {"session_key": "2024-08-R"})["lap_time_ms"])) == 1


def test_databases_are_copied_as_one_moment_saw_them(filled: Lake, home: Path, tmp_path: Path) -> None:
    runs = home / "dagster" / "runs" / "runs.db"
    runs.parent.mkdir(parents=True)
    with closing(sqlite3.connect(runs)) as connection:
        connection.execute("pragma journal_mode=wal")
        connection.execute("create table runs (id text)")
        connection.execute("insert into runs values ('one')")
        connection.commit()
        connection.execute("insert into runs values ('not committed')")
        filled.back_up(tmp_path / "backup", BackupOptions("1", databases=[runs]))
    restore(tmp_path / "backup", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "dagster" / "runs" / "runs.db")) as connection:
        assert connection.execute("select id from runs").fetchall() == [("one",)]


def test_nothing_is_overwritten(filled: Lake, home: Path, tmp_path: Path) -> None:
    filled.back_up(tmp_path / "backup", OPTIONS)
    with pytest.raises(BackupRefusedError, match="is there already"):
        filled.back_up(tmp_path / "backup", OPTIONS)
    with pytest.raises(BackupRefusedError, match="inside the lake's own folder"):
        filled.back_up(home / "backup", OPTIONS)
    with pytest.raises(RestoreRefusedError, match="is not empty"):
        restore(tmp_path / "backup", home)
    assert filled.read("curated.laps").num_rows == 80
    with (
        Lake.open(LakeSettings(home=tmp_path / "empty"), TABLES) as lake,
        pytest.raises(BackupRefusedError, match="nothing to back up"),
    ):
        lake.back_up(tmp_path / "other", OPTIONS)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["backup", "backup.tar"])
def test_damaged_backup_is_refused_and_leaves_nothing(filled: Lake, tmp_path: Path, name: str) -> None:
    held = filled.back_up(tmp_path / name, OPTIONS)
    victim = next(file for file in held.files if file.path.endswith(".parquet"))
    damage(tmp_path / name, victim.path, lambda content: content[:-1] + bytes([content[-1] ^ 1]))
    for act in (lambda: verify(tmp_path / name), lambda: restore(tmp_path / name, tmp_path / "new")):
        with pytest.raises(BackupDamagedError, match=f"{victim.path} is not what was backed up"):
            act()
    assert not (tmp_path / "new").exists()


def damage(backup: Path, path: str, change: Callable[[bytes], bytes]) -> None:
    """Change one file of a backup."""
    if backup.is_dir():
        (backup / path).write_bytes(change((backup / path).read_bytes()))
        return
    with tarfile.open(backup) as archive:
        entry = archive.getmember(path)
    content = bytearray(backup.read_bytes())
    content[entry.offset_data : entry.offset_data + entry.size] = change(
        bytes(content[entry.offset_data : entry.offset_data + entry.size])
    )
    backup.write_bytes(content)


def test_what_is_no_backup_or_a_piece_of_one_is_refused(filled: Lake, tmp_path: Path) -> None:
    new = tmp_path / "new"
    with pytest.raises(BackupRefusedError, match="there is no"):
        restore(tmp_path / "nowhere", new)
    (tmp_path / "text").write_text("not a tar file, whatever its length" * 100)
    with pytest.raises(BackupRefusedError, match="is no tar file"):
        restore(tmp_path / "text", new)
    held = filled.back_up(tmp_path / "whole.tar", OPTIONS)
    cut = tmp_path / "cut.tar"
    cut.write_bytes((tmp_path / "whole.tar").read_bytes()[:20480])
    with pytest.raises(BackupDamagedError, match="cut off"):
        restore(cut, new)
    filled.back_up(tmp_path / "backup", OPTIONS)
    (tmp_path / "backup" / held.files[0].path).unlink()
    with pytest.raises(BackupDamagedError, match=f"lacks {held.files[0].path}"):
        restore(tmp_path / "backup", new)
    listed = tmp_path / "backup" / "backup.json"
    text = listed.read_text()
    listed.write_text(text.replace(held.files[0].path, "../" + held.files[0].path))
    with pytest.raises(BackupDamagedError, match="lies outside"):
        restore(tmp_path / "backup", new)
    listed.write_text(json.dumps({**json.loads(text), "format": 99}))
    with pytest.raises(BackupRefusedError, match=r"made by 1\.2\.3"):
        restore(tmp_path / "backup", new)
    assert not new.exists()


def test_cut_off_backup_and_restore_are_recognised(
    filled: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "backup.partial").mkdir()
    (tmp_path / "backup.partial" / "half").touch()
    filled.back_up(tmp_path / "backup", OPTIONS)
    assert not (tmp_path / "backup.partial").exists()
    assert not (tmp_path / "backup" / "half").exists()
    (tmp_path / "new" / ".restoring").mkdir(parents=True)
    with pytest.raises(RestoreRefusedError, match="was cut off: delete that folder"):
        restore(tmp_path / "backup", tmp_path / "new")
    with pytest.raises(LakeNotFoundError, match="is being restored"):
        Lake.open(LakeSettings(home=tmp_path / "new"))
    room = shutil.disk_usage(tmp_path)._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: room)
    with pytest.raises(RestoreRefusedError, match="has room for"):
        restore(tmp_path / "backup", tmp_path / "other")


def test_every_file_of_a_backup_has_the_bytes_of_the_lake(filled: Lake, home: Path, tmp_path: Path) -> None:
    held = filled.back_up(tmp_path / "backup", OPTIONS)
    for file in held.files:
        assert hashlib.sha256((home / file.path).read_bytes()).hexdigest() == file.sha256
    assert {name: found["row_count"] for name, found in held.tables.items() if name in DATA} == {
        name: pl.DataFrame(pl.from_arrow(filled.read(name))).height for name in held.tables if name in DATA
    }
