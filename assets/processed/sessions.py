"""Processed tables by session: telemetry through our decoder, everything else through FastF1."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import polars as pl

from assets.calendars import SeasonCalendars
from assets.lineage import bytes_identity
from assets.processed.context import ProcessedStep
from assets.processed.declarations import (
    FASTF1_TABLES,
    UNREADABLE_LINES,
    ParsedTable,
)
from assets.processed.live_timing import LiveTimingTopics, needed_live_timing, stage_live_timing
from assets.processed.telemetry import needed_telemetry, telemetry_staged_beside
from assets.processed.unreadable_lines import malformed_lines, stage_unreadable_lines
from racing.feed.session_clock import session_clock_start
from racing.feed.telemetry import DecodedTelemetry
from sources.calendar_documents import CalendarSession
from sources.documents import session_paths
from sources.fastf1_sessions import ParsedSession, SessionInput, parse_session
from sources.parsed_files import PARSED_SUFFIX
from sources.responses import Response
from sources.stream_lines import MalformedLine


@dataclass(frozen=True)
class SessionForm:
    """In what form a session is there.

    Attributes:
        topics: Live-timing topic to digest of the raw document; empty where there is none.
        parsed_folder: Folder of FastF1's parsed files; null where wire files are read.
        parsed_layer: Layer of that folder.
        archive_path: Archive folder under which it was found.
    """

    topics: dict[str, str]
    parsed_folder: Path | None
    parsed_layer: str | None
    archive_path: str

    @property
    def is_there(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.topics) or self.parsed_folder is not None


def session_form(context: ProcessedStep, session: CalendarSession) -> SessionForm:
    """Return in what form a session is there: wire files in the raw zone, or a FastF1 cache's parsed files.

    A session's parsed files and its wire files are never mixed: where the source gives parsed files, they
    are read; without a source (a rebuild) only the raw zone is.
    """
    path = session.archive_path or ""
    if context.source is not None and session.archive_path is not None:
        supply = context.source.session_supply(session_paths(session))
        if supply.parsed_folder is not None and supply.layer is not None:
            return SessionForm({}, supply.parsed_folder, supply.layer.name, supply.archive_path)
        path = supply.archive_path
    return SessionForm(context.documents.session_topics(session.session_key), None, None, path)


def stage_session(context: ProcessedStep, calendars: SeasonCalendars, session: CalendarSession) -> None:
    """Stage every table of a session whose documents have changed.

    Raises:
        UnreadableSessionError: If a topic is there but cannot be read.
        DamagedCacheError: If a parsed file cannot be read.
    """
    form = session_form(context, session)
    if not form.is_there:
        return
    key = session.session_key
    inputs = {table.table: _inputs(context, table, form) for table in FASTF1_TABLES}
    needed = [table for table in FASTF1_TABLES if context.is_needed(table, key, inputs[table.table])]
    needed_wire = needed_telemetry(context, key, form.topics)
    needed_topics = needed_live_timing(context, key, form.topics)
    unreadable_inputs = context.live_timing_inputs(UNREADABLE_LINES, form.topics)
    names_lines = bool(form.topics) and context.is_needed(UNREADABLE_LINES, key, unreadable_inputs)
    if not (needed or needed_wire or needed_topics or names_lines):
        return
    responses = dict(context.documents.session_responses(key)) if form.topics else {}
    with telemetry_staged_beside(context, key, needed_wire, responses) as decoded:
        parsed = _parse(context, calendars, session, form, responses, decoded) if needed else None
    if parsed is not None:
        for table in needed:
            context.stage(table, key, parsed.frames[table.table], inputs[table.table])
        context.notes += [f"{key}: {note}" for note in parsed.notes]
    topics = LiveTimingTopics(responses)
    stage_live_timing(context, key, needed_topics, topics)
    if names_lines:
        malformed = parsed.malformed if parsed is not None else malformed_lines(responses)
        named = {(line.topic, line.line_number) for line in malformed}
        others = (line for line in _faults(decoded, topics) if (line.topic, line.line_number) not in named)
        lines = [*malformed, *others]
        stage_unreadable_lines(context, key, lines, responses, unreadable_inputs)


def _faults(decoded: Mapping[str, DecodedTelemetry], topics: LiveTimingTopics) -> Iterator[MalformedLine]:
    """Yield the lines that our own decoders could not read."""
    telemetry = ((topic, fault) for topic, part in decoded.items() for fault in part.faults)
    for topic, fault in (*telemetry, *topics.faults()):
        yield MalformedLine(topic, fault.line_number, fault.reason)


def _inputs(context: ProcessedStep, table: ParsedTable, form: SessionForm) -> dict[str, str]:
    # Asked of the installed package: unchanged rows must not cost the import of FastF1.
    engine = {"fastf1@version": bytes_identity(version("fastf1"))}
    if form.parsed_folder is not None:
        return engine | _parsed_file_inputs(form.parsed_folder) | context.jolpica_inputs(table)
    return engine | context.live_timing_inputs(table, form.topics) | context.jolpica_inputs(table)


def _parsed_file_inputs(folder: Path) -> dict[str, str]:
    return {
        f"fastf1_cache@{path.name}": bytes_identity(hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.glob(f"*{PARSED_SUFFIX}"))
    }


def _parse(
    context: ProcessedStep,
    calendars: SeasonCalendars,
    session: CalendarSession,
    form: SessionForm,
    responses: Mapping[str, Response],
    decoded: Mapping[str, DecodedTelemetry],
) -> ParsedSession:
    weekend_key = context.options.weekend_key
    calendar = context.documents.found("calendar", topic="calendar").tail(1)
    jolpica = context.documents.found("jolpica")
    relevant = jolpica.filter(pl.col("topic").is_in(["results", "qualifying", "sprint", "laps/1"]))
    return parse_session(
        SessionInput(
            session_key=session.session_key,
            session_name=session.name,
            archive_path=form.archive_path,
            calendar=context.documents.responses("calendar", calendar)[0],
            topics=responses,
            parsed_folder=form.parsed_folder,
            parsed_layer=form.parsed_layer,
            jolpica=tuple(context.documents.responses("jolpica", relevant)),
            jolpica_round=calendars.jolpica_round(weekend_key),
        ),
        clock_started_at=_clock_start(decoded),
    )


def _clock_start(decoded: Mapping[str, DecodedTelemetry]) -> dt.datetime | None:
    """Return the UTC at which the session clock read zero; null where no car or position data say so."""
    tables = [decoded[topic].table if topic in decoded else None for topic in ("CarData.z", "Position.z")]
    clock = session_clock_start(*tables)
    if clock is None:
        return None
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(clock.astype("int64")))
