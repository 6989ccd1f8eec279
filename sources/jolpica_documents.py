"""Jolpica's documents: how their addresses are spelled, and how a paged one is made complete.

A bare address is enough where its ``total`` is within its ``limit``. Otherwise pages of 100 are asked
for; rows that no layer has are named. What a document says is read in ``jolpica_rows.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from sources.errors import UnreadableDocumentError
from sources.responses import Response

PAGE_SIZE = 100

_PATH = re.compile(r"^/ergast/f1/(?P<season>\d{4})(?:/(?P<round>\d{1,2}))?(?:/(?P<topic>.+?))?$")
_CAMEL = {"driverstandings": "driverStandings", "constructorstandings": "constructorStandings"}


@dataclass(frozen=True)
class DocumentParts:
    """What an address of Jolpica says.

    Attributes:
        season: Year.
        round_number: Jolpica's round; null for a document of the season.
        topic: Rest of the path in lower case, such as ``results`` or ``laps/1``; ``races`` for a calendar.
        offset: First row of the page, from 0.
    """

    season: int
    round_number: int | None
    topic: str
    offset: int


def document_parts(url: str) -> DocumentParts | None:
    """Return what an address asks for; null where it is no document of a season."""
    parts = urlsplit(url)
    match = _PATH.match(parts.path.lower().rstrip("/").removesuffix(".json"))
    if match is None:
        return None
    round_text, query = match["round"], parse_qs(parts.query)
    return DocumentParts(
        season=int(match["season"]),
        round_number=int(round_text) if round_text else None,
        topic=match["topic"] or "races",
        offset=int(query.get("offset", ["0"])[0]),
    )


def spelling_variants(url: str) -> tuple[str, ...]:
    """Return other spellings under which a stored copy of the same first page may be found."""
    spellings = [url]
    for lower, camel in _CAMEL.items():
        if f"/{lower}.json" in url:
            spellings.append(url.replace(lower, camel))
        elif f"/{camel}.json" in url:
            spellings.append(url.replace(camel, lower))
    if url.endswith("/races.json"):
        spellings.append(url.removesuffix("/races.json") + ".json")
    bare = [spelling.partition("?")[0] for spelling in spellings]
    queries = ("", f"?limit={PAGE_SIZE}&offset=0", f"?limit={PAGE_SIZE}", "?limit=1000", "?limit=30")
    variants = [f"{spelling}{query}" for query in queries for spelling in bare]
    variants += [spelling.removesuffix(".json") + "/" for spelling in bare]
    return tuple(dict.fromkeys(variant for variant in variants if variant != url))


@dataclass(frozen=True)
class PagedDocument:
    """All pages of a document that could be had.

    Attributes:
        pages: Responses in the order of their rows; one 404 where there is no document; none where no
            layer has it.
        missing: Which rows are missing, in words; null where none is.
    """

    pages: tuple[Response, ...]
    missing: str | None


def fetch_pages(url: str, get: Callable[[str], Response | None]) -> PagedDocument:
    """Return a document with all its pages.

    Args:
        url: Bare address, or that of the first page of a document that is known to be long.
        get: Returns the response of an address, or null where no layer has it.

    Raises:
        UnreadableDocumentError: If a page is not a Jolpica document.
    """
    first = get(url)
    if first is None or not first.is_found:
        return PagedDocument(() if first is None else (first,), None)
    head = page_head(first)
    if head.end >= head.total and head.offset == 0:
        return PagedDocument((first,), None)
    bare, query, _ = url.partition("?")
    pages, covered = ([first], head.end) if query else ([], 0)
    while covered < head.total:
        page = get(f"{bare}?limit={PAGE_SIZE}&offset={covered}")
        if page is None or not page.is_found:
            break
        pages.append(page)
        end = page_head(page).end
        if end <= covered:
            break
        covered = end
    if not pages or covered < head.end:
        pages, covered = [first], head.end
    missing = (
        f"rows {covered + 1} to {head.total} of {head.total} are missing" if covered < head.total else None
    )
    return PagedDocument(tuple(pages), missing)


@dataclass(frozen=True)
class PageHead:
    """Paging facts of one response: first row from 0, row after the last, rows in all."""

    offset: int
    end: int
    total: int


def page_head(response: Response) -> PageHead:
    """Return the paging facts of a response.

    Raises:
        UnreadableDocumentError: If it is not a Jolpica document.
    """
    document = read_document(response)
    try:
        limit, offset, total = (int(document[name]) for name in ("limit", "offset", "total"))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableDocumentError(f"{response.url} lacks limit, offset or total: {error}") from error
    return PageHead(offset, min(offset + limit, total), total)


def read_document(response: Response) -> dict[str, Any]:
    """Return the ``MRData`` of a response.

    Raises:
        UnreadableDocumentError: If it is not a Jolpica document.
    """
    try:
        document = orjson.loads(response.body)["MRData"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableDocumentError(
            f"{response.url} ({len(response.body)} bytes, from {response.layer}) is not a document of Jolpica"
            f": {error!r}. Fetch it again"
        ) from error
    if not isinstance(document, dict):
        raise UnreadableDocumentError(f"{response.url}: MRData is no object. Fetch it again")
    return document


def read_documents(responses: Sequence[Response]) -> list[tuple[Response, dict[str, Any]]]:
    """Return the pages of one document that together hold each row once, with their ``MRData``.

    Args:
        responses: Stored responses of the document; a bare first page may stand beside larger pages.
    """
    found = {response: read_document(response) for response in _newest_of_each(responses)}
    heads = {response: page_head(response) for response in found}
    chosen: list[tuple[Response, dict[str, Any]]] = []
    covered = 0
    while pages := [response for response in found if heads[response].offset == covered]:
        longest = max(pages, key=lambda response: heads[response].end)
        chosen.append((longest, found[longest]))
        if heads[longest].end <= covered:
            break
        covered = heads[longest].end
    return chosen


def _newest_of_each(responses: Sequence[Response]) -> list[Response]:
    by_url = {
        response.url: response
        for response in sorted(responses, key=lambda response: response.fetched_at)
        if response.is_found
    }
    return list(by_url.values())
