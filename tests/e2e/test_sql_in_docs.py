"""Questions that the README and the docs show give the answers that they show, and their Python runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lake.lake import Lake

if TYPE_CHECKING:
    import pyarrow as pa
    from conftest import Demo

    Capture = pytest.CaptureFixture[str]

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# These pages show SQL of dbt models, which is no question.
NOT_QUESTIONS = {ROOT / "docs/how-to/add-a-mart.md"}
# Python of other pages shows a part of a module.
SCRIPTS = [ROOT / "docs/how-to/query.md", ROOT / "docs/explanation/invented-weekend.md"]
SCRIPT = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
QUESTION = re.compile(r"^```sql\n(?P<sql>.*?)^```\n\n(?P<answer>(?:^\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL)


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
        if page not in NOT_QUESTIONS:
            for number, found in enumerate(
                QUESTION.finditer(page.read_text(encoding="utf-8") + "\n"), start=1
            ):
                yield Question(page, number, found["sql"], found["answer"])


def as_markdown(rows: pa.Table) -> str:
    """Return rows as the pages show them: numbers to six digits, nothing for null."""
    names = rows.column_names
    lines = [names, ["---"] * len(names), *([cell(row[name]) for name in names] for row in rows.to_pylist())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("question", list(questions()), ids=str)
def test_answer_is_what_the_page_shows(question: Question, demo_lake: Lake) -> None:
    assert question.answer == as_markdown(demo_lake.query(question.sql))


def test_every_sql_block_is_a_question_with_an_answer() -> None:
    blocks = sum(
        page.read_text(encoding="utf-8").count("```sql") for page in PAGES if page not in NOT_QUESTIONS
    )
    assert len(list(questions())) == blocks >= 10


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
    for script in scripts:
        exec(compile(script, str(page), "exec"), {"__name__": "__main__"})
        assert capsys.readouterr().out or (tmp_path / "strategy.png").stat().st_size > 10_000
