"""Questions that the README and the docs show give the answers that they show, and their Python runs."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prepared_commands import run_command

from lake.lake import Lake
from orchestration.doc_answers import QUESTION, as_markdown, question_pages

if TYPE_CHECKING:
    from conftest import Demo

    Capture = pytest.CaptureFixture[str]

ROOT = Path(__file__).resolve().parents[2]
PAGES = question_pages(ROOT)
# Python of other pages shows a part of a module.
SCRIPTS = [
    ROOT / "docs/how-to/query.md",
    ROOT / "docs/how-to/notebook.md",
    ROOT / "docs/explanation/invented-weekend.md",
]
SHELL = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCRIPT = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Question:
    page: Path
    number: int
    sql: str
    answer: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}-{self.number}"


def questions() -> Iterator[Question]:
    for page in PAGES:
        found = QUESTION.finditer(page.read_text(encoding="utf-8") + "\n")
        for number, question in enumerate(found, start=1):
            yield Question(page, number, question["sql"], question["answer"])


@pytest.mark.parametrize("question", list(questions()), ids=str)
def test_answer_is_what_the_page_shows(question: Question, demo_lake: Lake) -> None:
    assert question.answer == as_markdown(demo_lake.query(question.sql)), "run `make answers`"


def test_every_sql_block_is_a_question_with_an_answer() -> None:
    blocks = sum(page.read_text(encoding="utf-8").count("```sql") for page in PAGES)
    assert len(list(questions())) == blocks


def test_cookbook_answers_at_least_25_questions_of_its_own() -> None:
    recipes = [question.sql for question in questions() if question.page.parent.name == "cookbook"]
    assert len(set(recipes)) == len(recipes) >= 25


def test_every_recipe_stands_under_a_heading_of_its_own() -> None:
    for page in (ROOT / "docs/cookbook").glob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert page.stem == "index" or text.count("```sql") >= text.count("\n## "), page


@pytest.mark.parametrize("page", SCRIPTS, ids=lambda page: page.stem)
def test_python_of_a_page_runs(
    page: Path,
    demo: Demo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "f1lake-demo").symlink_to(demo.home)
    monkeypatch.chdir(tmp_path)
    scripts = SCRIPT.findall(page.read_text(encoding="utf-8"))
    assert scripts
    cells: dict[str, object] = {"__name__": "__main__"}
    for script in scripts:
        exec(compile(script, str(page), "exec"), cells)
        assert capsys.readouterr().out or (tmp_path / "strategy.png").stat().st_size > 10_000


def tutorial_commands() -> list[str]:
    text = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    blocks = SHELL.findall(text)
    return [line for block in blocks for line in block.splitlines() if line.startswith("f1lake ")]


@pytest.mark.parametrize("command", [line for line in tutorial_commands() if line != "f1lake ui"])
def test_commands_of_the_tutorial_run_on_the_demo(command: str, demo: Demo, tmp_path: Path) -> None:
    _, *arguments = shlex.split(command)
    environment = {**os.environ, "F1LAKE_HOME": str(demo.home)}
    assert run_command(tmp_path / "printed.txt", *arguments, environment=environment)


def test_tutorial_shows_some_commands() -> None:
    assert {"f1lake status", "f1lake ui"} <= set(tutorial_commands())
