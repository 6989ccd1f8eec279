"""The UI on a home: it shows what the command line did, runs a weekend itself, stops with its children."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import Result

from orchestration.environments import Settings, child_environment
from orchestration.errors import PortTakenError
from orchestration.web_server import serve

WEEKEND = "2024-90"
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "orchestration.definitions"}
COMMAND = [sys.executable, "-c", "from orchestration.cli.main import run; run()"]

RUNS = "{runsOrError{... on Runs{results{runId status pipelineName}}}}"
LAUNCH = """
mutation($run: ExecutionParams!) {
  launchPipelineExecution(executionParams: $run) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
STATUS = "query($id: ID!){runOrError(runId: $id){... on Run{status}}}"
JOB_RUNS = """
query($selector: PipelineSelector!) {
  pipelineOrError(params: $selector) {
    ... on Pipeline { runs { runId } partitionKeysOrError { partitionKeys } }
  }
}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def home(
    f1lake: Callable[..., Result],
    mirrors: dict[int, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A home with one weekend, ingested by the command line."""
    folder = tmp_path_factory.mktemp("ui") / "home"
    result = f1lake("--home", folder, "--source", f"mirror:{mirrors[2024]}", "ingest", WEEKEND)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def web(home: Path, mirrors: dict[int, Path]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and the address it printed."""
    settings = Settings(home=home, source=f"mirror:{mirrors[2024]}")
    port = free_port()
    with subprocess.Popen(
        [*COMMAND, "ui", "--port", str(port)],
        env={**os.environ, **child_environment(settings)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "Ready" in line:
                break
        assert process.poll() is None, "".join(lines)
        yield process, f"http://127.0.0.1:{port}"
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)


def ask(url: str, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)["data"]


def test_run_of_the_command_line_is_listed_under_its_job(web: tuple[Any, str]) -> None:
    runs = ask(web[1], RUNS)["runsOrError"]["results"]
    assert [(run["status"], run["pipelineName"]) for run in runs] == [("SUCCESS", "ingest_weekend")]
    job = ask(web[1], JOB_RUNS, selector={"pipelineName": "ingest_weekend", **LOCATION})["pipelineOrError"]
    assert [run["runId"] for run in job["runs"]] == [runs[0]["runId"]]
    assert job["partitionKeysOrError"]["partitionKeys"] == [WEEKEND]


def test_weekend_is_materialised_from_the_ui(web: tuple[Any, str]) -> None:
    run = {
        "selector": {"pipelineName": "ingest_weekend", **LOCATION},
        "mode": "default",
        "runConfigData": {},
        "executionMetadata": {"tags": [{"key": "dagster/partition", "value": WEEKEND}]},
    }
    launched = ask(web[1], LAUNCH, run=run)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    deadline = time.monotonic() + 240
    status = ""
    while status not in {"SUCCESS", "FAILURE", "CANCELED"} and time.monotonic() < deadline:
        time.sleep(0.5)
        status = ask(web[1], STATUS, id=launched["run"]["runId"])["runOrError"]["status"]
    assert status == "SUCCESS"


def test_sigterm_stops_it_and_every_child(web: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = web
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 130
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


def test_taken_port_is_named_with_another(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"--port {port + 1}"):
            serve(Settings(home=tmp_path), port, lambda _url: None)
