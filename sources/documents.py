"""Which documents a season, a weekend and a session consist of, and which of them are essential."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sources.calendar_documents import CalendarSession, CalendarWeekend, schedule_url
from sources.responses import CIRCUIT_URL, JOLPICA_URL, LIVE_TIMING_MIRROR_URL, LIVE_TIMING_URL
from sources.seasons import not_kept_reason
from sources.topics import ESSENTIAL_TOPICS, FASTF1_TOPICS, LIVE_TIMING_TOPICS, topic_file_name

DocumentKind = Literal["live_timing", "jolpica", "calendar", "circuit"]

_SETTLING = dt.timedelta(days=3)
"""How long after a session its documents may still be corrected as a matter of course."""

SEASON_TOPICS = ("races", "drivers", "constructors")
"""Jolpica's documents of a whole season."""

ESSENTIAL_JOLPICA_TOPICS = frozenset({"results", "qualifying", "sprint"})

FIRST_PAGE = "?limit=100&offset=0"
"""Where a document that is known to be long begins."""

_PUT_OFF = re.compile(r"(?P<event>/static/\d{4}/(?P<day>\d{4}-\d\d-\d\d)_[^/]*/)(?P=day)(?P<name>_.*)")
"""Folder of a session that was held on the last day of its event."""

_PAGES_AT_MOST = {"laps": 18, "pitstops": 1}
"""Topics that are long: pages of a hundred rows that a race has at most, all but for records."""


@dataclass(frozen=True)
class DocumentRequest:
    """One document to fetch.

    Attributes:
        url: Address to ask first.
        kind: Which upstream it belongs to.
        topic: Live-timing topic, or ``results``, ``calendar``, ``circuit`` and so on.
        season: Season it belongs to.
        weekend_key: Weekend; null for a document of the season.
        session_key: Session; null for a document of the weekend or season.
        required: Whether laps or results cannot be made without it.
        alternatives: Addresses of the same document to ask where the first has nothing.
        settled_at: UTC from which the document no longer changes as a matter of course: a copy fetched
            later is not asked for again. Null where it may always change.
        not_kept: Why the source has no such document, known without asking; null where it may have one.
        pages_at_most: Requests that it takes at most.
    """

    url: str
    kind: DocumentKind
    topic: str
    season: int
    weekend_key: str | None = None
    session_key: str | None = None
    required: bool = False
    alternatives: tuple[str, ...] = ()
    settled_at: dt.datetime | None = None
    not_kept: str | None = None
    pages_at_most: int = 1

    @property
    def subject_key(self) -> str | None:
        """Session key, else weekend key: what the coverage row is about."""
        return self.session_key or self.weekend_key


def season_requests(season: int, *, with_schedule: bool = True) -> list[DocumentRequest]:
    """Return the documents of a season: calendars, drivers, constructors.

    Args:
        season: Year.
        with_schedule: False for seasons before 2018, which the F1 calendar does not cover.
    """
    requests = [
        DocumentRequest(
            f"{JOLPICA_URL}/{season}/{topic}.json",
            "jolpica",
            "calendar" if topic == "races" else topic,
            season,
            required=topic == "races",
            alternatives=(f"{JOLPICA_URL}/{season}.json",) if topic == "races" else (),
            settled_at=dt.datetime(season + 1, 2, 1, tzinfo=dt.UTC),
        )
        for topic in SEASON_TOPICS
    ]
    if not with_schedule:
        return requests
    settled_at = dt.datetime(season + 1, 1, 1, tzinfo=dt.UTC)
    schedule = DocumentRequest(
        schedule_url(season), "calendar", "calendar", season, required=True, settled_at=settled_at
    )
    return [schedule, *requests]


def session_requests(
    weekend: CalendarWeekend, session: CalendarSession, topics: Iterable[str] | None = None
) -> list[DocumentRequest]:
    """Return the live-timing documents of a session; none where its archive folder is not known.

    Args:
        weekend: Weekend of the session.
        session: Session.
        topics: Topics to ask for; all that are known by default.
    """
    if session.archive_path is None:
        return []
    start = session.scheduled_start_at
    return [
        DocumentRequest(
            url=f"{LIVE_TIMING_URL}{session.archive_path}{topic_file_name(topic)}",
            kind="live_timing",
            topic=topic,
            season=weekend.season,
            weekend_key=weekend.weekend_key,
            session_key=session.session_key,
            required=topic in ESSENTIAL_TOPICS,
            alternatives=_other_addresses(session, topic),
            settled_at=start + _SETTLING if start is not None else None,
        )
        for topic in (LIVE_TIMING_TOPICS if topics is None else topics)
    ]


