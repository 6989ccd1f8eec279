"""Fetching the documents of a season and of a weekend, from whatever layers a source has.

Each document comes back with the response or with the reason why there is none; a session that no layer
has is such a reason, not an error. What the raw zone holds and what can no longer change is not asked for
again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sources.calendar_documents import CalendarWeekend
from sources.documents import (
    DocumentRequest,
    circuit_request,
    result_requests,
    season_requests,
)
from sources.fetch_documents import Fetched, FetchOptions, fetch_document
from sources.fetch_sessions import fetch_session, has_started
from sources.open_source import Source
from sources.seasons import FIRST_LIVE_TIMING_SEASON
from sources.stream_lines import read_messages
from sources.topics import LIVE_TIMING_TOPICS

_MUGELLO = (149, "Mugello", 146)
"""The feed's key of Mugello is another circuit's at MultiViewer; FastF1 corrects it too."""


def fetch_season(source: Source, season: int, options: FetchOptions | None = None) -> list[Fetched]:
    """Return the documents of a season: calendars, drivers, constructors.

    Args:
        source: Where to look.
        season: Year.
        options: How to fetch.

    Raises:
        SourceError: If something that is there cannot be had.
    """
    chosen = options or FetchOptions()
    requests = season_requests(season, with_schedule=season >= FIRST_LIVE_TIMING_SEASON)
    answers = (answer for request in requests for answer in fetch_document(source, request, chosen))
    return list(_reported(answers, len(requests), chosen))


def fetch_weekend(
    source: Source,
    weekend: CalendarWeekend,
    codes: Collection[str],
    jolpica_round: int | None,
    options: FetchOptions | None = None,
) -> list[Fetched]:
    """Return the documents of a weekend's sessions.

    Args:
        source: Where to look.
        weekend: Weekend of the calendar.
        codes: Session codes to fetch.
        jolpica_round: Jolpica's round of the weekend; null where it has none.
        options: How to fetch.

    Returns:
        Per document its response or a reason; per session without any document one answer of topic
        ``session``. A paged document has one answer per page.

    Raises:
        SourceError: If something that is there cannot be had, or an upstream keeps failing.
    """
    chosen = options or FetchOptions()
    sessions = [session for session in weekend.sessions if session.code in codes]
    started = [session for session in sessions if has_started(session, chosen.current_time())]
    codes = [session.code for session in started]
    expected = len(sessions) * len(LIVE_TIMING_TOPICS) + len(result_requests(weekend, jolpica_round, codes))

    def answers() -> Iterator[Fetched]:
        timed: set[str] = set()
        for session in sessions:
            for answer in fetch_session(source, weekend, session, chosen):
                timed |= {session.code} if _has_laps(answer) else set()
                yield answer
        for request in result_requests(weekend, jolpica_round, codes, has_timing="R" in timed):
            yield from fetch_document(source, request, chosen)

    fetched = list(_reported(answers(), expected, chosen))
    circuit = circuit_of(fetched, weekend)
    if circuit is not None:
        fetched.extend(fetch_document(source, circuit, chosen))
    return fetched


def circuit_of(fetched: Sequence[Fetched], weekend: CalendarWeekend) -> DocumentRequest | None:
    """Return the request for the weekend's circuit, as the feed names it; null where it does not."""
    for answer in fetched:
        if answer.request.topic != "SessionInfo" or answer.response is None or not answer.response.is_found:
            continue
        for _, payload in read_messages(answer.response.body):
            circuit = (payload.get("Meeting") or {}).get("Circuit") or {}
            if isinstance(circuit.get("Key"), int):
                is_mugello = (circuit["Key"], circuit.get("ShortName")) == _MUGELLO[:2]
                return circuit_request(weekend, _MUGELLO[2] if is_mugello else circuit["Key"])
    return None


def _has_laps(answer: Fetched) -> bool:
    """Return whether an answer is what laps are made of: timing, or FastF1's parsed files."""
    if answer.request.topic != "TimingData":
        return answer.parsed_folder is not None
    return answer.response is not None and answer.response.is_found


def _reported(answers: Iterator[Fetched], expected: int, options: FetchOptions) -> Iterator[Fetched]:
    """Yield answers, telling the caller's progress after each."""
    for done, answer in enumerate(answers, start=1):
        if options.on_progress is not None:
            options.on_progress(done, max(expected, done), answer.request)
        yield answer
