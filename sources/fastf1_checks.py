"""What FastF1 passes over, brought to light: errors for what is there but unreadable, notes for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from sources.errors import UnreadableSessionError
from sources.fastf1_engine import FastF1Log
from sources.session_notes import SessionNote
from sources.stream_lines import TopicLines

_LAP_TOPICS = ("TimingData", "TimingAppData", "SessionStatus")
"""Topics without any one of which FastF1 builds no laps."""

_TOPIC_OF_PART = {
    "session info data": "SessionInfo",
    "session status data": "SessionStatus",
    "total lap count": "LapCount",
    "track status data": "TrackStatus",
    "weather data": "WeatherData",
    "race control messages": "RaceControlMessages",
}
"""FastF1's name of a part that it may pass over, to the topic it is read from."""

_COLUMNS_OF_PART = {
    "mark deleted laps from RCM": ("is_deleted", "deleted_reason"),
    "lap accuracy check": ("is_accurate",),
    "add track status to laps": ("track_status",),
}
"""FastF1's name of a part that it may pass over, to the columns of laps that it leaves at a default."""

_ABSENT = frozenset({"SessionNotAvailableError", "ErgastInvalidRequestError", "NoLapDataError"})
"""What FastF1 raises where a document is not there: the coverage says so already."""

_ABSENCE = re.compile(r"Failed to load |Failed to add first lap time|No result data for this session")
"""How FastF1 begins a warning of a missing document."""

_UNSUPPORTED = "the relevant API is not supported for this session"
"""What FastF1 says of a session that the calendar marks as one without live timing."""


@dataclass(frozen=True)
class CheckedSession:
    """A session's topics after their lines were checked.

    Attributes:
        session_key: Our key, for messages.
        topics: Topic that FastF1 reads to its readable lines.
        urls: Topic to its address, for messages.
        is_import: Whether FastF1 reads parsed files instead of topics.
    """

    session_key: str
    topics: Mapping[str, TopicLines]
    urls: Mapping[str, str]
    is_import: bool


def refuse_unreadable(session: CheckedSession) -> None:
    """Raise for a topic that has lines, none of which can be read."""
    for topic, lines in session.topics.items():
        if lines.line_count == 0 and lines.malformed:
            first = lines.malformed[0]
            raise UnreadableSessionError(
                f"{session.session_key}: none of the {len(lines.malformed)} lines of {topic} can be read; "
                f"line {first.line_number}: {first.reason}. "
                f"Fetch {session.urls[topic]} again; if it stays so, report it to the source"
            )


def refuse_lost_topics(session: CheckedSession, log: FastF1Log) -> None:
    """Raise for a topic whose lines are sound, and which FastF1 yet failed to read and passed over."""
    for part, topic in _TOPIC_OF_PART.items():
        failure = log.failures.get(part)
        if failure is not None and topic in session.topics and session.topics[topic].line_count:
            raise UnreadableSessionError(
                f"{session.session_key}: FastF1 could not read {topic}: {type(failure).__name__}: {failure}. "
                f"Fetch {session.urls[topic]} again; if it stays so, report it to FastF1"
            ) from failure


def without_doubtful_columns(laps: pl.DataFrame, log: FastF1Log) -> pl.DataFrame:
    """Return the laps with null in columns that FastF1 failed to work out and left at a default."""
    doubtful = [
        column for part, columns in _COLUMNS_OF_PART.items() if part in log.failures for column in columns
    ]
    return laps.with_columns(pl.lit(None, laps.schema[column]).alias(column) for column in doubtful)


def refuse_lost_laps(session: CheckedSession, log: FastF1Log, *, has_started: bool) -> None:
    """Raise where all that laps are made of is there, and yet FastF1 failed to make any.

    A session that never started has none, which FastF1 fails on as well.
    """
    failure = log.failures.get("lap timing data")
    is_complete = session.is_import or not missing_lap_topics(session)
    if failure is None or type(failure).__name__ in _ABSENT or not (is_complete and has_started):
        return
    broken = [
        str(line)
        for topic in _LAP_TOPICS
        if topic in session.topics
        for line in session.topics[topic].malformed
    ]
    lines = f"; unreadable: {'; '.join(broken[:3])}" if broken else ""
    raise UnreadableSessionError(
        f"{session.session_key}: FastF1 could not make laps of TimingData: "
        f"{type(failure).__name__}: {failure}{lines}. "
        "Fetch the session again; if it stays so, report it to the source"
    ) from failure


def missing_lap_topics(session: CheckedSession) -> list[str]:
    """Return the topics that laps need and that are not there or empty."""
    return [
        topic for topic in _LAP_TOPICS if topic not in session.topics or not session.topics[topic].line_count
    ]


def why_no_laps(session: CheckedSession, log: FastF1Log, *, has_started: bool) -> SessionNote:
    """Return why a session has no laps."""
    missing = missing_lap_topics(session)
    if any(_UNSUPPORTED in message for message in log.warnings):
        reason = "the calendar says that there is no live timing of it, and FastF1 reads none"
    elif missing and not session.is_import:
        reason = f"no layer has {', '.join(missing)}"
    elif session.is_import and has_started:
        reason = "FastF1's parsed files hold none"
    else:
        reason = "no car drove one" if has_started else "the session never started"
    return SessionNote(None, f"no laps: {reason}")


def notes(session: CheckedSession, log: FastF1Log) -> Iterator[SessionNote]:
    """Yield what is doubtful."""
    for topic, lines in session.topics.items():
        if lines.malformed:
            broken = len(lines.malformed)
            yield SessionNote(topic, f"{broken} of {broken + lines.line_count} lines cannot be read")
    yield from (SessionNote(None, message) for message in log.warnings if not _ABSENCE.match(message))
    for part, failure in log.failures.items():
        if type(failure).__name__ not in _ABSENT:
            yield SessionNote(None, f"FastF1 passed over {part}: {type(failure).__name__}: {failure}")
