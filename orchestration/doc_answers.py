"""The answers in the docs: each SQL block of a page is followed by what the demo's lake answers.

``make answers`` writes them (``python -m orchestration.doc_answers HOME``); a test holds every page equal to
what is answered. Answers are short: a question says what it wants, and how many rows of it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

QUESTION = re.compile(r"^```sql\n(?P<sql>.*?)^```\n\n(?P<answer>(?:^\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
"""A question and the answer that stands below it; the answer is empty where none was written yet."""

NOT_QUESTIONS = ("docs/how-to/add-a-mart.md",)
"""Pages whose SQL is that of dbt models."""


def question_pages(root: Path) -> list[Path]:
    """Return the README and every page of the docs whose SQL is asked."""
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    return [page for page in pages if page.relative_to(root).as_posix() not in NOT_QUESTIONS]


def as_markdown(rows: "pa.Table") -> str:
    """Return rows as the pages show them: numbers to six digits, nothing for null."""
    names = rows.column_names
    lines = [names, ["---"] * len(names), *([_cell(row[name]) for name in names] for row in rows.to_pylist())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def with_answers(text: str, ask: Callable[[str], "pa.Table"]) -> str:
    """Return a page with the answer below each of its questions.

    Args:
        text: Markdown of the page.
        ask: Answers one statement.
    """

    def answered(found: re.Match[str]) -> str:
        following = found.string[found.end() :]
        gap = "" if not following or following.startswith("\n") else "\n"
        return f"```sql\n{found['sql']}```\n\n{as_markdown(ask(found['sql']))}{gap}"

    return QUESTION.sub(answered, text + "\n").rstrip("\n") + "\n"


def write_answers(root: Path, home: Path) -> int:
    """Write the answers of the lake in a home into the pages; return how many pages changed."""
    from orchestration.environments import Settings
    from orchestration.lakes import open_existing_lake

    changed = 0
    with open_existing_lake(Settings(home=home)) as lake:
        for page in question_pages(root):
            before = page.read_text(encoding="utf-8")
            after = with_answers(before, lake.query)
            if after != before:
                page.write_text(after, encoding="utf-8")
                changed += 1
    return changed


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(f"{write_answers(Path(), Path(sys.argv[1]))} pages changed\n")
