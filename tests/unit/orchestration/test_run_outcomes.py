"""What a run leaves behind: its reason, its end, its place in the lists."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from lake.errors import LakeMovedError
from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.cli.main import app
from orchestration.environments import Settings
from orchestration.findings import Health
from orchestration.instance import open_instance
from orchestration.run_examination import examine_runs
from orchestration.run_records import LOGGER_KEY, close_dead_runs, dead_runs, run_file_logger
from orchestration.runs import JobRunner, RunStatus, ingest_tags, register_weekends
from sources.errors import UnreadableDocumentError


@dg.op
def well() -> None:
    """Do nothing."""


@dg.op
def broken() -> None:
    """Fail as the lake would."""
    raise LakeMovedError("the lake was moved: move it back")


@dg.op
def unreadable() -> None:
    """Fail as a source does that answers a parser's error with one that says what to do."""
    try:
        json.loads("{")
    except ValueError as error:
        raise UnreadableDocumentError("1.json cannot be read: fetch it again") from error


@dg.op
def stopped() -> None:
    """Be stopped by the user."""
    raise KeyboardInterrupt


@dg.op
def warned(context: dg.OpExecutionContext) -> None:
    """Say something that a person should know."""
    context.log.warning("waiting 30 s: a limit")
    context.log.info("nothing of interest")


def runner(settings: Settings, instance: dg.DagsterInstance, op: dg.OpDefinition) -> JobRunner:
    @dg.job(name=op.name + "_job", logger_defs={LOGGER_KEY: run_file_logger()})
    def job() -> None:
        op()

    return JobRunner(settings, instance, job)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("DAGSTER_HOME", "F1LAKE_HOME", "F1LAKE_CATALOG", "F1LAKE_SOURCE", "F1LAKE_MEMORY_LIMIT"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("DAGSTER_DISABLE_TELEMETRY", "yes")
    monkeypatch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    return Settings(home=tmp_path)


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with open_instance(settings) as opened:
        yield opened


def test_run_is_recorded_with_its_log(settings: Settings, instance: dg.DagsterInstance) -> None:
    outcome = runner(settings, instance, well).run(listener=lambda *_: None)
    assert (outcome.status, outcome.reason) == (RunStatus.SUCCEEDED, None)
    run = instance.get_run_by_id(outcome.run_id)
    assert run is not None
    assert run.tags[".dagster/repository"] == "__repository__@orchestration.definitions"
    assert "RUN_SUCCESS" in outcome.log.read_text(encoding="utf-8")


def test_reason_is_what_the_step_raised_without_wrapping(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    outcome = runner(settings, instance, broken).run(listener=lambda *_: None)
    assert outcome.status is RunStatus.FAILED
    assert outcome.reason == "broken: the lake was moved: move it back"


def test_reason_is_our_own_error_and_not_what_it_was_raised_from(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    outcome = runner(settings, instance, unreadable).run(listener=lambda *_: None)
    assert outcome.reason == "unreadable: 1.json cannot be read: fetch it again"


def test_listener_hears_steps_and_warnings_only(settings: Settings, instance: dg.DagsterInstance) -> None:
    heard: list[tuple[str, str]] = []
    runner(settings, instance, warned).run(listener=lambda kind, text: heard.append((kind, text)))
    assert ("STEP_START", "warned") in heard
    assert [text for kind, text in heard if kind == "REMARK"] == ["waiting 30 s: a limit"]


def stop_between_steps(kind: str, _text: str) -> None:
    """Be stopped by the user right after a step: outside of any code that Dagster guards by step."""
    if kind == "STEP_SUCCESS":
        raise KeyboardInterrupt


@pytest.mark.parametrize(("op", "listener"), [(stopped, lambda *_: None), (well, stop_between_steps)])
def test_stopped_run_is_shown_as_canceled_and_the_interrupt_goes_on(
    op: dg.OpDefinition,
    listener: Callable[[str, str], None],
    settings: Settings,
    instance: dg.DagsterInstance,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        runner(settings, instance, op).run(listener=listener)
    (run,) = instance.get_runs()
    assert run.status is dg.DagsterRunStatus.CANCELED
    assert list((settings.state / "runs").iterdir()) == []


def test_run_of_a_killed_process_is_shown_as_failed_and_a_living_one_is_left(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    @dg.job
    def job() -> None:
        well()

    dead, alive = (
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED).run_id for _ in range(2)
    )
    folder = settings.state / "runs"
    folder.mkdir(parents=True)
    (folder / f"{dead}.lock").touch()
    with FileLock(folder / f"{alive}.lock"):
        assert [run.run_id for run in dead_runs(settings, instance)] == [dead]
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.STARTED}
        (finding,) = examine_runs(settings)
        assert finding.health is Health.NOTE
        assert f"cut off, its process is gone: {dead[:8]}" in finding.text
        assert close_dead_runs(settings, instance) == [dead]
        (finding,) = examine_runs(settings)
        assert finding.health is Health.GOOD
    statuses = {run.run_id: run.status for run in instance.get_runs()}
    assert statuses == {dead: dg.DagsterRunStatus.FAILURE, alive: dg.DagsterRunStatus.STARTED}


def test_key_is_registered_once_and_stays(instance: dg.DagsterInstance) -> None:
    assert register_weekends(instance, ["2024-08", "2024-09"]) == ["2024-08", "2024-09"]
    assert register_weekends(instance, ["2024-09", "2024-10"]) == ["2024-10"]
    assert instance.get_dynamic_partitions("race_weekend") == ["2024-08", "2024-09", "2024-10"]


def test_tags_carry_the_options_of_an_ingest() -> None:
    assert ingest_tags((), force=False) == {}
    assert ingest_tags(("Q", "R"), force=True) == {"f1lake/sessions": "Q,R", "f1lake/force": "true"}


def test_status_says_that_a_killed_run_was_cut_off(settings: Settings, instance: dg.DagsterInstance) -> None:
    @dg.job
    def ingest_weekend() -> None:
        well()

    with Lake.open(LakeSettings(home=settings.home)):
        pass
    run = instance.create_run_for_job(
        ingest_weekend, status=dg.DagsterRunStatus.STARTED, tags={"dagster/partition": "2024-08"}
    )
    (settings.state / "runs").mkdir(parents=True)
    (settings.state / "runs" / f"{run.run_id}.lock").touch()
    shown = CliRunner().invoke(app, ["--home", str(settings.home), "status"]).stdout
    assert "cut off" in shown
    assert "started" not in shown
    assert f"retry: f1lake --home {settings.home} ingest 2024-08" in shown
    assert instance.get_runs()[0].status is dg.DagsterRunStatus.STARTED
