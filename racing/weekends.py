"""Weekends of a season under our key, with each upstream's own number for them.

The F1 calendar names the weekend; where a season has none (before 2018), Jolpica's round does. Which
events of the two calendars are the same is ``racing/calendar_matching.py``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from racing.calendar_matching import CalendarEvent, Match, match_events
from racing.errors import UnknownWeekendError
from racing.keys import preseason_test_key, weekend_key
from racing.places import Place, folded
from racing.weekend_circuits import announced_circuit, circuit_of_round, circuit_of_test, is_held_elsewhere

WEEKEND_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "round_number": pl.Int32,
    "is_test": pl.Boolean,
    "event_name": pl.String,
    "official_event_name": pl.String,
    "country": pl.String,
    "location": pl.String,
    "event_format": pl.String,
    "scheduled_date": pl.Date,
    "meeting_id_f1": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "circuit_key": pl.String,
    "circuit_name": pl.String,
    "circuit_country": pl.String,
    "circuit_locality": pl.String,
    "latitude_deg": pl.Float64,
    "longitude_deg": pl.Float64,
    "matched_by": pl.String,
    "match_note": pl.String,
}
"""Columns of the result; the contract is ``curated.weekends``."""

_Row = dict[str, Any]


def match_weekends(
    schedule: pl.DataFrame, jolpica_calendar: pl.DataFrame, timing_sessions: pl.DataFrame
) -> pl.DataFrame:
    """Return the weekends of a season under our key.

    Args:
        schedule: ``processed.f1schedule__sessions``, one row per event and session; empty before 2018.
        jolpica_calendar: ``processed.jolpica__calendar``, one row per round; may be empty.
        timing_sessions: ``processed.fastf1__sessions`` of the season; names the feed's meetings.

    Returns:
        One row per weekend, in the order of the key. A round that only Jolpica has is a weekend of a season
        without an F1 calendar, and is left out of a season with one: see ``rounds_without_weekend``.

    Raises:
        AmbiguousWeekendError: If an event has several counterparts that fit equally well.
        WeekendMismatchError: If two events fall on one date and nothing else of them agrees.

    Source: docs/glossary.md#weekend.
    """
    seasons = {*schedule["season"].to_list(), *jolpica_calendar["season"].to_list()}
    rows: list[_Row] = []
    for season in sorted(seasons):
        events = _announced_events(schedule.filter(pl.col("season") == season))
        rounds = jolpica_calendar.filter(pl.col("season") == season).to_dicts()
        rows += _weekends_of_season(events, rounds) if events else [_jolpica_weekend(row) for row in rounds]
    weekends = pl.DataFrame(rows, schema=WEEKEND_SCHEMA, orient="row")
    return _with_meetings(weekends, timing_sessions).sort("weekend_key")


def jolpica_round_of(weekends: pl.DataFrame, weekend: str) -> int | None:
    """Return Jolpica's own round of a weekend; null where Jolpica does not have it.

    Args:
        weekends: ``curated.weekends`` of the season.
        weekend: Weekend key.

    Raises:
        UnknownWeekendError: If the key is not among the weekends.
    """
    found = weekends.filter(pl.col("weekend_key") == weekend)["round_id_jolpica"].to_list()
    if not found:
        known = ", ".join(weekends["weekend_key"].sort().to_list()) or "none"
        raise UnknownWeekendError(f"{weekend} is not a weekend of its season; known are: {known}")
    return None if found[0] is None else int(found[0])


def rounds_without_weekend(weekends: pl.DataFrame, jolpica_calendar: pl.DataFrame) -> pl.DataFrame:
    """Return Jolpica's rounds that no weekend stands for: races that F1's calendar does not announce."""
    return jolpica_calendar.join(weekends, on=["season", "round_id_jolpica"], how="anti")


def _announced_events(schedule: pl.DataFrame) -> list[_Row]:
    """Return the events of the F1 calendar, in its order, each with the local date of its last day."""
    return (
        schedule.sort("event_number", "session_number")
        .group_by("event_number", maintain_order=True)
        .agg(pl.all().exclude("event_number").last())
        .to_dicts()
    )


def _weekends_of_season(events: list[_Row], rounds: list[_Row]) -> list[_Row]:
    races = [event for event in events if event["round_number"] is not None]
    by_round = {row["round_id_jolpica"]: row for row in rounds}
    matches = match_events([_f1_event(event) for event in races], [_jolpica_event(row) for row in rounds])
    match_of = {match.left.round_number: match for match in matches}
    weekends = []
    for event in races:
        match = match_of.get(event["round_number"])
        counterpart = by_round[match.right.round_number] if match else None
        weekends.append(_announced_weekend(event, counterpart, match))
    leftover = [
        row for row in rounds if row["round_id_jolpica"] not in {m.right.round_number for m in matches}
    ]
    if leftover:
        without = "; ".join(str(_jolpica_event(row)) for row in leftover)
        for weekend in weekends:
            if weekend["matched_by"] == "f1_only":
                weekend["match_note"] = f"no round of Jolpica fits; not matched there: {without}"
    tests = [event for event in events if event["round_number"] is None]
    return weekends + [
        _test_weekend(event, number, weekends, rounds) for number, event in enumerate(tests, start=1)
    ]


def _f1_event(event: _Row) -> CalendarEvent:
    place = Place(event["country"], event["location"], event["event_name"])
    return CalendarEvent("F1", event["round_number"], event["event_date"], place)


def _jolpica_event(row: _Row) -> CalendarEvent:
    place = Place(row["country"], row["locality"], row["race_name"], row["circuit_name"])
    return CalendarEvent("Jolpica", row["round_id_jolpica"], row["race_date"], place)


def _announced_weekend(event: _Row, counterpart: _Row | None, match: Match | None) -> _Row:
    held_elsewhere = match is not None and is_held_elsewhere(event, counterpart)
    circuit = (
        announced_circuit(event) if held_elsewhere or counterpart is None else circuit_of_round(counterpart)
    )
    return {
        "season": event["season"],
        "weekend_key": weekend_key(event["season"], event["round_number"]),
        "round_number": event["round_number"],
        "is_test": False,
        **_announcement(event),
        **circuit,
        "round_id_jolpica": counterpart["round_id_jolpica"] if counterpart else None,
        "matched_by": match.matched_by if match else "f1_only",
        "match_note": _note(match, event["gmt_offset"] if held_elsewhere else None) if match else None,
    }


def _announcement(event: _Row) -> _Row:
    return {
        "event_name": event["event_name"],
        "official_event_name": event["official_event_name"],
        "country": event["country"],
        "location": event["location"],
        "event_format": event["event_format"],
        "scheduled_date": event["event_date"],
    }


def _note(match: Match, foreign_offset: str | None) -> str | None:
    f1, jolpica = match.left, match.right
    notes = []
    if f1.round_number != jolpica.round_number:
        notes.append(f"Jolpica counts it as round {jolpica.round_number}")
    if f1.date != jolpica.date:
        notes.append(f"F1 announces {f1.date}, Jolpica {jolpica.date}{_why(f1.date, jolpica.date)}")
    if match.matched_by == "circuit" and folded(f1.place.locality) != folded(jolpica.place.locality):
        notes.append(f"F1 places it in {f1.place.locality}, Jolpica in {jolpica.place.locality}")
    if foreign_offset:
        notes.append(
            f"F1's local time there is UTC{foreign_offset}, so it is not held at {jolpica.place.circuit_name}"
        )
    return "; ".join(notes) or None


def _why(one: date | None, other: date | None) -> str:
    is_adjacent = one is not None and other is not None and abs((one - other).days) == 1
    return " (local date and UTC)" if is_adjacent else ""


def _jolpica_weekend(row: _Row) -> _Row:
    return {
        "season": row["season"],
        "weekend_key": weekend_key(row["season"], row["round_id_jolpica"]),
        "round_number": row["round_id_jolpica"],
        "is_test": False,
        "event_name": row["race_name"],
        "country": row["country"],
        "location": row["locality"],
        "event_format": "sprint" if row["sprint_start_at"] is not None else None,
        "scheduled_date": row["race_date"],
        "round_id_jolpica": row["round_id_jolpica"],
        **circuit_of_round(row),
        "matched_by": "jolpica_only",
    }


def _test_weekend(event: _Row, number: int, weekends: list[_Row], rounds: list[_Row]) -> _Row:
    """Return the row of a pre-season test."""
    return {
        "season": event["season"],
        "weekend_key": preseason_test_key(event["season"], event["test_number"] or number),
        "round_number": None,
        "is_test": True,
        **_announcement(event),
        **circuit_of_test(event, weekends, rounds),
        "matched_by": "f1_only",
    }


def _with_meetings(weekends: pl.DataFrame, timing_sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the weekends with the feed's key of the meeting, where a session of it was read."""
    meetings = (
        timing_sessions.filter(pl.col("meeting_id_f1").is_not_null())
        .sort("session_key")
        .group_by("weekend_key", maintain_order=True)
        .agg(
            pl.col("meeting_id_f1").mode().sort().first().cast(pl.Int32),
            pl.col("official_event_name").drop_nulls().first().alias("_feed_name"),
        )
    )
    return (
        weekends.drop("meeting_id_f1")
        .join(meetings, on="weekend_key", how="left")
        .with_columns(pl.coalesce("official_event_name", "_feed_name").alias("official_event_name"))
        .select(list(WEEKEND_SCHEMA))
    )
