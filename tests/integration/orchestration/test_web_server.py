"""The UI on a home: it shows what the command line did, runs a weekend itself, stops with its children."""

import json
import os
import re
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
from browser import Browser, open_browser
from playwright.sync_api import expect
from typer.testing import Result

from orchestration.environments import Settings, child_environment
from orchestration.errors import PortTakenError
from orchestration.web_server import serve

WEEKEND = "2024-90"
NEW_WEEKEND = "2025-90"
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "orchestration.definitions"}
COMMAND = [sys.executable, "-c", "from orchestration.cli.start import run; run()"]

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
RUN_OF = """
query($weekend: String!) {
  runsOrError(filter: {tags: [{key: "dagster/partition", value: $weekend}]}) {
    ... on Runs { results { runId } }
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
    settings = Settings(home=home, source=f"mirror:{mirrors[2024]},mirror:{mirrors[2025]}")
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
    assert end_of_run(web[1], launched["run"]["runId"]) == "SUCCESS"


def end_of_run(url: str, run_id: str) -> str:
    """Wait for a run and return how it ended."""
    deadline = time.monotonic() + 600
    status = ""
    while status not in {"SUCCESS", "FAILURE", "CANCELED"} and time.monotonic() < deadline:
        time.sleep(0.5)
        status = ask(url, STATUS, id=run_id)["runOrError"]["status"]
    return status


@pytest.fixture(scope="module")
def browser(web: tuple[Any, str]) -> Iterator[Browser]:
    """A browser on the UI; where there is none, its tests are skipped."""
    with open_browser(web[1]) as opened:
        yield opened


def test_browser_adds_a_weekend_and_materialises_it(browser: Browser) -> None:
    page = browser.open("/locations/orchestration.definitions/jobs/ingest_weekend")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="Add a partition").click()
    page.get_by_placeholder("name").fill(NEW_WEEKEND)
    page.get_by_role("button", name="Save").click()
    page.get_by_placeholder("name").wait_for(state="detached")
    launch = page.get_by_role("button", name="Launch 1 run")
    deadline = time.monotonic() + 120
    while not (launch.is_visible() and launch.is_enabled()) and time.monotonic() < deadline:
        # A busy machine reads the weekends again after the new one was chosen, and forgets the choice.
        page.get_by_role("button", name="Missing", exact=True).click()
        page.wait_for_timeout(1000)
    browser.keep_picture("ui-materialize")
    launch.click()
    deadline = time.monotonic() + 120
    while not (runs := ask(browser.url, RUN_OF, weekend=NEW_WEEKEND)["runsOrError"]["results"]):
        assert time.monotonic() < deadline, "no run was launched"
        time.sleep(0.5)
    assert end_of_run(browser.url, runs[0]["runId"]) == "SUCCESS"


def test_asset_page_tells_what_the_table_is(browser: Browser) -> None:
    page = browser.open("/assets/curated/stints?view=overview")
    for text in ("Unbroken runs of a driver on one set of tyres", "tyre_age_start_laps", "Polars", "Iceberg"):
        expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name="curated").first).to_be_visible()
    expect(page.get_by_text("racing", exact=True).first).to_be_visible()
    browser.keep_picture("ui-asset")


def test_partition_page_tells_what_the_run_wrote(browser: Browser) -> None:
    page = browser.open(f"/assets/curated/stints?view=partitions&partition={NEW_WEEKEND}")
    for text in ("Materialized", "new snapshot", "preview", f"{NEW_WEEKEND}-Q"):
        expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
    browser.keep_picture("ui-partition")


def test_checks_are_green_and_say_what_they_find(browser: Browser) -> None:
    page = browser.open("/assets/curated/laps?view=checks&checkDetail=sectors_sum_to_lap")
    expect(page.get_by_text(re.compile("Finds .* three sectors")).first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Succeeded").first).to_be_visible()
    assert page.get_by_text("Failed", exact=True).count() == 0
    browser.keep_picture("ui-checks")


def test_lineage_leads_from_the_parsed_to_the_marts(browser: Browser) -> None:
    page = browser.open("/assets/curated/stints?view=lineage")
    for text in ("laps", "pit_stops", "fct_stint", "fct_driver_weekend"):
        expect(page.get_by_text(text, exact=True).first).to_be_visible(timeout=60_000)
    browser.keep_picture("ui-lineage")


def test_pages_of_the_ui_ask_nobody_else(browser: Browser) -> None:
    assert browser.hosts <= {"127.0.0.1", None}


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
