"""A run whose process dies is shown as failed at the next look, wherever it was started from."""

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration import run_records
from orchestration.environments import Settings
from orchestration.instance import open_instance
from orchestration.run_records import close_dead_runs, run_lock

_LAUNCHED = """
import sys, time
from pathlib import Path
import dagster as dg
from orchestration.environments import Settings
from orchestration.instance import open_instance
from orchestration.run_executor import locking_executor

SETTINGS = Settings(home=Path(sys.argv[1]))

@dg.op
def hangs():
    time.sleep(120)

@dg.job(executor_def=locking_executor(SETTINGS))
def hanging():
    hangs()

if __name__ == "__main__":
    # As the code server does for a run of the UI: with the executor that the definitions name.
    with open_instance(SETTINGS) as instance:
        dg.execute_job(dg.reconstructable(hanging), instance)
"""


def test_killed_run_with_the_executor_of_the_ui_is_closed_and_a_living_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "hanging_job.py").write_text(_LAUNCHED)
    settings = Settings(home=tmp_path / "home")
    with open_instance(settings) as instance:
        command = [sys.executable, str(tmp_path / "hanging_job.py"), str(settings.home)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not list((settings.state / "runs").glob("*.lock")) and time.monotonic() < deadline:
            time.sleep(0.05)
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.STARTED
        assert close_dead_runs(settings, instance) == []
        process.kill()
        process.wait()
        assert close_dead_runs(settings, instance) == [run.run_id]
        closed = instance.get_run_by_id(run.run_id)
        assert closed is not None
        assert closed.status is dg.DagsterRunStatus.FAILURE
        assert close_dead_runs(settings, instance) == []
    assert list((settings.state / "runs").glob("*.lock")) == []


@pytest.mark.parametrize("status", ["STARTED", "STARTING", "CANCELING"])
def test_run_that_never_took_its_lock_is_closed_after_a_while(
    status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path)

    @dg.job
    def empty() -> None:
        """Do nothing."""

    with open_instance(settings) as instance:
        run = instance.create_run_for_job(empty, status=dg.DagsterRunStatus[status])
        assert close_dead_runs(settings, instance) == []
        monkeypatch.setattr(run_records, "_BEFORE_ITS_LOCK", dt.timedelta(seconds=-1))
        with run_lock(settings, run.run_id):
            assert close_dead_runs(settings, instance) == []
        assert close_dead_runs(settings, instance) == [run.run_id]
        assert instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))
