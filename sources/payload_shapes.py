"""Which shapes of payload FastF1 can take, by topic: anything else would cost it the whole topic."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

PayloadFault = Callable[[object], str | None]
"""Says what is wrong with a payload; null where nothing is."""

NULL_INTOLERANT = frozenset({"RaceControlMessages", "WeatherData"})
"""Topics in which FastF1 takes a missing field, but fails on one that is null."""

_TIMING_FIELDS: dict[str, tuple[type, ...]] = {
    "NumberOfLaps": (int,),
    "Sectors": (dict, list),
    "Speeds": (dict,),
    "LastLapTime": (dict,),
    "BestLapTime": (dict,),
    "IntervalToPositionAhead": (dict,),
}
_SESSION_FIELDS = ("StartDate", "EndDate", "GmtOffset")


def object_fault(payload: object) -> str | None:
    """Return what is wrong with a payload that must be an object."""
    return None if isinstance(payload, dict) else f"payload is {_kind(payload)}, not an object"


def _timing_fault(payload: object) -> str | None:
    return _car_lines_fault(payload, _timing_update_fault)


def _tyres_fault(payload: object) -> str | None:
    return _car_lines_fault(payload, _tyres_update_fault)


def _car_lines_fault(payload: object, update_fault: Callable[[dict[str, Any]], str | None]) -> str | None:
    """Return what is wrong with a payload of updates by car."""
    if not isinstance(payload, dict):
        return object_fault(payload)
    lines = payload.get("Lines", {})
    if not isinstance(lines, dict):
        return f"Lines is {_kind(lines)}, not an object"
    for car, update in lines.items():
        fault = update_fault(update) if isinstance(update, dict) else f"is {_kind(update)}, not an object"
        if fault is not None:
            return f"Lines of car {car}: {fault}"
    return None


def _timing_update_fault(update: dict[str, Any]) -> str | None:
    for name, types in _TIMING_FIELDS.items():
        if name in update and not isinstance(update[name], types):
            return f"{name} is {_kind(update[name])}"
    return None


def _tyres_update_fault(update: dict[str, Any]) -> str | None:
    stints = update.get("Stints", [])
    if not isinstance(stints, dict | list):
        return f"Stints is {_kind(stints)}"
    for stint in stints.values() if isinstance(stints, dict) else stints:
        if not isinstance(stint, dict):
            return f"a stint is {_kind(stint)}, not an object"
    return None


def _messages_fault(payload: object) -> str | None:
    """Return what is wrong with a payload of race control messages."""
    if not isinstance(payload, dict):
        return object_fault(payload)
    messages = payload.get("Messages")
    if isinstance(messages, dict):
        messages = list(messages.values())
    if not isinstance(messages, list):
        return "no Messages in the payload"
    if not all(isinstance(message, dict) and message.get("Utc") for message in messages):
        return "a message without Utc"
    return None


def _status_fault(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return object_fault(payload)
    return None if isinstance(payload.get("Status"), str) else "no Status in the payload"


def _session_fault(payload: object) -> str | None:
    """Return what is wrong with a SessionInfo; FastF1 reads the first line only, so it must be complete."""
    if not isinstance(payload, dict):
        return object_fault(payload)
    missing = [name for name in _SESSION_FIELDS if not isinstance(payload.get(name), str)]
    return f"no {', '.join(missing)} in the payload" if missing else None


def _kind(value: object) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(value), json.dumps(value)[:40])


SHAPES: dict[str, PayloadFault] = {
    "TimingData": _timing_fault,
    "TimingAppData": _tyres_fault,
    "RaceControlMessages": _messages_fault,
    "TrackStatus": _status_fault,
    "SessionStatus": _status_fault,
    "SessionInfo": _session_fault,
}
"""Topic to what must hold of each payload; of other topics only that it is an object."""
