"""The command line's shape: help, pages, errors and exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.errors import UnknownWeekendError
from lake.errors import QueryFailedError, QueryRefusedError, UnsupportedCatalogError, WrongStatementError
from orchestration.cli.errors import exit_code
from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.look import full_name
from orchestration.cli.main import app
from orchestration.errors import (
    HomeNotWritableError,
    InvalidSettingError,
    NothingToDoError,
    UnknownTableNameError,
)
from orchestration.reference import FOLDER, pages
from racing.errors import InvalidKeyError
from sources.errors import InvalidSourceError, UpstreamUnreachableError

COMMANDS = ["demo", "ingest", "backfill", "sql", "tables", "describe"]
COMMANDS += ["status", "duckdb", "ui", "rebuild", "remove", "maintain", "backup", "restore", "doctor"]

# What `f1lake --help` must not wait for.
HEAVY = (
    "dagster",
    "fastf1",
    "pandas",
    "polars",
    "pyarrow",
    "pyiceberg",
    "duckdb",
    "dbt",
    "matplotlib",
    "numba",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert "For example" in result.stdout
    assert f"f1lake {name}" in result.stdout or f" {name}" in result.stdout


def test_help_lists_exactly_the_documented_commands() -> None:
    page = pages()["commands.md"]
    assert [
        line.removeprefix("## f1lake ") for line in page.splitlines() if line.startswith("## f1lake")
    ] == (COMMANDS)


@pytest.mark.parametrize("name", list(pages()))
def test_reference_page_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys; import orchestration.cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_sql_does_not_import_dagster(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from orchestration.cli.main import app\n"
        f"result = CliRunner().invoke(app, ['--home', {str(tmp_path)!r}, 'sql', 'select 1'])\n"
        "print(result.exit_code, 'dagster' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3 False"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidSettingError("x"), ExitCode.WRONG_USAGE),
        (InvalidKeyError("x"), ExitCode.WRONG_USAGE),
        (NothingToDoError("x"), ExitCode.FAILED),
        (HomeNotWritableError("x"), ExitCode.LAKE_UNUSABLE),
        (WrongStatementError("x"), ExitCode.WRONG_USAGE),
        (QueryRefusedError("x"), ExitCode.WRONG_USAGE),
        (UnknownWeekendError("x"), ExitCode.WRONG_USAGE),
        (UnsupportedCatalogError("x"), ExitCode.WRONG_USAGE),
        (InvalidSourceError("x"), ExitCode.WRONG_USAGE),
        (QueryFailedError("x"), ExitCode.LAKE_UNUSABLE),
        (UpstreamUnreachableError("x"), ExitCode.SOURCE_FAILED),
        (KeyboardInterrupt(), ExitCode.STOPPED),
        (RuntimeError("x"), ExitCode.UNEXPECTED),
    ],
)
def test_error_has_the_documented_exit_code(error: BaseException, code: ExitCode) -> None:
    assert exit_code(error) is code


def test_reading_without_a_lake_says_how_to_make_one(tmp_path: Path) -> None:
    for command in (["sql", "select 1"], ["tables"], ["status"], ["rebuild"], ["remove", "2024-08", "--yes"]):
        result = CliRunner().invoke(app, ["--home", str(tmp_path), *command])
        assert result.exit_code == ExitCode.LAKE_UNUSABLE, command
        assert "f1lake demo" in result.stderr
        assert "Traceback" not in result.stderr
    assert list(tmp_path.glob("*.json")) == []


def test_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--home", str(tmp_path), "--catalog", "glue", "tables"])
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert result.stderr.startswith("error: F1LAKE_CATALOG is 'glue'")


def test_empty_home_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["--home", "", "status"])
    assert (result.exit_code, "it is empty" in result.stderr) == (ExitCode.WRONG_USAGE, True)
    assert list(tmp_path.iterdir()) == []


def test_help_offers_only_catalogs_that_are_there() -> None:
    help_text = CliRunner().invoke(app, ["--help"]).stdout
    assert "local or sql" in help_text
    assert "aws" not in help_text


def test_verbose_shows_the_traceback(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--verbose", "--catalog", "glue", "tables"])
    assert isinstance(result.exception, InvalidSettingError)


def test_unknown_session_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--home", str(tmp_path), "ingest", "2024-08", "--session", "X"])
    assert result.exit_code == ExitCode.WRONG_USAGE
    assert "FP1" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_table_may_be_named_without_its_zone_where_that_is_clear() -> None:
    contracts = {"curated.laps": 1, "curated.stints": 2, "processed.stints": 3}
    assert full_name("laps", contracts) == "curated.laps"
    assert full_name("processed.stints", contracts) == "processed.stints"
    with pytest.raises(UnknownTableNameError, match=r"curated\.stints or processed\.stints"):
        full_name("stints", contracts)
    with pytest.raises(UnknownTableNameError, match=r"f1lake tables"):
        full_name("xyz", contracts)
