"""The topics about the session itself: what it is, its status and the track's, its clock, its laps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sources.synthetic import names
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_flags import SessionFlag
from sources.synthetic.session_run import QualifyingPart, SessionRun
from sources.synthetic.timetable import session_day, slot_of
from sources.synthetic.wire_text import Message, countdown_text, utc_text

_FINALISED_AFTER_MS = 314_000
_HEARTBEAT_MS, _HEARTBEAT_AHEAD_MS = 15_000, 2_101
_RACE_CLOCK_MS, _SPRINT_CLOCK_MS = 7_200_000, 3_600_000
_PART_CHANGE_BEFORE_MS = 120_000


def session_path(options: WeekendOptions, code: str) -> str:
    """Return a session's folder in the archive, such as ``2025/2025-12-21_…/2025-12-21_Race/``."""
    slot = slot_of(options, code)
    event = names.EVENT_NAME.replace(" ", "_")
    name = slot.name.replace(" ", "_")
    return f"{options.season}/{options.race_date}_{event}/{session_day(options, slot)}_{name}/"


def session_keys(options: WeekendOptions, code: str) -> tuple[int, int]:
    """Return the feed's keys of the meeting and of the session; higher than any real one."""
    meeting = 900_000 + 100 * (options.season % 100) + options.round_number
    return meeting, 10 * meeting + slot_of(options, code).key_digit


def session_head(options: WeekendOptions, code: str) -> dict[str, Any]:
    """Return the key, type, name, dates and path of a session, as the season's index has them."""
    slot, hours = slot_of(options, code), options.gmt_offset_hours
    start = datetime.combine(session_day(options, slot), slot.local)
    number = {"Number": int(code[-1])} if slot.kind == "Practice" else {}
    return {
        "Key": session_keys(options, code)[1],
        "Type": slot.kind,
        **number,
        "Name": slot.name,
        "StartDate": f"{start:%Y-%m-%dT%H:%M:%S}",
        "EndDate": f"{start + timedelta(hours=slot.hours):%Y-%m-%dT%H:%M:%S}",
        "GmtOffset": f"{'-' * (hours < 0)}{abs(hours):02d}:00:00",
        "Path": session_path(options, code),
    }


def meeting_head(options: WeekendOptions) -> dict[str, Any]:
    """Return what the feed says about the meeting."""
    return {
        "Key": session_keys(options, "R")[0],
        "Name": names.EVENT_NAME,
        "OfficialName": f"{names.OFFICIAL_NAME} {options.season}",
        "Location": names.LOCATION,
        "Number": options.round_number,
        "Country": {"Key": names.COUNTRY_KEY, "Code": names.COUNTRY_CODE, "Name": names.COUNTRY},
        "Circuit": {"Key": names.CIRCUIT_KEY, "ShortName": names.CIRCUIT_SHORT_NAME},
    }


def session_info(run: SessionRun, options: WeekendOptions) -> list[Message]:
    """Return SessionInfo: the whole of it three times, at the start, the green light and the end."""
    times = ((0, "Inactive"), (run.start_ms, "Started"), (run.finished_ms + _FINALISED_AFTER_MS, "Finalised"))
    return [
        (
            at,
            {
                "Meeting": meeting_head(options),
                "SessionStatus": status,
                "ArchiveStatus": {"Status": "Generating"},
                **session_head(options, run.code),
            },
        )
        for at, status in times
    ]


def status_times(run: SessionRun) -> list[tuple[int, str]]:
    """Return the session's statuses in order of time."""
    times = [(12_704, "Inactive")]
    if run.is_race:
        times.append((run.start_ms, "Started"))
        for red_ms, restart_ms in stoppages(run):
            times.append((red_ms - 110, "Aborted"))
            if restart_ms is not None:
                times.append((restart_ms, "Started"))
        times.append((run.finished_ms, "Finished"))
    for i, part in enumerate(run.parts):
        if i:
            times.append((part.start_ms - _PART_CHANGE_BEFORE_MS + 5_600, "Inactive"))
        times.append((part.start_ms, "Started"))
        for red in _reds(run, part):
            times += [(red.start_ms - 110, "Aborted"), (red.end_ms, "Started")]
        times.append((part.end_ms, "Finished"))
    end = run.finished_ms + _FINALISED_AFTER_MS
    return [*times, (end, "Finalised"), (end + 1_905, "Ends")]


def _reds(run: SessionRun, part: QualifyingPart) -> list[SessionFlag]:
    """Return the red flags of a part of qualifying, or of a practice."""
    return [shown for shown in run.events.flags if shown.colour == "red" and shown.part == part.number]


def stoppages(run: SessionRun) -> list[tuple[int, int | None]]:
    """Return when red flags were shown in a race, and when it went on after each; null if it did not."""
    flags = [item for item in run.events.interruptions if item.kind == "red_flag"]
    return [(round(f.start_ms), None if f.restart_ms is None else round(f.restart_ms)) for f in flags]


def session_status(run: SessionRun) -> list[Message]:
    """Return SessionStatus."""
    started, messages = "Inactive", []
    for at, status in status_times(run):
        started = status if status in {"Started", "Aborted", "Finished"} else started
        messages.append((at, {"Status": status, "Started": started}))
    return messages


def track_status(run: SessionRun) -> list[Message]:
    """Return TrackStatus."""
    return [(at, {"Status": code, "Message": name}) for at, code, name in run.track_status]


