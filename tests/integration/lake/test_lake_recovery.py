"""Killed writers, several writers, interrupted commits: nothing lost, nothing half new."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from lake_tables import LAPS, RESPONSES, STINTS, laps, stints, write

from lake.errors import CommitInterruptedError, LockTimeoutError, RecoveryError
from lake.lake import Lake
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]

PROGRAM = Path(__file__).parent / "support" / "write_versions.py"
REPOSITORY = Path(__file__).parents[3]
CHECKPOINTS = ("plan", "table curated.laps", "table curated.stints", "writes", "release")


class Killed(BaseException):
    """Ends a commit as a kill would: nothing after it runs that a dead process would not run."""


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(home), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"},
    )


def versions_seen(lake: Lake, key: str = "2024-08-R") -> tuple[set[int], set[int]]:
    """Return the versions of laps and of stints that readers see."""
    times = lake.read("curated.laps", {"session_key": key})["lap_time_ms"].to_pylist()
    counts = lake.read("curated.stints", {"session_key": key})["lap_count"].to_pylist()
    return set(times), set(counts)


def assert_consistent(lake: Lake, home: Path, version: int, key: str = "2024-08-R") -> None:
    assert versions_seen(lake, key) == ({version}, {version})
    assert lake.read("curated.laps", {"session_key": key}).num_rows == 40
    newest = lake.ledger.newest("curated.laps", key)
    assert newest is not None
    assert newest.inputs == {"raw": str(version)}
    heads = lake.snapshot_ids(release=None)
    heads.pop("lake.releases", None)
    assert heads == lake.snapshot_ids()
    assert list((home / "staging").glob("*")) == []


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_a_commit_killed_anywhere_after_its_plan_is_finished_by_the_next_writer(
    open_lake: OpenLake, home: Path, checkpoint: str
) -> None:
    both = ((LAPS, "2024-08-R", laps), (STINTS, "2024-08-R", stints))
    with open_lake() as lake:
        write(
            lake,
            *((table, key, rows(key, **{_MEASURE[table.name]: 1})) for table, key, rows in both),
            digest="1",
        )

    def die(where: str) -> None:
        if where == checkpoint:
            raise Killed

    dying = open_lake(checkpoint=die)
    with pytest.raises(Killed):
        write(
            dying,
            *((table, key, rows(key, **{_MEASURE[table.name]: 2})) for table, key, rows in both),
            digest="2",
        )
    old = open_lake(read_only=True)
    expected = 2 if checkpoint == "release" else 1
    assert versions_seen(old) == ({expected}, {expected})
    lake = open_lake()
    assert_consistent(lake, home, 2)
    assert [release.release_id for release in lake.releases()] == [1, 2]
    assert lake.read("lake.writes").num_rows == 4


_MEASURE = {"curated.laps": "lap_time_ms", "curated.stints": "lap_count"}


def test_recovery_that_is_killed_itself_is_finished_by_the_one_after(open_lake: OpenLake, home: Path) -> None:
    def die_at(checkpoint: str) -> Callable[[str], None]:
        def die(where: str) -> None:
            if where == checkpoint:
                raise Killed

        return die

    with pytest.raises(Killed):
        write(
            open_lake(checkpoint=die_at("plan")),
            (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=7)),
            (STINTS, "2024-08-R", stints("2024-08-R", lap_count=7)),
            digest="7",
        )
    for checkpoint in CHECKPOINTS[1:]:
        with pytest.raises(Killed):
            open_lake(checkpoint=die_at(checkpoint))
    assert_consistent(open_lake(), home, 7)
    assert len(open_lake().releases()) == 1


def test_raw_rows_of_a_killed_commit_are_added_once(open_lake: OpenLake) -> None:
    import polars as pl

    rows = pl.DataFrame(
        {"season": [2024], "url": ["a"], "body": [b"x"], "fetched_at": ["2024-05-26 13:00:00"]}
    ).with_columns(pl.col("fetched_at").str.to_datetime(time_unit="us", time_zone="UTC"))

    def die(where: str) -> None:
        if where.startswith("table"):
            raise Killed

    dying = open_lake(checkpoint=die)
    with dying.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, rows)
        with pytest.raises(Killed):
            step.commit()
    assert open_lake().read(RESPONSES.name).num_rows == 1


def test_rows_staged_by_a_dead_process_without_a_plan_are_discarded(open_lake: OpenLake, home: Path) -> None:
    write(open_lake(), (LAPS, "2024-08-Q", laps("2024-08-Q")))
    dead = home / "staging" / "20240526T130000-dead"
    dead.mkdir()
    (dead / "0001.parquet").write_bytes(b"half a fi")
    (dead / "plan.json.tmp").write_text('{"format": 1, "ta')
    lake = open_lake()
    with lake.step(run_id="r", name="test") as living:
        living.stage(LAPS, "2024-08-R", laps("2024-08-R"), {}, 1)
        write(open_lake(), (LAPS, "2024-08-FP1", laps("2024-08-FP1")))
        assert not dead.exists()
        living.commit()
    assert lake.read("curated.laps").num_rows == 120


def test_an_error_before_the_first_table_takes_the_plan_back(
    open_lake: OpenLake, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake()
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    with monkeypatch.context() as patched:
        patched.setattr("lake.table_files.put_into_table", _full_disk)
        with pytest.raises(OSError, match="No space left"):
            write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert list((home / "staging").glob("*")) == []
    assert lake.read("curated.laps").num_rows == 40


def test_an_error_between_tables_leaves_the_plan_for_the_next_write(
    open_lake: OpenLake, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_after_laps(where: str) -> None:
        if where == "table curated.laps" and not is_repaired:
            raise OSError(28, "No space left on device")

    is_repaired = False
    lake = open_lake(checkpoint=break_after_laps)
    with pytest.raises(CommitInterruptedError, match=r"No space left.*next write to this lake finishes"):
        write(
            lake,
            (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=5)),
            (STINTS, "2024-08-R", stints("2024-08-R", lap_count=5)),
            digest="5",
        )
    assert versions_seen(lake) == (set(), set())
    with pytest.raises(RecoveryError, match="Remove the cause and start again"):
        write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    is_repaired = True
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    assert_consistent(lake, home, 5)
    assert [release.step for release in lake.releases()] == ["test", "test"]


def _full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("checkpoint", random.Random(20240526).sample(CHECKPOINTS[:4], 2))
def test_a_process_killed_in_its_commit_loses_nothing(
    open_lake: OpenLake, home: Path, checkpoint: str
) -> None:
    writer = start(home, "2024-08-R", "1", "2", checkpoint)
    output, _ = writer.communicate(timeout=120)
    assert writer.returncode == -9
    assert output.split() == ["open", "1"]
    with open_lake(read_only=True) as reader:
        assert versions_seen(reader) == ({1}, {1})
    assert_consistent(open_lake(), home, 2)


def test_processes_killed_at_random_times_lose_nothing_they_had_committed(
    open_lake: OpenLake, home: Path
) -> None:
    dice = random.Random(8)
    version = 0
    for _ in range(3):
        writer = start(home, "2024-08-R", str(version + 1), "1000")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        time.sleep(dice.uniform(0.1, 1.2))
        writer.kill()
        committed = [int(line) for line in writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
        with open_lake() as lake:
            found, _ = versions_seen(lake)
            newest = max(found, default=0)
            assert newest in {(committed or [version])[-1], (committed or [version])[-1] + 1}
            if newest:
                assert_consistent(lake, home, newest)
            version = newest


def test_two_processes_writing_two_weekends_of_a_season_lose_nothing(open_lake: OpenLake, home: Path) -> None:
    open_lake().close()
    writers = [start(home, key, "1", "4") for key in ("2024-08-R", "2024-09-R")]
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    lake = open_lake()
    for key in ("2024-08-R", "2024-09-R"):
        assert_consistent(lake, home, 4, key)
    assert lake.read("curated.laps").num_rows == 80
    assert [release.release_id for release in lake.releases()] == list(range(1, 9))


def test_waiting_for_another_writer_is_told_and_ends(home: Path, open_lake: OpenLake) -> None:
    told: list[str] = []
    lake = open_lake(settings=LakeSettings(home=home, lock_timeout_s=0.1), on_wait=told.append)
    with (
        lake.scope_lock("curated.laps", "2024-08-R"),
        pytest.raises(LockTimeoutError, match="If that process hangs"),
    ):
        lake.scope_lock("curated.laps", "2024-08-R").__enter__()
    assert len(told) == 1
    assert "waiting for curated.laps 2024-08-R, held by process" in told[0]
    (holder,) = (home / "locks").glob("*.json")
    holder.unlink()
    with FileLock(holder.with_suffix(".lock")), pytest.raises(LockTimeoutError, match="another process"):
        lake.scope_lock("curated.laps", "2024-08-R").__enter__()