def session_paths(session: CalendarSession) -> tuple[str, ...]:
    """Return the archive folders a session may lie in, likeliest first.

    The sprint races of 2021 were called Sprint Qualifying, which FastF1's calendar has renamed; the
    archive keeps the old name. A qualifying that was put off to the day of the race may be kept under the
    date that was planned (Japan 2019).
    """
    path = session.archive_path
    if path is None:
        return ()
    if session.code == "S" and path.startswith("/static/2021/"):
        return path, path.removesuffix("_Sprint/") + "_Sprint_Qualifying/"
    if session.code == "Q" and (put_off := _PUT_OFF.match(path)):
        day_before = dt.date.fromisoformat(put_off["day"]) - dt.timedelta(days=1)
        return path, f"{put_off['event']}{day_before}{put_off['name']}"
    return (path,)


def _other_addresses(session: CalendarSession, topic: str) -> tuple[str, ...]:
    """Return the other folders of a session, and FastF1's mirror for what FastF1 reads."""
    name = topic_file_name(topic)
    paths = session_paths(session)
    others = [f"{LIVE_TIMING_URL}{path}{name}" for path in paths[1:]]
    if topic in FASTF1_TOPICS:
        others += [f"{LIVE_TIMING_MIRROR_URL}{path}{name}" for path in paths]
    return tuple(others)


def result_requests(
    weekend: CalendarWeekend, jolpica_round: int | None, codes: Iterable[str], *, has_timing: bool = True
) -> list[DocumentRequest]:
    """Return Jolpica's documents of a weekend, for the sessions asked for.

    Args:
        weekend: Weekend.
        jolpica_round: Jolpica's round of the weekend; null where it has none, which gives no documents.
        codes: Session codes that are ingested.
        has_timing: Whether there is live timing of the race; where there is none, Jolpica's laps and pit
            stops are wanted too.
    """
    if jolpica_round is None:
        return []
    wanted = set(codes)
    topics = (("results", "R"), ("qualifying", "Q"), ("sprint", "S"))
    chosen: list[tuple[str, str | None]] = [(topic, code) for topic, code in topics if code in wanted]
    if "R" in wanted:
        laps = (("laps/1", "R"),) if has_timing else (("laps", "R"), ("pitstops", "R"))
        chosen += [*laps, ("driverstandings", None), ("constructorstandings", None)]
    elif wanted - {"Q", "S"}:
        chosen.append(("results", None))  # FastF1 takes team and driver names of practice from the race
    base = f"{JOLPICA_URL}/{weekend.season}/{jolpica_round}"
    last_day = weekend.event_date
    settled_at = (
        dt.datetime.combine(last_day, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=1) + _SETTLING
        if last_day is not None
        else None
    )
    keys = {session.code: session.session_key for session in weekend.sessions}
    return [
        DocumentRequest(
            url=f"{base}/{topic}.json{FIRST_PAGE if topic in _PAGES_AT_MOST else ''}",
            kind="jolpica",
            topic=topic,
            season=weekend.season,
            weekend_key=weekend.weekend_key,
            session_key=keys.get(code) if code else None,
            required=topic in ESSENTIAL_JOLPICA_TOPICS
            and code is not None
            and not_kept_reason(topic, weekend.season) is None,
            settled_at=settled_at,
            not_kept=not_kept_reason(topic, weekend.season),
            pages_at_most=_PAGES_AT_MOST.get(topic, 1),
        )
        for topic, code in chosen
    ]


def circuit_request(weekend: CalendarWeekend, circuit_id_f1: int) -> DocumentRequest:
    """Return the circuit document of a weekend.

    Args:
        weekend: Weekend.
        circuit_id_f1: The feed's key of the circuit, from SessionInfo.
    """
    return DocumentRequest(
        f"{CIRCUIT_URL}/{circuit_id_f1}/{weekend.season}",
        "circuit",
        "circuit",
        weekend.season,
        weekend_key=weekend.weekend_key,
        settled_at=dt.datetime(weekend.season + 1, 1, 1, tzinfo=dt.UTC),
    )
