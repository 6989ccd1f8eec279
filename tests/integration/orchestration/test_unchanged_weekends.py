"""A weekend that has not changed needs no run, and to find that out, no Dagster."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from typer.testing import Result

from assets.marts.step import MartsOptions, compute_marts
from lake.errors import CommitInterruptedError
from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.environments import Settings
from orchestration.instance import open_instance
from orchestration.settled import are_settled

KEY = "2024-90"


@dataclass(frozen=True)
class Home:
    """A home with one weekend in it, and the mirror that it came from."""

    path: Path
    mirror: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        return ("--home", str(self.path), "--source", f"mirror:{self.mirror}", "ingest", KEY)

    def run_statuses(self) -> list[str]:
        with open_instance(Settings(home=self.path)) as instance:
            return [run.status.value for run in instance.get_runs(dg.RunsFilter(job_name="ingest_weekend"))]

    def snapshots(self) -> dict[str, int]:
        with Lake.open(LakeSettings(home=self.path), read_only=True) as lake:
            return lake.snapshot_ids()


@pytest.fixture(scope="module")
def ingested(
    f1lake: Callable[..., Result], mirrors: dict[int, Path], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    folder = tmp_path_factory.mktemp("unchanged")
    shutil.copytree(mirrors[2024], folder / "mirror")
    home = Home(folder / "home", folder / "mirror")
    result = f1lake(*home.arguments)
    assert result.exit_code == 0, result.output
    return home


def test_unchanged_weekend_needs_no_run_and_no_dagster(ingested: Home) -> None:
    runs, snapshots = ingested.run_statuses(), ingested.snapshots()
    program = (
        "import sys\n"
        "from orchestration.cli.main import app\n"
        "app(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'dagster', 'fastf1', 'dbt'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *ingested.arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
    assert "  unchanged\n" in done.stderr
    assert "1 of 1 weekend done" in done.stderr
    assert (ingested.run_statuses(), ingested.snapshots()) == (runs, snapshots)


def test_it_is_found_out_with_dagster_where_the_note_of_it_is_lost(
    f1lake: Callable[..., Result], ingested: Home
) -> None:
    runs = ingested.run_statuses()
    shutil.rmtree(ingested.path / "dagster" / "settled")
    result = f1lake(*ingested.arguments)
    assert (result.exit_code, "  unchanged\n" in result.stderr) == (0, True), result.output
    assert ingested.run_statuses() == runs


def test_force_runs_what_has_not_changed(f1lake: Callable[..., Result], ingested: Home) -> None:
    runs = ingested.run_statuses()
    result = f1lake(*ingested.arguments, "--force")
    assert (result.exit_code, "  unchanged\n" in result.stderr) == (0, False), result.output
    assert ingested.run_statuses() == ["SUCCESS", *runs]
    assert are_settled(Settings(home=ingested.path), [KEY])


def test_changed_document_is_run_and_a_failure_is_tried_again_each_time(
    f1lake: Callable[..., Result], ingested: Home
) -> None:
    runs = ingested.run_statuses()
    (document,) = ingested.mirror.rglob("*_Race/TimingData.jsonStream")
    whole = document.read_bytes()
    document.write_bytes(b"garbage\r\n")
    for _ in range(2):
        result = f1lake(*ingested.arguments)
        assert (result.exit_code, "  unchanged\n" in result.stderr) == (1, False), result.output
        assert not are_settled(Settings(home=ingested.path), [KEY])
    document.write_bytes(whole)
    result = f1lake(*ingested.arguments)
    assert (result.exit_code, "  unchanged\n" in result.stderr) == (0, False), result.output
    assert ingested.run_statuses() == ["SUCCESS", "FAILURE", "FAILURE", *runs]


def test_weekend_without_its_marts_is_not_called_unchanged(
    f1lake: Callable[..., Result], ingested: Home
) -> None:
    with Lake.open(LakeSettings(home=ingested.path)) as lake:
        lake.drop_tables(["marts.fct_stint"])
    result = f1lake(*ingested.arguments)
    assert (result.exit_code, "  unchanged\n" in result.stderr) == (0, False), result.output
    with Lake.open(LakeSettings(home=ingested.path), read_only=True) as lake:
        assert lake.read("marts.fct_stint").num_rows > 0


def test_unchanged_weekend_is_said_of_each_of_a_range(f1lake: Callable[..., Result], ingested: Home) -> None:
    arguments = [*ingested.arguments[:4], "backfill", "2024"]
    result = f1lake(*arguments)
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.stderr.splitlines() if KEY in line and line.startswith("✓")]
    assert line.endswith("unchanged")


def test_json_of_a_document_may_change_and_rows_stay(f1lake: Callable[..., Result], ingested: Home) -> None:
    (document,) = [
        path for path in ingested.mirror.rglob("*") if path.is_file() and "constructorstandings" in path.name
    ][:1]
    body = json.loads(document.read_bytes())
    document.write_text(json.dumps(body, indent=1), encoding="utf-8")
    before = ingested.snapshots()
    result = f1lake(*ingested.arguments)
    assert (result.exit_code, "  unchanged\n" in result.stderr) == (0, False), result.output
    after = ingested.snapshots()
    changed = {name for name in after if after[name] != before.get(name)}
    assert "raw.jolpica__responses" in changed
    assert "curated.laps" not in changed


def test_season_that_is_not_there_yet_is_not_left_out_of_a_range(
    f1lake: Callable[..., Result], ingested: Home, mirrors: dict[int, Path]
) -> None:
    """The lake has no calendar of 2025 yet, and all that it has of the range is unchanged."""
    source = f"mirror:{ingested.mirror},mirror:{mirrors[2025]}"
    result = f1lake("--home", ingested.path, "--source", source, "backfill", "2024..2025", "--session", "Q")
    assert result.exit_code == 0, result.output
    assert "2 of 2 weekends done" in result.stderr
    with Lake.open(LakeSettings(home=ingested.path), read_only=True) as lake:
        assert lake.read("curated.results", {"weekend_key": "2025-90"}).num_rows > 0


def test_step_that_a_killed_process_left_is_finished_first(
    f1lake: Callable[..., Result], ingested: Home
) -> None:
    def die(what: str) -> None:
        if what == "writes":
            raise OSError("as if the process ended here")

    with Lake.open(LakeSettings(home=ingested.path)) as lake:
        rows = lake.read("marts.fct_stint", {"weekend_key": KEY})
        lake.drop_tables(["marts.fct_stint"])
    with (
        Lake.open(LakeSettings(home=ingested.path), checkpoint=die) as dying,
        pytest.raises(CommitInterruptedError),
    ):
        compute_marts(dying, MartsOptions("run", (KEY,)))
    with Lake.open(LakeSettings(home=ingested.path), read_only=True) as lake:
        assert lake.needs_recovery
        assert lake.read("marts.fct_stint").num_rows == 0
    result = f1lake(*ingested.arguments)
    assert result.exit_code == 0, result.output
    with Lake.open(LakeSettings(home=ingested.path), read_only=True) as lake:
        assert not lake.needs_recovery
        assert lake.read("marts.fct_stint").num_rows == rows.num_rows > 0


def test_views_file_follows_tables_that_no_mart_is_made_of(
    f1lake: Callable[..., Result], ingested: Home
) -> None:
    made = f1lake("--home", ingested.path, "duckdb")
    assert made.exit_code == 0, made.output
    result = f1lake("--home", ingested.path, "rebuild", "--table", "curated.discrepancies")
    assert result.exit_code == 0, result.output
    with Lake.open(LakeSettings(home=ingested.path), read_only=True) as lake:
        newest = lake.releases()[-1].release_id
    with duckdb.connect(str(ingested.path / "f1lake.duckdb"), read_only=True) as views:
        assert views.execute("select release_id from main.release").fetchall() == [(newest,)]
