"""One document from whatever layer has it, and what the raw zone already knows of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sources.documents import DocumentRequest
from sources.errors import AccessDeniedError
from sources.jolpica_documents import fetch_pages, spelling_variants
from sources.open_source import Source
from sources.responses import Known, Response, SourceLayer

Progress = Callable[[int, int, DocumentRequest], None]
"""Told after each document: how many are done, of how many at least, and which it was."""

NO_LAYER = "no layer of the source has it"
NOT_FOUND = "the upstream has no such document (404)"


def _nothing_known(_url: str) -> Response | None:
    """Know nothing."""
    return None


@dataclass(frozen=True)
class Fetched:
    """What asking for one document gave.

    Attributes:
        request: The document.
        response: Its response; a 404 is one too. Null where there is none.
        reason: Why there is no document, or what it lacks; null where all is well.
        parsed_folder: Folder of FastF1's parsed files of the session, for an import.
        parsed_layer: Layer of those files.
    """

    request: DocumentRequest
    response: Response | None
    reason: str | None = None
    parsed_folder: Path | None = None
    parsed_layer: str | None = None


@dataclass(frozen=True)
class FetchOptions:
    """How documents are fetched.

    Attributes:
        known: Looks up what the raw zone holds.
        refresh: Ask again for what is settled too; the upstream then says whether it changed.
        on_progress: Told after each document.
        now: UTC time that decides which sessions have started; the clock by default.
    """

    known: Known = _nothing_known
    refresh: bool = False
    on_progress: Progress | None = None
    now: dt.datetime | None = None

    def current_time(self) -> dt.datetime:
        """Return ``now``, or the time of the clock."""
        return self.now or dt.datetime.now(dt.UTC)


def settled_copy(request: DocumentRequest, url: str, options: FetchOptions) -> Response | None:
    """Return the raw zone's copy of an address where it need not be asked for again, else null.

    A copy is good for ever if it was received after the document had settled.
    """
    copy = options.known(url)
    if copy is None or options.refresh or request.settled_at is None:
        return None
    return copy if copy.fetched_at >= request.settled_at else None


def ask_layer(
    layer: SourceLayer, request: DocumentRequest, url: str, options: FetchOptions
) -> Response | None:
    """Return a layer's response for an address; a remote layer is asked only where that is needed."""
    if not layer.is_remote:
        return layer.get(url)
    return settled_copy(request, url, options) or layer.get(url, options.known(url))


def fetch_document(source: Source, request: DocumentRequest, options: FetchOptions) -> Iterator[Fetched]:
    """Yield the answer for a document that is not live timing; one answer per page where it is paged.

    Args:
        source: Where to look.
        request: The document.
        options: How to fetch.

    Raises:
        SourceError: If something that is there cannot be had.
    """
    if request.not_kept is not None:  # nobody is asked for what is known not to be there
        yield Fetched(request, None, request.not_kept)
        return

    def get(url: str) -> Response | None:
        return _first_found(source, request, url, options)

    try:
        if request.kind != "jolpica":
            response = get(request.url)
            yield Fetched(request, response, reason_for(response))
            return
        document = fetch_pages(request.url, get)
    except AccessDeniedError as error:
        if request.required:
            raise
        yield Fetched(request, None, str(error))
        return
    for page in document.pages:
        yield Fetched(request, page, document.missing or reason_for(page))
    if not document.pages:
        yield Fetched(request, None, NO_LAYER)


def reason_for(response: Response | None) -> str | None:
    """Return why there is no document; null where there is one."""
    if response is None:
        return NO_LAYER
    return None if response.is_found else NOT_FOUND


def _first_found(
    source: Source, request: DocumentRequest, url: str, options: FetchOptions
) -> Response | None:
    """Return the first layer's found response, in any spelling that costs no request, else the first 404."""
    is_first_page = request.kind == "jolpica" and url == request.url
    variants = (*request.alternatives, *spelling_variants(url)) if is_first_page else ()
    missing: Response | None = None
    for layer in source.layers:
        for spelling in (url,) if layer.is_remote else (url, *variants):
            response = ask_layer(layer, request, spelling, options)
            if response is not None and response.is_found:
                return response
            missing = missing or response
    return missing
