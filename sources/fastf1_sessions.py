"""FastF1, unmodified, over bytes or over its own parsed files: one session in, processed frames out.

What FastF1 passes over is not passed over here: a topic that is there but unreadable is an error that
names session, topic and line; what is simply missing is a note, and the frames that need it are empty.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import polars as pl

from racing.keys import code_of, split_weekend_key, weekend_of
from sources.calendar_documents import schedule_document
from sources.collector import paused_collector
from sources.errors import UnreadableSessionError
from sources.fastf1_checks import (
    CheckedSession,
    notes,
    refuse_lost_laps,
    refuse_lost_topics,
    refuse_unreadable,
    why_no_laps,
    without_doubtful_columns,
)
from sources.fastf1_engine import document_path, mounted_fastf1
from sources.fastf1_frames import FastF1Session, SessionFacts, session_frames
from sources.feed_continuity import feed_notes
from sources.feed_repair import in_order
from sources.jolpica_documents import document_parts
from sources.parsed_files import check_parsed_files
from sources.responses import Response
from sources.session_notes import SessionNote, note_rows
from sources.stream_lines import MalformedLine, check_lines
from sources.topics import FASTF1_TOPICS, topic_file_name

_LAPS = "processed.fastf1__laps"
_SESSIONS = "processed.fastf1__sessions"
_NOTES = "processed.fastf1__session_notes"
_RACES = frozenset({"R", "S"})


@dataclass(frozen=True)
class SessionInput:
    """All that FastF1 needs to read one session.

    Attributes:
        session_key: Our key.
        session_name: Name in the calendar, such as ``Sprint Shootout``.
        archive_path: Folder in the live-timing archive, from ``/static/`` on.
        calendar: The season's f1schedule document.
        topics: Live-timing topic to its response; empty for an import of parsed files.
        parsed_folder: Folder of FastF1's parsed files; null where wire files are read.
        parsed_layer: Name of the layer that holds the parsed folder.
        jolpica: Jolpica's documents of the weekend, in whatever spelling.
        jolpica_round: Jolpica's round of the weekend; null where it has none.
    """

    session_key: str
    session_name: str
    archive_path: str
    calendar: Response
    topics: Mapping[str, Response] = field(default_factory=dict)
    parsed_folder: Path | None = None
    parsed_layer: str | None = None
    jolpica: tuple[Response, ...] = ()
    jolpica_round: int | None = None


@dataclass(frozen=True)
class ParsedSession:
    """One session as FastF1 reads it.

    Attributes:
        session_key: Our key.
        frames: Table name (``processed.fastf1__laps`` and so on) to rows; empty where nothing is known.
        notes: What FastF1 or the checks found missing or doubtful; also rows of their table.
        malformed: Lines that could not be read, by topic.
        line_counts: Topic to the number of lines that could be read.
    """

    session_key: str
    frames: dict[str, pl.DataFrame]
    notes: tuple[SessionNote, ...]
    malformed: tuple[MalformedLine, ...]
    line_counts: dict[str, int]


@paused_collector()
def parse_session(
    session: SessionInput, *, clock_started_at: dt.datetime | None = None, scratch: Path | None = None
) -> ParsedSession:
    """Return the processed frames of a session.

    Args:
        session: Bytes or parsed files of the session, calendar and Jolpica documents.
        clock_started_at: UTC at which the session clock read zero, from car and position data; null where
            unknown, which leaves ``lap_start_at`` null.
        scratch: Folder for the working copy of parsed files; the system's temporary folder by default.

    Raises:
        UnreadableSessionError: If a topic is there but cannot be read.
        DamagedCacheError: If a parsed file cannot be read.
    """
    found = {topic: response for topic, response in session.topics.items() if response.is_found}
    checked = {
        topic: check_lines(topic, response.body)
        for topic, response in found.items()
        if topic in FASTF1_TOPICS
    }
    examined = CheckedSession(
        session_key=session.session_key,
        topics=checked,
        urls={topic: response.url for topic, response in session.topics.items()},
        is_import=session.parsed_folder is not None,
    )
    refuse_unreadable(examined)
    topics = {topic_file_name(topic): in_order(topic, lines.body) for topic, lines in checked.items()}
    facts = SessionFacts(
        session_key=session.session_key,
        archive_path=session.archive_path,
        topics=found,
        parsed_layer=session.parsed_layer if session.parsed_folder else None,
        clock_started_at=clock_started_at,
    )
    with _parsed_cache(session, scratch) as cache, mounted_fastf1(topics, _documents(session), cache) as log:
        frames = session_frames(_load(session), facts)
    frames[_LAPS] = without_doubtful_columns(frames[_LAPS], log)
    malformed = tuple(line for lines in checked.values() for line in lines.malformed)
    refuse_lost_topics(examined, log)
    bodies = {topic: response.body for topic, response in found.items()}
    is_race = code_of(session.session_key) in _RACES
    remarks = [*notes(examined, log), *feed_notes(bodies, is_race=is_race)]
    if frames[_LAPS].is_empty():
        has_started = frames[_SESSIONS]["started_session_time_ms"].is_not_null().any()
        refuse_lost_laps(examined, log, has_started=has_started)
        remarks.insert(0, why_no_laps(examined, log, has_started=has_started))
    frames[_NOTES] = note_rows(remarks, facts)
    return ParsedSession(
        session_key=session.session_key,
        frames=frames,
        notes=tuple(remarks),
        malformed=malformed,
        line_counts={topic: lines.line_count for topic, lines in checked.items()},
    )


def _load(session: SessionInput) -> FastF1Session:
    """Return FastF1's session, loaded without telemetry."""
    from fastf1 import get_session, get_testing_session

    season, round_number, test_number = split_weekend_key(weekend_of(session.session_key))
    try:
        if round_number is not None:
            loaded = get_session(season, round_number, session.session_name, backend="fastf1")
        else:
            day = int(code_of(session.session_key)[1:])
            loaded = get_testing_session(season, test_number, day, backend="fastf1")
    except ValueError as error:
        raise UnreadableSessionError(
            f"{session.session_key}: FastF1 finds no {session.session_name!r} in "
            f"{session.calendar.url}: {error}"
        ) from error
    loaded.load(laps=True, telemetry=False, weather=True, messages=True)
    return cast("FastF1Session", loaded)


