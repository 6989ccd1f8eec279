"""All live-timing documents of one session, from the one layer that gives the session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import orjson

from sources.calendar_documents import CalendarSession, CalendarWeekend
from sources.documents import DocumentRequest, session_paths, session_requests
from sources.errors import AccessDeniedError, UnreadableDocumentError
from sources.fetch_documents import NO_LAYER, Fetched, FetchOptions, ask_layer, reason_for
from sources.open_source import SessionSupply, Source
from sources.parsed_files import parsed_topics
from sources.responses import LIVE_TIMING_URL, Response, SourceLayer
from sources.seasons import no_live_timing_reason
from sources.topics import FASTF1_TOPICS, LIVE_TIMING_TOPICS, topic_of_file

SESSION_TOPIC = "session"
"""Topic of the one answer for a session that no layer has, or that is imported from parsed files."""

IMPORTED = "imported from FastF1's parsed files; the bytes they were made of are not here"

NOT_PARSED = "FastF1's parsed files do not have it"
NOT_STARTED = "the session has not started yet"
NOT_LISTED = "the session's index does not list it"


def has_started(session: CalendarSession, now: dt.datetime) -> bool:
    """Return whether a session was announced to start before ``now``; an unknown start counts as passed."""
    return session.scheduled_start_at is None or session.scheduled_start_at <= now


def fetch_session(
    source: Source, weekend: CalendarWeekend, session: CalendarSession, options: FetchOptions
) -> Iterator[Fetched]:
    """Yield an answer for each live-timing document of a session.

    Args:
        source: Where to look.
        weekend: Weekend of the session.
        session: Session.
        options: How to fetch.

    Yields:
        Answers in the order of the topics; one answer of topic ``session`` where no layer has it, where it
        has not started, or where parsed files stand in, then with one more for each topic FastF1 parses.

    Raises:
        SourceError: If something that is there cannot be had.
    """
    if not has_started(session, options.current_time()):
        yield Fetched(_session_request(weekend, session), None, NOT_STARTED)
        return
    request = _session_request(weekend, session)
    if request.not_kept is not None:
        yield Fetched(request, None, request.not_kept)
        return
    paths = session_paths(session)
    if not paths:
        yield Fetched(_session_request(weekend, session), None, "it has no folder in the live-timing archive")
        return
    supply = source.session_supply(paths)
    if supply.layer is None:
        yield Fetched(_session_request(weekend, session), None, NO_LAYER)
    elif supply.parsed_folder is not None:
        yield from _imported(supply.parsed_folder, supply.layer.name, weekend, session)
    else:
        yield from _fetch_topics(supply.layer, supply, weekend, session, options)


def _imported(
    folder: Path, layer: str, weekend: CalendarWeekend, session: CalendarSession
) -> Iterator[Fetched]:
    """Yield an answer for the session, and for each topic whether its parsed file is there."""
    yield Fetched(_session_request(weekend, session), None, IMPORTED, folder, layer)
    held = parsed_topics(folder)
    for request in session_requests(weekend, session, FASTF1_TOPICS):
        if request.topic in held:
            yield Fetched(request, None, None, folder, layer)
        else:
            yield Fetched(request, None, NOT_PARSED)


def _session_request(weekend: CalendarWeekend, session: CalendarSession) -> DocumentRequest:
    not_kept = no_live_timing_reason(weekend.season)
    return DocumentRequest(
        url=f"{LIVE_TIMING_URL}{session.archive_path or f'/#{session.session_key}'}",
        kind="live_timing",
        topic=SESSION_TOPIC,
        season=weekend.season,
        weekend_key=weekend.weekend_key,
        session_key=session.session_key,
        required=not_kept is None,
        not_kept=not_kept,
    )


def _fetch_topics(
    layer: SourceLayer,
    supply: SessionSupply,
    weekend: CalendarWeekend,
    session: CalendarSession,
    options: FetchOptions,
) -> Iterator[Fetched]:
    others = layer.session_topics(supply.archive_path) - set(LIVE_TIMING_TOPICS)
    topics: tuple[str, ...] = (*LIVE_TIMING_TOPICS, *sorted(others))
    listed: frozenset[str] = frozenset()
    refusals: list[AccessDeniedError] = []
    found = 0
    for request in session_requests(weekend, session, topics[:1]):
        answer = _fetch_topic(layer, supply, request, options, refusals)
        yield answer
        if answer.response is not None and answer.response.is_found:
            listed = listed_topics(answer.response)
            topics += tuple(sorted(listed - set(topics)))
    for request in session_requests(weekend, session, topics[1:]):
        if listed and layer.is_remote and request.topic not in listed:
            yield Fetched(request, None, NOT_LISTED)
            continue
        answer = _fetch_topic(layer, supply, request, options, refusals)
        found += answer.response is not None and answer.response.is_found
        yield answer
    if refusals and not found:
        raise AccessDeniedError(f"{session.session_key}: nothing could be had. {refusals[0]}")


def _fetch_topic(
    layer: SourceLayer,
    supply: SessionSupply,
    request: DocumentRequest,
    options: FetchOptions,
    refusals: list[AccessDeniedError],
) -> Fetched:
    """Return the first found response among a topic's addresses in the folder that the layer has.

    A refusal is put into ``refusals`` and is the reason of the answer: other topics may still be served.
    """
    missing: Response | None = None
    refused = len(refusals)
    for url in (request.url, *request.alternatives):
        if supply.archive_path not in url:
            continue
        try:
            response = ask_layer(layer, request, url, options)
        except AccessDeniedError as error:
            refusals.append(error)
            continue
        if response is not None and response.is_found:
            return Fetched(request, response)
        missing = missing or response
    if len(refusals) > refused:
        return Fetched(request, None, str(refusals[-1]))
    return Fetched(request, missing, reason_for(missing))


def listed_topics(index: Response) -> frozenset[str]:
    """Return the topics that a session's ``Index.json`` lists.

    Raises:
        UnreadableDocumentError: If it is not such an index.
    """
    try:
        feeds = orjson.loads(index.body.removeprefix(b"\xef\xbb\xbf"))["Feeds"]
        return frozenset(topic_of_file(feed["StreamPath"]) for feed in feeds.values())
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableDocumentError(
            f"{index.url} is not the index of a session: {error!r}. Fetch it again"
        ) from error
