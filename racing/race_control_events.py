"""Messages of race control as typed events: what happened, to whom, where, and with what consequence.

The forms of announcement are ``race_control_rules.py``, the words in them ``race_control_text.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from racing.race_control_rules import rule_for
from racing.race_control_text import ControlText, read_control_text

RACE_CONTROL_EVENT_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "message_number": pl.Int32,
    "sent_at": pl.Datetime("us", "UTC"),
    "leader_lap_number": pl.Int32,
    "event_kind": pl.String,
    "event_state": pl.String,
    "car_number": pl.String,
    "driver_key": pl.String,
    "car_numbers": pl.String,
    "flag": pl.String,
    "flag_scope": pl.String,
    "marshal_sector_number": pl.Int32,
    "place": pl.String,
    "turn_number": pl.Int32,
    "segment_number": pl.Int32,
    "named_lap_number": pl.Int32,
    "named_lap_time_ms": pl.Int64,
    "penalty_kind": pl.String,
    "penalty_ms": pl.Int64,
    "penalty_places_count": pl.Int32,
    "reason": pl.String,
    "note": pl.String,
    "local_time": pl.String,
    "is_from_stewards": pl.Boolean,
    "is_amended": pl.Boolean,
    "message": pl.String,
}
"""Columns of curated.race_control_events."""

_COLOUR = re.compile(
    r"\b(DOUBLE YELLOW|YELLOW|RED|GREEN|BLUE|CHEQUERED|CLEAR|BLACK AND WHITE|BLACK AND ORANGE|BLACK|WHITE)\b"
)
_SECTOR = re.compile(r"\bSECTOR (\d{1,2})\b")
_SECONDS = re.compile(r"\b(\d+)[\s-]*SECONDS?\b")
_PLACES = re.compile(
    r"\b(\d+)[\s-]*(?:GRID[\s-]*)?(?:PLACE|POSITION)S?\b|\bOF (\d+) (?:GRID )?(?:PLACE|POSITION)S?\b"
)
_PENALTIES = (
    ("DRIVE_THROUGH", re.compile(r"\bDRIVE[\s-]*THROUGH\b")),
    ("STOP_GO", re.compile(r"\bSTOP\s*(?:/|-|&|AND)?\s*(?:AND\s*)?-?GO\b")),
    ("TIME", re.compile(r"\bSECONDS?\b|\bTIME PENALTY\b")),
    ("GRID", re.compile(r"\bGRID\b|\bPLACES?\b")),
    ("PIT_LANE_START", re.compile(r"\bSTART FROM (?:THE )?PIT\s?LANE\b")),
    ("DISQUALIFICATION", re.compile(r"\bDISQUALIFI")),
    ("REPRIMAND", re.compile(r"\bREPRIMAND\b")),
    ("WARNING", re.compile(r"\bWARNING\b")),
    ("FINE", re.compile(r"\bFINED?\b")),
    ("UNKNOWN", re.compile("")),
)
_WHERE_AND_WHEN = re.compile(r"\s+(?:AT|IN|ON)\s.*$|\s*\([^()]*\)$")
_STATUS_WORDS = re.compile(
    r"^(?:NO (?:FURTHER )?(?:ACTION|INVESTIGATION)|WILL BE INVESTIGATED|UNDER INVESTIGATION|NOTED)\b"
)


def type_race_control_messages(
    race_control_messages: pl.DataFrame, driver_identities: pl.DataFrame
) -> pl.DataFrame:
    """Return the messages of a session as typed events, one row per message.

    Args:
        race_control_messages: ``processed.fastf1__race_control_messages`` of one session.
        driver_identities: ``curated.driver_identities`` of the session; needs car_number and driver_key.

    Returns:
        Columns of ``RACE_CONTROL_EVENT_SCHEMA`` by message_number. A message that no rule understands has
        the kind OTHER; a message without text too.

    Source: docs/explanation/race-control.md.
    """
    rows = [_event(message) for message in race_control_messages.iter_rows(named=True)]
    events = pl.DataFrame(
        rows, schema={k: v for k, v in RACE_CONTROL_EVENT_SCHEMA.items() if k != "driver_key"}
    )
    drivers = driver_identities.select("car_number", "driver_key").unique("car_number", keep="any")
    named = events.join(drivers, on="car_number", how="left", maintain_order="left")
    return named.select(*RACE_CONTROL_EVENT_SCHEMA).sort("message_number")


def _event(message: Mapping[str, Any]) -> dict[str, Any]:
    words = read_control_text(message["message"] or "")
    rule = rule_for(words.text, message["category"])
    cars = words.car_numbers or ((message["car_number"],) if message["car_number"] else ())
    is_flag = rule.kind == "FLAG"
    return {
        **{
            name: message[name]
            for name in ("season", "weekend_key", "session_key", "message_number", "sent_at")
        },
        "leader_lap_number": message["lap_number"],
        "event_kind": rule.kind,
        "event_state": rule.state,
        "car_number": cars[0] if cars else None,
        "car_numbers": ",".join(cars) or None,
        "flag": message["flag"] or (_found(_COLOUR, words.text) if is_flag else None),
        "flag_scope": _flag_scope(message["flag_scope"], words, has_car=bool(cars)) if is_flag else None,
        "marshal_sector_number": message["marshal_sector_number"] or _number(_SECTOR, words.text),
        "place": words.place,
        "turn_number": words.turn_number,
        "segment_number": words.segment_number,
        "named_lap_number": words.lap_number,
        "named_lap_time_ms": words.lap_time_ms,
        **(_penalty(words) if rule.kind == "PENALTY" else {}),
        "reason": _reason(rule.kind, words),
        "note": words.note,
        "local_time": words.local_time,
        "is_from_stewards": words.is_from_stewards,
        "is_amended": words.is_amended,
        "message": message["message"],
    }


def _flag_scope(sent: str | None, words: ControlText, *, has_car: bool) -> str | None:
    if sent:
        return sent.upper().replace(" ", "_")
    if has_car:
        return "DRIVER"
    if _SECTOR.search(words.text):
        return "SECTOR"
    return "PIT_LANE" if words.place and words.place.startswith("PIT") else "TRACK"


def _penalty(words: ControlText) -> dict[str, Any]:
    """Return what a penalty is; the offence, which may itself name a penalty, is not looked at."""
    announced = words.head
    if announced.endswith("SERVED") and words.reason:
        announced = words.reason
    seconds, places = _number(_SECONDS, announced), _PLACES.search(announced)
    kind = next(kind for kind, pattern in _PENALTIES if pattern.search(announced))
    return {
        "penalty_kind": kind,
        "penalty_ms": seconds * 1000 if seconds is not None else None,
        "penalty_places_count": int(places[1] or places[2]) if places and kind == "GRID" else None,
    }


def _reason(kind: str, words: ControlText) -> str | None:
    """Return the reason that a message gives; that of a deleted lap without where and when."""
    if kind not in ("FLAG", "INCIDENT", "PENALTY", "LAP_DELETED", "LAP_REINSTATED") or words.reason is None:
        return None
    reason = words.reason
    if words.head.endswith("SERVED"):
        _, _, reason = reason.partition(" - ")
    if _STATUS_WORDS.search(reason):
        return None
    if kind == "LAP_DELETED":
        reason = _WHERE_AND_WHEN.sub("", reason)
    return reason.strip() or None


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
