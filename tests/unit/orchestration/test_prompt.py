"""The SQL prompt: what is answered, remembered and completed."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.cli.invocation import Invocation
from orchestration.cli.prompt import SqlPrompt
from orchestration.environments import Settings


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.open(LakeSettings(home=tmp_path)) as opened:
        yield opened


@pytest.fixture
def prompt(lake: Lake, tmp_path: Path) -> SqlPrompt:
    made = SqlPrompt(Invocation(Settings(home=tmp_path)), lake, limit=2)
    made._console = Console(file=io.StringIO(), width=120)
    return made


def shown(prompt: SqlPrompt) -> str:
    file = prompt._console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_statement_is_answered_and_the_prompt_stays(prompt: SqlPrompt) -> None:
    assert prompt.answer("select 42 as answer;")
    assert "42" in shown(prompt)


def test_error_in_a_statement_is_shown_and_the_prompt_stays(prompt: SqlPrompt) -> None:
    assert prompt.answer("select x from nowhere;")
    assert prompt.answer("drop table curated.laps;")
    assert "nowhere" in shown(prompt)
    assert "only read" in shown(prompt)


def test_answer_without_rows_says_what_is_not_there(
    prompt: SqlPrompt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prompt.answer("select * from fct_lap where season = 2023;")
    assert "Nothing of 2023 here yet" in capsys.readouterr().err
    assert "Nothing of" not in shown(prompt)


def test_dot_commands(prompt: SqlPrompt) -> None:
    assert prompt.answer(".tables")
    assert prompt.answer(".describe curated.stints")
    assert prompt.answer(".help")
    assert prompt.answer(".limit 1")
    assert prompt.answer("select * from range(3);")
    assert not prompt.answer(".quit")
    text = shown(prompt)
    assert "marts.fct_stint" in text
    assert "end_reason" in text
    assert "first 1 of 3 rows" in text


def test_typed_statement_over_two_lines_is_run_and_remembered(prompt: SqlPrompt, tmp_path: Path) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("select 6 * 7\n as answer;\n.quit\n")
        prompt.run()
    assert "42" in shown(prompt)
    assert "as answer" in (tmp_path / "state" / "sql_history").read_text(encoding="utf-8")
