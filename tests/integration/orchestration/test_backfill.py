"""A backfill of three invented weekends, the middle one broken; its retry; what a person asks afterwards."""

import json
import shutil
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import dagster as dg
import pytest
from typer.testing import Result

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from orchestration.environments import Settings
from orchestration.instance import open_instance

CommandLine = Callable[..., Result]

KEYS = ["2023-90", "2024-90", "2025-90"]
TABLES = ("curated.laps", "curated.results", "marts.fct_stint", "marts.dim_driver", "marts.fct_driver_season")
COMPUTED = [
    name for name, contract in ALL_TABLES.items() if contract.zone in ("processed", "curated", "marts")
]


@dataclass(frozen=True)
class Backfill:
    """A home, the source it was filled from, and what was seen right after the command."""

    home: Path
    source: str
    result: Result
    partitions: set[str]
    run_statuses: dict[str, str]
    weekends_with_results: list[str]
    broken_document: Path
    whole_document: bytes


def rows_of(home: Path, tables: Iterable[str] = TABLES) -> dict[str, list[str]]:
    """Return the rows of some tables, in an order of their own."""
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        return {name: sorted(str(row) for row in lake.read(name).to_pylist()) for name in tables}


def observe(home: Path, result: Result, source: str, document: Path, body: bytes) -> Backfill:
    with open_instance(Settings(home=home)) as instance:
        partitions = instance.get_materialized_partitions(dg.AssetKey(["marts", "fct_stint"]))
        runs = instance.get_runs(dg.RunsFilter(job_name="ingest_weekend"))
        statuses = {run.tags["dagster/partition"]: run.status.value for run in reversed(runs)}
    with Lake.open(LakeSettings(home=home), read_only=True) as lake:
        rows = lake.query("select distinct weekend_key from curated.results order by all")
    return Backfill(
        home, source, result, partitions, statuses, rows["weekend_key"].to_pylist(), document, body
    )


