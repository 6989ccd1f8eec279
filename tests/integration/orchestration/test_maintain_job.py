"""The job that looks after the lake does what the command does, and fails where a table is not whole."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.processed_fastf1__session_status import PROCESSED_FASTF1__SESSION_STATUS as STATUS
from orchestration.jobs import MAINTAIN_LAKE, build_jobs

SESSIONS = ("2024-08-Q", "2024-08-R")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose lake holds two sessions, each in a file of its own."""
    with Lake.open(LakeSettings(home=tmp_path / "home")) as lake:
        for key in SESSIONS:
            known = {"season": 2024, "weekend_key": "2024-08", "session_key": key}
            row = {
                column.name: known.get(column.name, "text" if column.type == "string" else 1)
                for column in STATUS.columns
                if column.name in known or not column.nullable
            }
            row |= {name: None for name in STATUS.column_names if name not in row}
            rows = pl.DataFrame([row]).select(STATUS.column_names)
            with lake.step(run_id="r", name="test") as step:
                step.stage(STATUS, key, rows, inputs={}, logic_version=1)
                step.commit()
    return tmp_path / "home"


def run(home: Path, **config: object) -> dg.ExecuteInProcessResult:
    (job,) = (job for job in build_jobs([]) if job.name == MAINTAIN_LAKE)
    assert isinstance(job, dg.JobDefinition)
    with Lake.open(LakeSettings(home=home)) as lake:
        return job.execute_in_process(
            resources={"lake": dg.ResourceDefinition.hardcoded_resource(lake)},
            run_config={"ops": {"maintenance": {"config": config}}},
            raise_on_error=False,
        )


def file_count(home: Path) -> int:
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        return {state.name: state.file_count for state in lake.tables()}[STATUS.name]


def test_job_says_what_it_would_do_and_does_it(home: Path) -> None:
    assert run(home, dry_run=True).success
    assert file_count(home) == 2
    assert run(home).success
    assert file_count(home) == 1


def test_job_fails_where_a_table_is_not_whole_and_names_it(home: Path) -> None:
    shutil.rmtree(home / "tables" / "processed" / "fastf1__session_status" / "data")
    result = run(home, older_than_hours=48.0)
    assert not result.success
    (failure,) = result.get_step_failure_events()
    assert "processed.fastf1__session_status: 2 file(s)" in str(failure.event_specific_data)