def session_data(run: SessionRun) -> list[Message]:
    """Return SessionData: the parts or laps begun, and every status of the session and of the track."""
    key = "Lap" if run.is_race else "QualifyingPart"
    series = [(3_797, 1 if run.is_race else 0)] if run.is_race or run.is_qualifying else []
    series += [(at, lap) for at, lap in leader_laps(run) if lap > 1]
    series += [
        (25_579 if part.number == 1 else part.start_ms - _PART_CHANGE_BEFORE_MS, part.number)
        for part in run.parts
        if part.number
    ]
    statuses = [(at, {"TrackStatus": name}) for at, _, name in run.track_status[1:]]
    statuses += [
        (at, {"SessionStatus": status}) for at, status in status_times(run) if at > 12_704 or run.is_race
    ]
    first = {"Utc": _utc(run, -2_600), "TrackStatus": run.track_status[0][2]}
    messages: list[Message] = [(0, {"Series": [], "StatusSeries": [first]})]
    messages += [
        (at, {"Series": {str(i): {"Utc": _utc(run, at), key: value}}}) for i, (at, value) in enumerate(series)
    ]
    ordered = sorted(statuses, key=lambda item: item[0])
    messages += [
        (at, {"StatusSeries": {str(i): {"Utc": _utc(run, at), **fields}}})
        for i, (at, fields) in enumerate(ordered, start=1)
    ]
    return messages


def lap_count(run: SessionRun) -> list[Message]:
    """Return LapCount of a race."""
    first: Message = (4_455, {"CurrentLap": 1, "TotalLaps": run.total_laps})
    return [first, *((at, {"CurrentLap": lap}) for at, lap in leader_laps(run) if lap > 1)]


def leader_laps(run: SessionRun) -> list[tuple[int, int]]:
    """Return when the leader began each lap of a race; nothing for qualifying."""
    driven = max((len(laps) for laps in run.laps.values()), default=0)
    ends = [
        min(laps[lap - 1].end_ms for laps in run.laps.values() if len(laps) >= lap)
        for lap in range(1, min(run.total_laps, driven + 1))
    ]
    return [(run.start_ms, 1)][: run.total_laps] + [(end, i) for i, end in enumerate(ends, start=2)]


def extrapolated_clock(run: SessionRun) -> list[Message]:
    """Return ExtrapolatedClock: the time left, whenever it is set, starts or stops."""
    length = _RACE_CLOCK_MS if run.code == "R" else _SPRINT_CLOCK_MS
    stopped = {
        part.start_ms: [(red.start_ms, red.end_ms) for red in _reds(run, part) if run.is_qualifying]
        for part in run.parts
    }
    spans = [
        (part.start_ms, part.end_ms - part.start_ms - sum(end - red for red, end in stopped[part.start_ms]))
        for part in run.parts
    ] or [(run.start_ms, length)]
    messages: list[Message] = [_clock(run, 3_110, 0, running=False)]
    for i, (start, length) in enumerate(spans):
        ready = 4_110 if i == 0 else start - _PART_CHANGE_BEFORE_MS + 895
        at, value = _clock(run, ready, length, running=False)
        del value["Extrapolating"]
        messages += [(at, value), _clock(run, start + 880, length - 1_000, running=True)]
        for red, green in stopped.get(start, []):
            left = length - (red - start)
            messages += [
                _clock(run, red + 210, left, running=False),
                _clock(run, green + 880, left - 1_000, running=True),
            ]
        if run.parts:
            messages.append(_clock(run, run.parts[i].end_ms, 0, running=False))
    return messages


def heartbeat(run: SessionRun) -> list[Message]:
    """Return Heartbeat: the server's time every 15 s, two seconds ahead of the rest of the feed."""
    messages: list[Message] = []
    for i, at in enumerate(range(15_110, run.end_ms, _HEARTBEAT_MS)):
        moment = run.at(at + _HEARTBEAT_AHEAD_MS) + timedelta(microseconds=44 + (i * 1_963) % 941)
        messages.append((at + (i * 37) % 90, {"Utc": utc_text(moment, ticks=(i * 7) % 10)}))
    return messages


def audio_streams(run: SessionRun) -> list[Message]:
    """Return AudioStreams: a link to commentary that does not exist."""
    return [(0, {"Streams": [_audio(run)]})]


def content_streams(run: SessionRun) -> list[Message]:
    """Return ContentStreams: links to commentary that does not exist."""
    text = {
        "Type": "Commentary",
        "Name": "invented",
        "Language": "en",
        "Uri": f"{names.WEB}commentary",
        "Utc": "0001-01-01T00:00:00",
    }
    return [(0, {"Streams": [text]}), (0, {"Streams": {"1": {"Type": "Audio", **_audio(run)}}})]


def _audio(run: SessionRun) -> dict[str, str]:
    path = "Live_coverage_(EN)-en/stream.m3u8"
    uri = f"{names.WEB}audio/index.m3u8"
    return {"Name": "Live coverage (EN)", "Language": "en", "Uri": uri, "Path": path, "Utc": _utc(run, 0)}


def _clock(run: SessionRun, at_ms: int, left_ms: int, *, running: bool) -> tuple[int, dict[str, Any]]:
    return at_ms, {"Utc": _utc(run, at_ms), "Remaining": countdown_text(left_ms), "Extrapolating": running}


def _utc(run: SessionRun, at_ms: int) -> str:
    return utc_text(run.at(at_ms), digits=3)
