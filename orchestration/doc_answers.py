"""The answers in the docs: each SQL block of a page is followed by what the demo's lake answers.

``make answers`` writes them, and the pictures of the race (``python -m orchestration.doc_answers HOME``);
tests hold every page and picture equal to the demo's lake. Answers are short: a question says what it
wants, and how many rows of it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.lake import Lake

QUESTION = re.compile(r"^```sql\n(?P<sql>.*?)^```\n\n(?P<answer>(?:^\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL)
"""A question and the answer that stands below it; the answer is empty where none was written yet."""

DEMO_RACE = "2025-90-R"
"""The race of the demo."""

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


def race_pictures(lake: "Lake", session_key: str) -> dict[str, str]:
    """Return the pictures of a race in the docs: name to SVG.

    Args:
        lake: The demo's lake.
        session_key: The race.
    """
    import polars as pl

    from charts.race_trace import draw_race_trace
    from charts.rendering import to_svg
    from charts.tyres import draw_tyre_strategy

    def rows(table: str) -> "pl.DataFrame":
        return pl.DataFrame(pl.from_arrow(lake.read(table, {"session_key": session_key})))

    colours = rows("processed.fastf1__session_drivers").select("car_number", "team_colour")
    entries = rows("curated.results").sort("result_order")
    entries = entries.join(colours, on="car_number", how="left", maintain_order="left")
    title = "an invented Grand Prix"
    return {
        "race-trace": to_svg(draw_race_trace(rows("curated.laps"), entries, title)),
        "tyre-strategy": to_svg(draw_tyre_strategy(rows("curated.stints"), entries, title)),
    }


def write_answers(root: Path, home: Path) -> int:
    """Write answers and pictures of the lake in a home into the docs; return how many pages changed."""
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
        for name, drawn in race_pictures(lake, DEMO_RACE).items():
            (root / "docs" / "images" / f"{name}.svg").write_text(drawn, encoding="utf-8")
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
