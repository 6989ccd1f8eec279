"""The documents about the season and the place: the calendar, the archive's indexes, the circuit."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import numpy as np

from sources.synthetic import names
from sources.synthetic.circuit import Circuit
from sources.synthetic.options import WeekendOptions
from sources.synthetic.timetable import session_day, timetable
from sources.synthetic.wire_session import meeting_head, session_head, session_keys

_MARSHAL_SECTORS = 17
_OUTLINE_STEP_M = 8


def calendar(options: WeekendOptions) -> dict[str, dict[str, Any]]:
    """Return the season's calendar as FastF1 reads it, columns of one event; other sessions are not held."""
    values: dict[str, Any] = {
        "round_number": options.round_number,
        "country": names.COUNTRY,
        "location": names.LOCATION,
        "official_event_name": f"{names.OFFICIAL_NAME} {options.season}",
        "event_date": f"{options.race_date}T17:00:00",
        "event_name": names.EVENT_NAME,
        "gmt_offset": f"{options.gmt_offset_hours:+03d}:00",
        "event_format": "sprint_qualifying" if options.weekend_format == "sprint" else "conventional",
    }
    for i, slot in enumerate(timetable(options), start=1):
        is_held = slot.code in options.sessions or slot.code in {"Q", "R"}
        values[f"session{i}"] = slot.name if is_held else None
        values[f"session{i}_date"] = f"{session_day(options, slot)}T{slot.local}" if is_held else None
    values["f1_api_support"] = True
    return {key: {"0": value} for key, value in values.items()}


def calendar_bytes(options: WeekendOptions) -> bytes:
    """Return the calendar's bytes, laid out as upstream has them."""
    return json.dumps(calendar(options), indent=2, separators=(",", ":"), ensure_ascii=False).encode()


def season_index(options: WeekendOptions) -> dict[str, Any]:
    """Return the archive's index of the season."""
    sessions = [session_head(options, s.code) for s in timetable(options) if s.code in options.sessions]
    meeting = meeting_head(options)
    head = {"Sessions": sessions, "Key": meeting["Key"], "Code": "INV0101", "Number": meeting["Number"]}
    rest = {key: meeting[key] for key in ("Location", "OfficialName", "Name", "Country", "Circuit")}
    return {"Year": options.season, "Meetings": [{**head, **rest}]}


def session_index(topics: list[str]) -> dict[str, Any]:
    """Return the archive's index of a session: its topics and their files."""
    feeds = {
        topic: {"KeyFramePath": f"{topic}.json", "StreamPath": f"{topic}.jsonStream"}
        for topic in sorted(topics)
    }
    return {"Feeds": feeds}


def circuit_document(options: WeekendOptions, circuit: Circuit) -> dict[str, Any]:
    """Return the circuit as MultiViewer has it: outline, corners, marshal posts. Tenths of a metre."""
    posts = np.arange(_MARSHAL_SECTORS) * circuit.length_m / _MARSHAL_SECTORS
    outline = np.arange(0, int(circuit.length_m), _OUTLINE_STEP_M)
    minis = np.rint(circuit.distance_at(circuit.mini_ends) / _OUTLINE_STEP_M).astype(int)
    saturday = options.race_date - timedelta(days=1)
    return {
        "pitLoss": {"normal": "19.80", "sc": "11.40", "vsc": "13.60"},
        "corners": [_marker(circuit, at, i) for i, at in enumerate(circuit.corners_m, start=1)],
        "marshalLights": [_marker(circuit, float(at), i) for i, at in enumerate(posts, start=1)],
        "marshalSectors": [
            _marker(circuit, float((at + 12.0) % circuit.length_m), i) for i, at in enumerate(posts, start=1)
        ],
        "candidateLap": {
            "driverNumber": "8",
            "lapNumber": 2,
            "lapStartDate": f"{saturday}T12:05:00.000000",
            "lapStartSessionTime": 1100.0,
            "lapTime": round(circuit.lap_s, 3),
            "session": "Q",
            "sessionStartTime": 816.231,
        },
        "circuitKey": names.CIRCUIT_KEY,
        "circuitName": names.CIRCUIT_SHORT_NAME,
        "countryIocCode": names.COUNTRY_CODE,
        "countryKey": names.COUNTRY_KEY,
        "countryName": names.COUNTRY,
        "location": names.LOCATION,
        "meetingKey": str(session_keys(options, "R")[0]),
        "meetingName": names.EVENT_NAME,
        "meetingOfficialName": f"{names.OFFICIAL_NAME} {options.season}",
        "miniSectorsIndexes": minis.tolist(),
        "raceDate": str(options.race_date),
        "rotation": 40,
        "round": options.round_number,
        "x": np.rint(circuit.x[outline]).astype(int).tolist(),
        "y": np.rint(circuit.y[outline]).astype(int).tolist(),
        "year": options.season,
    }


def _marker(circuit: Circuit, at_m: float, number: int) -> dict[str, Any]:
    metre = round(at_m) % (len(circuit.x) - 1)
    angle = float(np.degrees(np.arctan2(circuit.normal_y[metre], circuit.normal_x[metre])))
    position = {"x": round(float(circuit.x[metre]), 3), "y": round(float(circuit.y[metre]), 3)}
    return {"angle": angle, "length": 10.0 * at_m, "number": number, "trackPosition": position}
