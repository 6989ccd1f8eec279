"""How many requests an ingest will send, and how long the limits make it wait, before it starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sources.calendar_documents import CalendarWeekend
from sources.documents import DocumentRequest, result_requests, session_paths, session_requests
from sources.fetch_documents import FetchOptions, settled_copy
from sources.fetch_sessions import has_started, listed_topics
from sources.online_layer import OnlineLayer
from sources.open_source import Source
from sources.responses import JOLPICA_URL
from sources.seasons import no_live_timing_reason


@dataclass(frozen=True)
class WeekendChoice:
    """A weekend to ingest: which sessions of it, and Jolpica's round."""

    weekend: CalendarWeekend
    codes: Collection[str]
    jolpica_round: int | None


@dataclass(frozen=True)
class RequestPlan:
    """What an ingest will ask of the upstreams.

    Attributes:
        request_count: Requests in all, at most; a session's index may turn out to list fewer topics.
        jolpica_count: Those to Jolpica.
        wait_s: Seconds that the limits make it take.
    """

    request_count: int
    jolpica_count: int
    wait_s: float


def plan_requests(
    source: Source, choices: Iterable[WeekendChoice], options: FetchOptions | None = None
) -> RequestPlan:
    """Return what fetching these weekends will ask of the upstreams, without asking.

    Args:
        source: Where to look; only its online layer costs requests.
        choices: Weekends in order.
        options: How they will be fetched.
    """
    chosen = options or FetchOptions()
    online = next((layer for layer in source.layers if isinstance(layer, OnlineLayer)), None)
    if online is None:
        return RequestPlan(0, 0, 0.0)
    urls = [
        request.url
        for choice in choices
        for request in _requests_of(source, online, choice, chosen)
        if settled_copy(request, request.url, chosen) is None
        for _ in range(request.pages_at_most)
    ]
    jolpica = sum(url.startswith(JOLPICA_URL) for url in urls)
    return RequestPlan(len(urls), jolpica, online.expected_wait_s(urls))


def _requests_of(
    source: Source, online: OnlineLayer, choice: WeekendChoice, options: FetchOptions
) -> Iterator[DocumentRequest]:
    """Yield the documents that no layer before the online one has."""
    before = Source(source.layers[: source.layers.index(online)])
    now = options.current_time()
    sessions = [
        session
        for session in choice.weekend.sessions
        if session.code in choice.codes and has_started(session, now)
    ]
    for session in sessions:
        paths = session_paths(session)
        if paths and before.session_supply(paths).layer is None:
            requests = session_requests(choice.weekend, session)
            index = options.known(requests[0].url)
            listed = listed_topics(index) if index is not None and index.is_found else None
            yield from (
                request for request in requests if listed is None or request.topic in listed | {"Index"}
            )
    codes = [session.code for session in sessions]
    has_timing = no_live_timing_reason(choice.weekend.season) is None
    for request in result_requests(choice.weekend, choice.jolpica_round, codes, has_timing=has_timing):
        if request.not_kept is not None:
            continue
        found = before.get(request.url)
        if found is None or not found.is_found:
            yield request
