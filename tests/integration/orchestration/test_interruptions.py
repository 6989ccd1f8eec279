"""Ctrl-C and kill -9 in the middle of a backfill: the same command goes on from there."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import Result

from orchestration.environments import Settings
from orchestration.instance import open_instance

COMMAND = [sys.executable, "-c", "from orchestration.cli.start import run; run()"]


def backfill_until_second_weekend(home: Path, source: str, number: signal.Signals) -> tuple[int, str]:
    """Start a backfill, send a signal while the second weekend runs, and return exit code and output."""
    lines: list[str] = []
    is_sent = False
    with subprocess.Popen(
        [*COMMAND, "--home", str(home), "--source", source, "backfill", "2023..2024"],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            lines.append(line)
            if "2023-90" in line and not is_sent:
                wait_until_started(home, "2024-90")
                process.send_signal(number)
                is_sent = True
    return process.returncode, "".join(lines)


def said_of_marts(f1lake: Callable[..., Result], home: Path) -> list[str]:
    """Return what status and doctor print where they say that the marts are behind."""
    said = [
        f1lake("--home", home, "--source", "synthetic", command).stdout for command in ("doctor", "status")
    ]
    return [text.replace(" --source synthetic", "") for text in said if "behind the curated tables" in text]


def wait_until_started(home: Path, weekend: str) -> None:
    deadline = time.monotonic() + 60
    with open_instance(Settings(home=home)) as instance:
        while time.monotonic() < deadline:
            runs = instance.get_runs(dg.RunsFilter(tags={"dagster/partition": weekend}))
            if runs and runs[0].status is dg.DagsterRunStatus.STARTED:
                return
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        # tests/e2e/test_killed_and_together.py kills ingests at random moments.
        pytest.param(signal.SIGKILL, -9, marks=pytest.mark.soak),
    ],
)
def test_interrupted_backfill_is_resumed_by_the_same_command(
    number: signal.Signals,
    code: int,
    f1lake: Callable[..., Result],
    mirrors: dict[int, Path],
    tmp_path: Path,
) -> None:
    source = ",".join(f"mirror:{path}" for path in (mirrors[2023], mirrors[2024]))
    home = tmp_path / "home"
    found, output = backfill_until_second_weekend(home, source, number)
    assert found == code, output
    if number is signal.SIGINT:
        assert "1 weekends done; the same command goes on from here" in output
        assert "The marts are behind the curated tables for 1 weekend: 2023-90. The same command" in output
        found_behind = said_of_marts(f1lake, home)
        assert len(found_behind) == 2
        assert all("behind the curated tables for 1 weekend: 2023-90" in text for text in found_behind)
        assert all(f"f1lake --home {home} backfill 2023-90" in text for text in found_behind)
    result = f1lake("--home", home, "--source", source, "backfill", "2023..2024", "--retry-failed")
    assert result.exit_code == 0, result.output
    assert said_of_marts(f1lake, home) == []
    with open_instance(Settings(home=home)) as instance:
        key = dg.AssetKey(["marts", "fct_stint"])
        assert instance.get_materialized_partitions(key) == {"2023-90", "2024-90"}
        statuses = {run.status for run in instance.get_runs()}
    interrupted = dg.DagsterRunStatus.CANCELED if number is signal.SIGINT else dg.DagsterRunStatus.FAILURE
    assert statuses == {dg.DagsterRunStatus.SUCCESS, interrupted}
