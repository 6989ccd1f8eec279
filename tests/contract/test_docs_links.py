"""Links of the docs, ``Source:`` lines of the code and commands that the docs show lead to what is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from orchestration.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
WRITTEN = [page for page in PAGES if "tables" not in page.relative_to(ROOT).parts]
PACKAGES = ("assets", "charts", "lake", "orchestration", "racing", "sources", "dbt_project")
CODE = [
    path
    for name in PACKAGES
    for end in ("py", "sql", "yml")
    for path in sorted((ROOT / name).rglob(f"*.{end}"))
]

FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
MENTION = re.compile(r"docs/[\w/-]+\.md(?:#[\w-]+)?")


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    )


def problem(base: Path, target: str) -> str | None:
    """Return what is wrong with a link from a folder; null where nothing is."""
    name, _, anchor = target.partition("#")
    page = (base / name).resolve()
    if not page.exists():
        return f"there is no {target}"
    if anchor and anchor not in anchors(page):
        return f"{name} has no heading #{anchor}"
    return None


def commands(page: Path) -> Iterator[str]:
    """Yield the ``f1lake`` commands in a page's shell blocks."""
    for fence in FENCE.finditer(page.read_text(encoding="utf-8")):
        if fence["kind"] == "bash":
            yield from (line for line in fence["body"].splitlines() if line.startswith("f1lake"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_of_a_page_resolve(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(text) if not link.startswith(("https://", "http://"))]
    wrong = [problem(page.parent if not link.startswith("#") else page, link) for link in links]
    own = [link[1:] for link in links if link.startswith("#")]
    assert [text for link, text in zip(links, wrong, strict=True) if text and link[0] != "#"] == []
    assert set(own) <= anchors(page)


def test_pages_that_the_code_names_are_there_with_their_headings() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in CODE
        for mention in MENTION.findall(path.read_text(encoding="utf-8"))
        if (text := problem(ROOT, mention)) is not None
    }
    assert wrong == set()


def test_every_page_can_be_reached_from_the_front() -> None:
    front = [ROOT / "README.md", ROOT / "docs" / "index.md"]
    reached: set[Path] = set()
    while front:
        page = front.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
        front += [
            (page.parent / name).resolve() for name in targets if name.endswith(".md") and "://" not in name
        ]
    assert set(PAGES) - reached == set()


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_a_page_shows_exist_with_their_options(page: Path) -> None:
    group = typer.main.get_command(app)
    for line in commands(page):
        words = shlex.split(line.partition(" > ")[0].partition(" < ")[0])[1:]
        place = next((number for number, word in enumerate(words) if word in group.commands), None)
        assert place is not None, f"{line}: no such command"
        for command, part in ((group, words[:place]), (group.commands[words[place]], words[place + 1 :])):
            known = {name for parameter in command.params for name in (*parameter.opts, "--help", "-h")}
            assert {word for word in part if word.startswith("-") and word != "-"} <= known, line