def _documents(session: SessionInput) -> dict[str, bytes]:
    """Return Jolpica's documents under the addresses that FastF1 will ask, and the calendar.

    FastF1 asks Jolpica with the calendar's round number; Jolpica may count differently, so its documents
    are held under the calendar's number.
    """
    documents = {schedule_document(session.calendar): session.calendar.body}
    season, round_number, _ = split_weekend_key(weekend_of(session.session_key))
    for response in session.jolpica:
        parts = document_parts(response.url)
        if parts is None or not response.is_found or parts.season != season or parts.offset:
            continue
        if parts.round_number is not None and parts.round_number == session.jolpica_round:
            documents[document_path(f"/ergast/f1/{season}/{round_number}/{parts.topic}")] = response.body
        elif parts.round_number is None:
            documents.setdefault(document_path(urlsplit(response.url).path), response.body)
    return documents


@contextmanager
def _parsed_cache(session: SessionInput, scratch: Path | None) -> Iterator[Path | None]:
    """Yield a cache folder with a copy of the session's parsed files; FastF1 opens its files for writing."""
    if session.parsed_folder is None:
        yield None
        return
    check_parsed_files(session.parsed_folder, session.session_key)
    with tempfile.TemporaryDirectory(prefix="fastf1-", dir=scratch) as folder:
        target = Path(folder) / session.archive_path.removeprefix("/static/")
        shutil.copytree(session.parsed_folder, target, copy_function=shutil.copyfile)
        yield Path(folder)
