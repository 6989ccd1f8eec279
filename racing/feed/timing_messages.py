"""Messages of TimingData that say where the cars stand; the many about mini-sectors are not looked into.

What the values mean is ``timing_stream.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from racing.errors import PayloadError
from racing.feed.json_members import number_of, objects, text_of
from racing.feed.payload import inflate_payload
from racing.feed.state import Json
from racing.feed.stream import LineFault, StreamMessage, split_stream

COLUMNS = (
    "car_number",
    "line_number",
    "session_time_ms",
    "segment_number",
    "position_text",
    "laps_completed",
    "gap_text",
    "interval_text",
    "is_catching",
    "fastest_text",
    "ahead_text",
)
"""Columns of ``StandingUpdates``."""

_UNSAID = (None,) * 7
_MEMBERS = frozenset(
    {"Position", "NumberOfLaps", "GapToLeader", "TimeDiffToFastest", "TimeDiffToPositionAhead"}
)


@dataclass
class StandingUpdates:
    """What TimingData sent about where cars stand, one entry per car, message and part of qualifying.

    Attributes:
        columns: Column to values, in order of arrival; null where the message did not send the member, an
            empty text where it took the value back.
        faults: Lines that could not be read.
        message_count: Lines looked into.
    """

    columns: dict[str, Sequence[object]] = field(default_factory=lambda: dict.fromkeys(COLUMNS, ()))
    faults: list[LineFault] = field(default_factory=list)
    message_count: int = 0


def read_standing_updates(body: bytes) -> StandingUpdates:
    """Return what a TimingData body says of where the cars stand.

    Args:
        body: Response body of TimingData.jsonStream.

    Source: docs/explanation/wire-format.md#timing-stream.
    """
    split = split_stream(b"\n".join(line if _says_standing(line) else b"" for line in body.split(b"\n")))
    found = StandingUpdates(faults=list(split.faults), message_count=len(split.messages))
    rows: list[tuple[object, ...]] = []
    segment: int | None = None
    for message, content in _contents(split.messages, found.faults):
        if not isinstance(content, dict):
            found.faults.append(LineFault(message.line_number, "the message is not an object"))
            continue
        if "SessionPart" in content:
            segment = number_of(content["SessionPart"]) or segment
        for car_number, line in objects(content.get("Lines")):
            when = (car_number, message.line_number, message.session_time_ms)
            standing = _standing(line)
            found.faults.extend(LineFault(message.line_number, odd) for odd in _oddities(car_number, line))
            if standing != _UNSAID:
                rows.append((*when, segment, *standing))
            if "Stats" in line:
                rows.extend((*when, *best) for best in _best_times(line["Stats"]))
    if rows:
        found.columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    found.faults.sort(key=lambda fault: fault.line_number)
    return found


def _says_standing(line: bytes) -> bool:
    """Return whether a line can say where a car stands; most are about mini-sectors and do not."""
    return (
        b"GapToLeader" in line
        or b"IntervalToPositionAhead" in line
        or b'"Position"' in line
        or b"NumberOfLaps" in line
        or b"TimeDiff" in line
        or b"SessionPart" in line
    )


def _contents(messages: list[StreamMessage], faults: list[LineFault]) -> Iterator[tuple[StreamMessage, Json]]:
    """Yield each message with its content; all are parsed at once, and one by one where one is broken."""
    try:
        contents = orjson.loads(b"[" + b",".join([message.payload for message in messages]) + b"]")
    except orjson.JSONDecodeError:
        contents = []  # the loop below finds out which message it is
    if len(contents) == len(messages):
        yield from zip(messages, contents, strict=True)
        return
    for message in messages:
        try:
            yield message, orjson.loads(inflate_payload(message.payload))
        except (PayloadError, orjson.JSONDecodeError) as error:
            faults.append(LineFault(message.line_number, f"the message cannot be read: {error}"))


def _standing(line: dict[str, Json]) -> tuple[object, ...]:
    """Return what a message says of one car; all null where it is about something else."""
    interval = line.get("IntervalToPositionAhead")
    ahead = interval if isinstance(interval, dict) else {}
    catching = ahead.get("Catching")
    return (
        text_of(line.get("Position")),
        number_of(line.get("NumberOfLaps")),
        text_of(line.get("GapToLeader")),
        text_of(ahead.get("Value")),
        catching if isinstance(catching, bool) else None,
        text_of(line.get("TimeDiffToFastest")),
        text_of(line.get("TimeDiffToPositionAhead")),
    )


def _oddities(car_number: str, line: dict[str, Json]) -> list[str]:
    """Return a sentence for each member that is neither text nor number, so that it is not lost unnamed."""
    return [
        f"car {car_number}: {name} is neither text nor number"
        for name in sorted(_MEMBERS.intersection(line))
        if isinstance(line[name], dict | list | bool)
    ]


def _best_times(stats: Json) -> Iterator[tuple[object, ...]]:
    """Yield the differences of best times by part of qualifying, behind the other columns of a row."""
    for place, part in objects(stats):
        number = number_of(place)
        best = (text_of(part.get("TimeDiffToFastest")), text_of(part.get("TimeDifftoPositionAhead")))
        if number is not None and best != (None, None):
            yield (number + 1, None, None, None, None, None, *best)