@pytest.fixture(scope="module")
def broken(
    f1lake: CommandLine,
    mirrors: dict[int, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Backfill:
    """Three weekends, of which 2024's race cannot be read."""
    folder = tmp_path_factory.mktemp("backfill")
    copies = {season: folder / f"mirror-{season}" for season in mirrors}
    for season, mirror in mirrors.items():
        shutil.copytree(mirror, copies[season])
    (document,) = copies[2024].rglob("*_Race/TimingData.jsonStream")
    body = document.read_bytes()
    document.write_bytes(b"garbage\r\n")
    source = ",".join(f"mirror:{path}" for path in copies.values())
    home = folder / "home"
    result = f1lake("--home", home, "--source", source, "backfill", "2023..2025")
    return observe(home, result, source, document, body)


@pytest.fixture(scope="module")
def repaired(f1lake: CommandLine, broken: Backfill) -> Backfill:
    """The same home after the document was repaired and the failed weekend was run again."""
    broken.broken_document.write_bytes(broken.whole_document)
    arguments = ("--home", broken.home, "--source", broken.source, "backfill", "2023..2025", "--retry-failed")
    result = f1lake(*arguments)
    return observe(broken.home, result, broken.source, broken.broken_document, broken.whole_document)


def test_failed_weekend_is_reported_and_the_rest_go_on(broken: Backfill) -> None:
    assert broken.result.exit_code == 1
    assert "2 of 3 weekends done" in broken.result.stderr
    assert (
        "2024-90  processed: 2024-90-R: none of the 1 lines of TimingData can be read" in broken.result.stderr
    )


def test_summary_names_the_exact_command_that_retries(broken: Backfill) -> None:
    (line,) = [line for line in broken.result.stderr.splitlines() if line.startswith("Retry:")]
    expected = f"f1lake --home {broken.home} --source {broken.source} ingest 2024-90"
    assert line.removeprefix("Retry:").strip() == expected


def test_command_that_retries_asks_for_the_same_sessions(f1lake: CommandLine, broken: Backfill) -> None:
    where = ("--home", broken.home, "--source", broken.source)
    result = f1lake(*where, "backfill", "2024..2024", "--session", "R", "--force")
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Retry:")]
    assert line.endswith("ingest --session R --force 2024-90")
    shown = f1lake(*where, "status")
    assert f"retry: f1lake --home {broken.home} --source {broken.source} ingest 2024-90" in shown.stdout


def test_session_that_the_weekend_does_not_have_starts_no_run(f1lake: CommandLine, broken: Backfill) -> None:
    def run_count() -> int:
        with open_instance(Settings(home=broken.home)) as instance:
            return instance.get_runs_count()

    before = run_count()
    where = ("--home", broken.home, "--source", broken.source)
    single = f1lake(*where, "ingest", "2023-90", "--session", "S")
    assert single.exit_code == 2, single.output
    assert "has no session S: it has " in single.stderr
    ranged = f1lake(*where, "backfill", "2023..2025", "--session", "S")
    assert (ranged.exit_code, "no weekend from 2023-90 to 2025-90 has" in ranged.stderr) == (2, True)
    assert run_count() == before


def test_failed_weekend_is_neither_materialised_nor_in_the_tables(broken: Backfill) -> None:
    assert broken.partitions == {"2023-90", "2025-90"}
    assert broken.weekends_with_results == ["2023-90", "2025-90"]
    assert broken.run_statuses == {"2023-90": "SUCCESS", "2024-90": "FAILURE", "2025-90": "SUCCESS"}


def test_expectation_is_said_before_the_start(broken: Backfill) -> None:
    assert broken.result.stderr.startswith("3 weekends; no request to any upstream")


def test_retry_runs_only_the_failed_weekend_and_completes(repaired: Backfill) -> None:
    assert repaired.result.exit_code == 0, repaired.result.output
    assert "1 of 1 weekend done" in repaired.result.stderr
    look = f"f1lake --home {repaired.home} --source {repaired.source} status 2024-90"
    following = f"Next: {look} (or sql to ask it, ui to see it)"
    assert repaired.result.stderr.splitlines()[-1] == following
    assert repaired.partitions == set(KEYS)
    assert repaired.weekends_with_results == KEYS


def test_nothing_is_left_to_retry_then(f1lake: CommandLine, repaired: Backfill) -> None:
    arguments = ("--home", repaired.home, "--source", repaired.source, "backfill", "2023..2025")
    result = f1lake(*arguments, "--retry-failed")
    assert (result.exit_code, "Nothing to do" in result.stderr) == (0, True)


def test_unchanged_weekend_writes_nothing(f1lake: CommandLine, repaired: Backfill) -> None:
    def snapshots() -> dict[str, int]:
        with Lake.open(LakeSettings(home=repaired.home), read_only=True) as lake:
            return lake.snapshot_ids()

    before = snapshots()
    result = f1lake("--home", repaired.home, "--source", repaired.source, "ingest", "2024-90", "2025-90")
    assert result.exit_code == 0, result.output
    assert snapshots() == before


def test_status_shows_sessions_zones_and_runs(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "status")
    assert result.exit_code == 0, result.output
    for key in KEYS:
        assert key in result.stdout
    assert result.stdout.count("Q✓ R✓") == 3
    assert result.stdout.count("success") == 3
    unknown = f1lake("--home", repaired.home, "status", "2025-91")
    assert unknown.stdout == (
        f"Nothing of 2025-91 here yet: `f1lake --home {repaired.home} ingest 2025-91` fills it.\n"
    )


def test_sql_answers_as_table_csv_and_json(f1lake: CommandLine, repaired: Backfill) -> None:
    question = "select weekend_key, count(*) as entries from curated.results group by all order by all"
    home = ("--home", repaired.home)
    table = f1lake(*home, "sql", question, "--limit", "2")
    assert "first 2 of 3 rows" in table.stdout
    as_csv = f1lake(*home, "sql", question, "--csv")
    assert as_csv.stdout.splitlines()[0] == '"weekend_key","entries"'
    assert as_csv.stdout.splitlines()[1] == '"2023-90",8'
    as_json = f1lake(*home, "sql", "-", "--json", stdin=question)
    assert json.loads(as_json.stdout)[2] == {"weekend_key": "2025-90", "entries": 8}


def test_wrong_sql_is_one_sentence_and_exit_code_2(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "sql", "select nothing from nowhere")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_sql_that_writes_is_refused(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "sql", "delete from curated.laps")
    assert result.exit_code == 2
    assert "only read" in result.stderr
    several = f1lake("--home", repaired.home, "sql", "select 1; select 2")
    assert (several.exit_code, "one statement, not 2" in several.stderr) == (2, True)


def test_tables_lists_every_table_with_its_rows(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "tables")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.strip().startswith("curated.results ")]
    assert line.split()[1] == "24"


def test_describe_shows_columns_key_and_rows(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "describe", "fct_stint")
    assert result.exit_code == 0
    assert "marts.fct_stint" in result.stdout
    assert "milliseconds" in result.stdout
    assert "key        session_key, car_number, stint_number" in result.stdout


def test_describe_of_an_unknown_table_names_near_ones(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "describe", "curated.lap")
    assert result.exit_code == 2
    assert "curated.laps" in result.stderr


def test_weekend_that_the_calendar_does_not_have_is_named(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "--source", repaired.source, "ingest", "2024-07")
    assert result.exit_code == 2
    assert "2024-07" in result.stderr
    assert "2024-90" in result.stderr


def test_maintain_says_what_it_would_do(f1lake: CommandLine, repaired: Backfill) -> None:
    result = f1lake("--home", repaired.home, "maintain", "--dry-run")
    assert result.exit_code == 0, result.output


def test_rebuild_from_raw_alone_without_network_gives_the_same_rows(
    f1lake: CommandLine, repaired: Backfill, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a rebuild must not ask anybody")

    before = rows_of(repaired.home, COMPUTED)
    assert sum(map(bool, before.values())) > 40
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    result = f1lake("--home", repaired.home, "rebuild", "--drop", "--yes")
    assert result.exit_code == 0, result.output
    after = rows_of(repaired.home, COMPUTED)
    assert [name for name in COMPUTED if after[name] != before[name]] == []


def test_removed_weekend_leaves_the_tables_and_comes_back(f1lake: CommandLine, repaired: Backfill) -> None:
    before = rows_of(repaired.home)
    for answer in ("n\n", ""):
        asked = f1lake("--home", repaired.home, "remove", "2024-90", stdin=answer)
        assert asked.exit_code == 1
        assert "`--yes` does it without asking" in asked.stderr
    assert rows_of(repaired.home) == before
    with Lake.open(LakeSettings(home=repaired.home), read_only=True) as lake:
        names = lake.read("curated.weekends", {"weekend_key": "2024-90"}, ["event_name"])
    (name,) = names["event_name"].to_pylist()
    result = f1lake("--home", repaired.home, "remove", f"2024-{name}", "--yes")
    assert result.exit_code == 0, result.output
    after = rows_of(repaired.home)
    assert not [row for rows in after.values() for row in rows if "'2024-90'" in row]
    assert after["curated.laps"] == [row for row in before["curated.laps"] if "'2024-90'" not in row]
    with open_instance(Settings(home=repaired.home)) as instance:
        assert instance.get_dynamic_partitions("race_weekend") == ["2023-90", "2025-90"]
    back = f1lake("--home", repaired.home, "--source", repaired.source, "ingest", "2024-90")
    assert back.exit_code == 0, back.output
    assert rows_of(repaired.home) == before
