"""The season calendar as FastF1 reads it: events, their sessions, UTC times and archive folders.

FastF1's own schedule code runs on the raw bytes, and its own function works out the folder of a session in
the live-timing archive, so that both are what FastF1 would ask for.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import polars as pl

from racing.errors import InvalidKeyError
from racing.keys import preseason_test_key, session_code, session_key, weekend_key
from sources.errors import UnknownWeekendError, UnreadableDocumentError
from sources.fastf1_engine import FastF1Log, document_path, mounted_fastf1
from sources.responses import SCHEDULE_URL, Response

if TYPE_CHECKING:
    import pandas as pd

_SESSION_SLOTS = range(1, 6)
_LAST_SEASON_OF_RACING_SPRINT_QUALIFYING = 2023

SCHEDULE_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "event_number": pl.Int32,
    "round_number": pl.Int32,
    "test_number": pl.Int32,
    "event_name": pl.String,
    "official_event_name": pl.String,
    "country": pl.String,
    "location": pl.String,
    "event_format": pl.String,
    "event_date": pl.Date,
    "gmt_offset": pl.String,
    "has_live_timing": pl.Boolean,
    "session_number": pl.Int32,
    "session_code": pl.String,
    "session_name": pl.String,
    "scheduled_start_at": pl.Datetime("us", "UTC"),
    "archive_path": pl.String,
    "source_layer": pl.String,
    "response_sha256": pl.String,
}
"""Columns and types of the calendar frame (``processed.f1schedule__sessions``)."""


@dataclass(frozen=True)
class CalendarSession:
    """One session that the calendar announces.

    Attributes:
        session_key: Our key.
        code: Session code.
        name: Name as announced.
        scheduled_start_at: UTC; null where only a date is known.
        archive_path: Folder in the live-timing archive, from ``/static/`` on; null where unknown.
    """

    session_key: str
    code: str
    name: str
    scheduled_start_at: dt.datetime | None
    archive_path: str | None


@dataclass(frozen=True)
class CalendarWeekend:
    """One event of the calendar.

    Attributes:
        weekend_key: Our key.
        season: Year.
        round_number: Round as announced; null for a test.
        test_number: Number of the pre-season test; null for a race weekend.
        event_name: Name of the event.
        event_date: Local date of the last day.
        sessions: In the order of the weekend.
        country: Where it is held; null where unknown.
        location: Town or circuit as announced; null where unknown.
    """

    weekend_key: str
    season: int
    round_number: int | None
    test_number: int | None
    event_name: str
    event_date: dt.date | None
    sessions: tuple[CalendarSession, ...]
    country: str | None = None
    location: str | None = None


def schedule_url(season: int) -> str:
    """Return the address of a season's calendar."""
    return f"{SCHEDULE_URL}/schedule_{season}.json"


@lru_cache(maxsize=4)
def read_schedule(response: Response, season: int) -> pl.DataFrame:
    """Return the calendar of a season. One row per event and session.

    Args:
        response: The f1schedule document, as received.
        season: Year of the calendar.

    Raises:
        UnreadableDocumentError: If FastF1 cannot read it, or it announces a session of no known name.
    """
    offsets = _gmt_offsets(response)
    with mounted_schedule(response):
        schedule = _fastf1_schedule(response, season)
        rows = [
            row
            for number, (_, event) in enumerate(schedule.iterrows(), start=1)
            for row in _session_rows(event, season, number, offsets[number - 1], response)
        ]
    numbers = _test_numbers(rows)
    return pl.DataFrame(
        [{**row, "test_number": numbers.get(row["event_number"])} for row in rows], schema=SCHEDULE_SCHEMA
    )


def mounted_schedule(response: Response) -> AbstractContextManager[FastF1Log]:
    """Return a context in which FastF1 reads this calendar."""
    return mounted_fastf1({}, {schedule_document(response): response.body})


def schedule_document(response: Response) -> str:
    """Return the document path under which FastF1 asks for a calendar."""
    return document_path(urlsplit(response.url).path)


def weekends_of(schedule: pl.DataFrame) -> list[CalendarWeekend]:
    """Return the events of a calendar frame, in its order.

    Args:
        schedule: ``read_schedule``'s frame, or the rows of ``processed.f1schedule__sessions``.
    """
    ordered = schedule.sort("season", "event_number", "session_number")
    groups = ordered.partition_by("season", "event_number", maintain_order=True)
    return [_weekend(group.to_dicts()) for group in groups]


