"""The raw step of one weekend: fetch what the source has, keep the bytes that are new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from assets.calendars import SeasonCalendars
from assets.errors import UnknownSessionError
from assets.lineage import bytes_identity
from assets.processed.season import read_calendars
from assets.raw.documents import RawDocuments
from assets.raw.known import KnownResponses
from assets.raw.requests import changed_requests, request_rows
from assets.raw.rows import RAW_TABLES, response_rows
from assets.reports import StepReport, TableReport
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.step import Step, StepOutcome
from lake.tables.raw_requests import RAW_REQUESTS
from lake.tables.registry import ALL_TABLES
from sources.calendar_documents import CalendarWeekend
from sources.documents import DocumentRequest
from sources.fetch import fetch_season, fetch_weekend
from sources.fetch_documents import Fetched, FetchOptions
from sources.open_source import Source
from sources.responses import Response

RAW: tuple[str, ...] = (*RAW_TABLES.values(), RAW_REQUESTS.name)
"""Tables of the zone."""

OnProgress = Callable[[int, int, str], None]
"""Told after each document: how many are done, of how many at least, and what it was."""


@dataclass(frozen=True)
class _Fetch:
    weekend: CalendarWeekend
    answers: list[Fetched]


def fetch_raw(
    lake: Lake, options: RunOptions, source: Source, on_progress: OnProgress | None = None
) -> StepReport:
    """Fetch a weekend's documents and keep those whose bytes are new.

    The season's calendars are committed first: they say what the weekend consists of. A session or document
    that no layer has is no error: ``raw.requests`` says so, and the weekend is partial.

    Args:
        lake: The lake.
        options: The run's options.
        source: Where documents come from.
        on_progress: Told after each document.

    Returns:
        What became of each table.

    Raises:
        UnknownWeekendError: If the season's calendar has no such weekend.
        UnknownSessionError: If the weekend has no such session.
        SourceError: If something that is there cannot be had.
    """
    asked_at = dt.datetime.now(dt.UTC)
    known = KnownResponses(lake, options.weekend_key)
    fetching = FetchOptions(known=known.get, refresh=options.is_forced, on_progress=_progress(on_progress))
    season = fetch_season(source, options.season, fetching)
    _append(lake, options, known, season, asked_at)
    calendars = read_calendars(lake, RawDocuments(lake, options.weekend_key), options.season)
    fetch = _fetch_weekend(source, calendars, options, fetching)
    requests = _changed_requests(lake, options, fetch, asked_at)
    outcome = _append(lake, options, known, fetch.answers, asked_at, requests)
    return _report(lake, options, outcome, fetch)


def would_keep_anything(lake: Lake, options: RunOptions, source: Source, asked_at: dt.datetime) -> bool:
    """Return whether a fetch would keep anything, a response or the outcome of a request; nothing is kept.

    Args:
        lake: The lake.
        options: The run's options.
        source: Where documents come from.
        asked_at: When it is asked.

    Raises:
        UnknownWeekendError: If the season's calendar has no such weekend.
        UnknownSessionError: If the weekend has no such session.
        SourceError: If something that is there cannot be had.
    """
    known = KnownResponses(lake, options.weekend_key)
    fetching = FetchOptions(known=known.get, refresh=options.is_forced)
    if _new(known, fetch_season(source, options.season, fetching)):
        return True
    calendars = read_calendars(lake, RawDocuments(lake, options.weekend_key), options.season)
    fetch = _fetch_weekend(source, calendars, options, fetching)
    return (
        bool(_new(known, fetch.answers)) or not _changed_requests(lake, options, fetch, asked_at).is_empty()
    )


def _fetch_weekend(
    source: Source, calendars: SeasonCalendars, options: RunOptions, fetching: FetchOptions
) -> _Fetch:
    weekend = calendars.weekend(options.weekend_key)
    codes = [session.code for session in weekend.sessions if options.wants(session.session_key)]
    if options.session_codes is not None and set(options.session_codes) - set(codes):
        missing = ", ".join(sorted(set(options.session_codes) - set(codes)))
        known = ", ".join(session.code for session in weekend.sessions)
        raise UnknownSessionError(f"{options.weekend_key} has no session {missing}: it has {known}")
    answers = fetch_weekend(source, weekend, codes, calendars.jolpica_round(options.weekend_key), fetching)
    return _Fetch(weekend, answers)


def _is_there(answer: Fetched) -> bool:
    found = answer.response is not None and answer.response.is_found
    return found or answer.parsed_folder is not None


def _append(
    lake: Lake,
    options: RunOptions,
    known: KnownResponses,
    answers: list[Fetched],
    asked_at: dt.datetime,
    requests: pl.DataFrame | None = None,
) -> StepOutcome:
    """Commit the responses whose bytes are new, and the changed outcomes of requests."""
    new = _new(known, answers)
    with lake.step(run_id=options.run_id, name="raw", weekend_key=options.weekend_key) as step:
        for table, rows in response_rows(new, asked_at).items():
            step.append_raw(ALL_TABLES[table], rows)
        _append_requests(step, requests)
        outcome = step.commit()
    known.forget()
    return outcome


def _new(known: KnownResponses, answers: list[Fetched]) -> list[tuple[DocumentRequest, Response]]:
    """Return the answers whose bytes the raw zone does not have yet."""
    return [pair for pair in _answered(answers) if known.is_new(pair[1])]


def _changed_requests(lake: Lake, options: RunOptions, fetch: _Fetch, asked_at: dt.datetime) -> pl.DataFrame:
    """Return the rows of requests whose outcome is not the one that is stored."""
    where = {"season": options.season, "weekend_key": options.weekend_key}
    stored = pl.DataFrame(pl.from_arrow(lake.read(RAW_REQUESTS.name, where, release=None)))
    return changed_requests(request_rows(fetch.answers, options.weekend_key, asked_at), stored)


def _append_requests(step: Step, requests: pl.DataFrame | None) -> None:
    if requests is not None and not requests.is_empty():
        step.append_raw(RAW_REQUESTS, requests)


def _answered(answers: list[Fetched]) -> list[tuple[DocumentRequest, Response]]:
    """Return the answers that carry a response, each address once."""
    by_url = {answer.response.url: (answer.request, answer.response) for answer in answers if answer.response}
    return list(by_url.values())


def _progress(on_progress: OnProgress | None) -> Callable[[int, int, DocumentRequest], None] | None:
    if on_progress is None:
        return None
    return lambda done, expected, request: on_progress(
        done, expected, f"{request.subject_key or request.season} {request.topic}"
    )


def _report(lake: Lake, options: RunOptions, outcome: StepOutcome, fetch: _Fetch) -> StepReport:
    documents = RawDocuments(lake, options.weekend_key)
    changed = {write.table for write in outcome.writes if write.action != "unchanged"}
    snapshots = lake.snapshot_ids(release=None)
    tables: dict[str, TableReport] = {}
    for kind, name in RAW_TABLES.items():
        rows = documents.index(kind)
        tables[name] = TableReport(
            table=name,
            row_count=rows.height,
            is_changed=name in changed,
            snapshot_id=snapshots.get(name),
            identity=bytes_identity("+".join(sorted(digest[:12] for digest in rows["sha256"]))),
            inputs={},
            preview=rows.select("topic", "session_key", "http_status", "byte_count", "sha256").head(8),
            checks=tuple(check for check in outcome.checks if check.table == name),
        )
    asked = len(fetch.answers)
    missing = [answer for answer in fetch.answers if not _is_there(answer)]
    tables[RAW_REQUESTS.name] = TableReport(
        table=RAW_REQUESTS.name,
        row_count=asked,
        is_changed=RAW_REQUESTS.name in changed,
        snapshot_id=snapshots.get(RAW_REQUESTS.name),
        identity=f"{asked}-{len(missing)}",
        inputs={},
        preview=None,
        checks=tuple(check for check in outcome.checks if check.table == RAW_REQUESTS.name),
    )
    notes = [
        f"{answer.request.subject_key} {answer.request.topic}: {answer.reason}"
        for answer in missing
        if answer.request.required
    ]
    return StepReport("raw", tables, outcome.release_id, tuple(notes))
