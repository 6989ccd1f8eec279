"""A backfill by two processes: the rows of one process; one that is killed loses its weekend and no other."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil
import pytest
from typer.testing import Result

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from orchestration.environments import Settings
from orchestration.instance import open_instance
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

COMMAND = [sys.executable, "-c", "from orchestration.cli.start import run; run()"]
SEASONS = range(2022, 2025)
KEYS = [f"{season}-90" for season in SEASONS]
COMPUTED = [
    name for name, contract in ALL_TABLES.items() if contract.zone in ("processed", "curated", "marts")
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Three small invented weekends."""
    folder = tmp_path_factory.mktemp("three")
    for season in SEASONS:
        options = WeekendOptions(season=season, cars=4, race_laps=5, telemetry=False, retirements=0)
        write_weekend(folder / str(season), options)
    return ",".join(f"mirror:{folder / str(season) / 'mirror'}" for season in SEASONS)


@contextmanager
def backfill(home: Path, source: str) -> Iterator[subprocess.Popen[str]]:
    """Start a backfill by two processes; yield it while both run weekends."""
    where = ("--home", str(home), "--source", source)
    options = ("--session", "Q", "--processes", "2")
    with subprocess.Popen(
        [*COMMAND, *where, "backfill", "2022..2024", *options], stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 120
        while len(weekends_at_work(home)) < 2 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        yield process


def weekends_at_work(home: Path) -> set[str]:
    if not (home / "dagster" / "runs").is_dir():
        return set()
    with open_instance(Settings(home=home)) as instance:
        runs = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
        return {run.tags["dagster/partition"] for run in runs}


def worker_of(process: subprocess.Popen[str]) -> psutil.Process:
    """Return the process that a backfill started; Python starts another, to keep book of them."""
    children = psutil.Process(process.pid).children()
    (worker,) = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    return worker


def rows_of(home: Path) -> dict[str, list[str]]:
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        return {name: sorted(str(row) for row in lake.read(name).to_pylist()) for name in COMPUTED}


def statuses(home: Path) -> list[str]:
    with open_instance(Settings(home=home)) as instance:
        return sorted(run.status.value for run in instance.get_runs(dg.RunsFilter(job_name="ingest_weekend")))


def test_killed_process_loses_its_weekend_and_no_other(
    f1lake: Callable[..., Result], source: str, tmp_path: Path
) -> None:
    home = tmp_path / "two"
    with backfill(home, source) as process:
        worker_of(process).kill()
        said = process.communicate(timeout=120)[1]
    assert process.returncode == 1, said
    assert "2 of 3 weekends done" in said
    (lost,) = re.findall(
        r"^  (\d{4}-90)  its process was ended by signal 9 \(SIGKILL\); if memory ran out, --processes 1 ",
        said,
        re.MULTILINE,
    )
    assert statuses(home) == ["FAILURE", "SUCCESS", "SUCCESS"]
    again = f1lake("--home", home, "--source", source, "ingest", "--session", "Q", lost)
    assert again.exit_code == 0, again.output
    rows = rows_of(home)
    for table in ("processed.fastf1__laps", "curated.laps", "marts.fct_lap"):
        assert {row.split("weekend_key': '")[1][:7] for row in rows[table]} == set(KEYS), table


def test_interrupt_stops_both_processes_and_their_runs_are_canceled(source: str, tmp_path: Path) -> None:
    with backfill(tmp_path, source) as process:
        worker = worker_of(process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=120)[1]
    assert process.returncode == 130, said
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    assert not worker.is_running()
    assert "CANCELED" in statuses(tmp_path)
    assert weekends_at_work(tmp_path) == set()


@pytest.mark.soak
def test_interrupt_while_only_the_other_process_is_at_work(source: str, tmp_path: Path) -> None:
    with backfill(tmp_path, source) as process:
        worker = worker_of(process)
        hold_back(worker, until=lambda: statuses(tmp_path).count("SUCCESS") == 2)
        assert len(weekends_at_work(tmp_path)) == 1
        process.send_signal(signal.SIGINT)
        worker.resume()
        said = process.communicate(timeout=120)[1]
    assert process.returncode == 130, said
    assert "2 weekends done; the same command goes on from here" in said
    assert "Traceback" not in said
    assert "failed" not in said
    assert not worker.is_running()
    assert statuses(tmp_path) == ["CANCELED", "SUCCESS", "SUCCESS"]


def hold_back(worker: psutil.Process, until: Callable[[], bool]) -> None:
    """Suspend a process until something holds; it goes on for moments, in case it has the writers' lock."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        worker.suspend()
        for _ in range(30):
            time.sleep(0.1)
            if until():
                return
        worker.resume()
        time.sleep(0.05)
    raise AssertionError("the other process did not come to an end")


@pytest.mark.soak
def test_season_by_two_processes_is_the_season_by_one(
    f1lake: Callable[..., Result], test_data: Path, tmp_path: Path
) -> None:
    """Both write to the same tables of the same season all the time.

    tests/e2e/test_killed_and_together.py compares two weekends of one season that are ingested at once.
    """
    source = f"mirror:{test_data / 'mirror'}"
    for count in ("1", "2"):
        where = ("--home", tmp_path / count, "--source", source)
        result = f1lake(*where, "backfill", "1950", "--processes", count)
        assert result.exit_code == 0, result.output
    expected, found = rows_of(tmp_path / "1"), rows_of(tmp_path / "2")
    assert sum(map(bool, expected.values())) > 20
    assert [name for name in COMPUTED if found[name] != expected[name]] == []