def find_weekend(weekends: list[CalendarWeekend], key: str) -> CalendarWeekend:
    """Return the weekend of a key.

    Raises:
        UnknownWeekendError: If the calendar has none; the message names the ones it has.
    """
    for weekend in weekends:
        if weekend.weekend_key == key:
            return weekend
    known = ", ".join(weekend.weekend_key for weekend in weekends) or "none"
    raise UnknownWeekendError(f"the calendar has no weekend {key}; it has {known}")


def _fastf1_schedule(response: Response, season: int) -> pd.DataFrame:
    from fastf1.events import get_event_schedule

    try:
        schedule: pd.DataFrame = get_event_schedule(season, backend="fastf1")
    except ValueError as error:
        raise UnreadableDocumentError(
            f"FastF1 cannot read the calendar of {season} from {response.url} ({len(response.body)} bytes): "
            "fetch it again, and report it if that does not help"
        ) from error
    return schedule


def _gmt_offsets(response: Response) -> list[str | None]:
    """Return the offsets in the order of events; FastF1 itself reads an unknown offset as zero."""
    try:
        offsets = orjson.loads(response.body)["gmt_offset"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableDocumentError(f"{response.url} is not a calendar with gmt_offset: {error}") from error
    return list(offsets.values())


def _session_rows(
    event: pd.Series[Any], season: int, number: int, gmt_offset: str | None, response: Response
) -> list[dict[str, Any]]:
    import pandas as pd

    is_test = event["EventFormat"] == "testing"
    common = {
        "season": season,
        "event_number": number,
        "round_number": None if is_test else int(event["RoundNumber"]),
        "event_name": event["EventName"],
        "official_event_name": event["OfficialEventName"] or None,
        "country": event["Country"] or None,
        "location": event["Location"] or None,
        "event_format": event["EventFormat"],
        "event_date": None if pd.isna(event["EventDate"]) else event["EventDate"].date(),
        "gmt_offset": gmt_offset,
        "has_live_timing": bool(event["F1ApiSupport"]),
        "source_layer": response.layer_kind,
        "response_sha256": response.sha256,
    }
    rows = []
    for slot in _SESSION_SLOTS:
        name = event[f"Session{slot}"]
        if not isinstance(name, str) or name in {"", "None"}:
            continue
        start = event[f"Session{slot}DateUtc"]
        is_dated = not pd.isna(start)
        has_instant = is_dated and gmt_offset is not None
        rows.append(
            {
                **common,
                "session_number": slot,
                "session_code": _code(name, season, is_test=is_test),
                "session_name": name,
                "scheduled_start_at": start.to_pydatetime().replace(tzinfo=dt.UTC) if has_instant else None,
                "archive_path": _archive_path(event, slot, name) if is_dated else None,
            }
        )
    return rows


def _archive_path(event: pd.Series[Any], slot: int, name: str) -> str | None:
    """Return the folder that FastF1 works out for a session: from names and local dates."""
    import pandas as pd
    from fastf1._api import make_path

    local, utc = event[f"Session{slot}Date"], event[f"Session{slot}DateUtc"]
    if pd.isna(event["EventDate"]):
        return None
    held_on = utc if pd.isna(local) else local
    path: str = make_path(
        event["EventName"], event["EventDate"].strftime("%Y-%m-%d"), name, held_on.strftime("%Y-%m-%d")
    )
    return path


def _code(name: str, season: int, *, is_test: bool) -> str:
    is_race = season <= _LAST_SEASON_OF_RACING_SPRINT_QUALIFYING
    try:
        return session_code(name, is_test=is_test, holds_race_start=is_race)
    except InvalidKeyError as error:
        raise UnreadableDocumentError(
            f"the calendar of {season} announces a session unknown here: {error}"
        ) from error


def _test_numbers(rows: list[dict[str, Any]]) -> dict[int, int]:
    """Return the test number of each event that is a test."""
    tests = sorted({row["event_number"] for row in rows if row["round_number"] is None})
    return {event: number for number, event in enumerate(tests, start=1)}


def _weekend(rows: list[dict[str, Any]]) -> CalendarWeekend:
    first = rows[0]
    if first["round_number"] is not None:
        key = weekend_key(first["season"], first["round_number"])
    else:
        key = preseason_test_key(first["season"], first["test_number"])
    sessions = tuple(
        CalendarSession(
            session_key=session_key(key, row["session_code"]),
            code=row["session_code"],
            name=row["session_name"],
            scheduled_start_at=row["scheduled_start_at"],
            archive_path=row["archive_path"],
        )
        for row in rows
    )
    return CalendarWeekend(
        key,
        first["season"],
        first["round_number"],
        first["test_number"],
        first["event_name"],
        first["event_date"],
        sessions,
        first.get("country"),
        first.get("location"),
    )
