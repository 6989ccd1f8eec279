"""Hooks of the documentation site: its navigation, and that no page loads anything from elsewhere.

MkDocs calls these functions by name (``hooks`` in ``mkdocs.yml``). A section's pages come in the order in
which its ``index.md`` links to them, so that a new page needs one line, in that index. Pages that no index
links to come after, by name.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

SECTIONS: dict[str, tuple[str, ...]] = {
    "Tutorial": ("tutorial.md",),
    "How-to": ("how-to",),
    "Cookbook": ("cookbook",),
    "Reference": ("tables", "reference", "glossary.md"),
    "Explanation": ("explanation",),
    "Decisions": ("decisions",),
}
"""Heading of each tab to the pages and folders under it."""

_LINK = re.compile(r"\]\(([\w./-]+\.md)")
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=["']?(?:https?:)?//[^"'\s>]+[^>]*>"""
)
_IMPORTED = re.compile(r"""(?:@import|url\()\s*["']?(?:https?:)?//""")


def on_config(config: Any, **_: Any) -> Any:
    """Return the configuration with the navigation made from the folders."""
    docs = Path(config["docs_dir"])
    config["nav"] = ["index.md"]
    for heading, members in SECTIONS.items():
        entries = [entry for member in members for entry in _entries(docs, member)]
        config["nav"].append({heading: entries[0] if entries == [members[0]] else entries})
    return config


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Return the page unchanged.

    Raises:
        PluginError: If reading the page would load a file from another place.
    """
    found = [tag for tag in _LOADED.findall(output) if 'rel="canonical"' not in tag]
    found += _IMPORTED.findall(output)
    if found:
        raise PluginError(f"{page.file.src_path} loads from elsewhere: {found[0]}: keep a copy in docs/")
    return output


def _entries(docs: Path, member: str) -> list[Any]:
    """Return a page as it is, and a folder as its pages; a folder's folders are sections of their own."""
    path = docs / member
    if path.is_file():
        return [member]
    pages = _ordered(path)
    entries: list[Any] = [page.relative_to(docs).as_posix() for page in pages if page.parent == path]
    for folder in dict.fromkeys(page.parent for page in pages if page.parent != path):
        inside = [page.relative_to(docs).as_posix() for page in pages if page.parent == folder]
        entries.append({folder.name: inside})
    return [{member.capitalize(): entries}] if member == "tables" else entries


def _ordered(folder: Path) -> list[Path]:
    index = folder / "index.md"
    linked = []
    if index.is_file():
        names = _LINK.findall(index.read_text(encoding="utf-8"))
        linked = [index, *((folder / name).resolve() for name in names)]
    there = sorted(folder.rglob("*.md"))
    return [*dict.fromkeys(path for path in linked if path in there), *(p for p in there if p not in linked)]
