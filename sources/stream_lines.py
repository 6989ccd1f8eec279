"""Lines of a live-timing topic: which can be read, and which are broken and why.

FastF1 gives up a whole topic for some kinds of broken line (an empty one, text that is not an object,
bytes that are not UTF-8) and drops what follows the last CRLF. So before it reads a topic, the lines it
would stumble over are taken out and named; a topic without any is passed on byte for byte. The raw zone
keeps all bytes either way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

_BOM = b"\xef\xbb\xbf"
_TIMESTAMP_LENGTH = 12
_TIMESTAMP = re.compile(rb"\d{2}:\d{2}:\d{2}\.\d{3}")

Payload = dict[str, Any]


@dataclass(frozen=True)
class MalformedLine:
    """One line that cannot be read.

    Attributes:
        topic: Live-timing topic, such as ``TimingData``.
        line_number: Line of the response, counted from 1.
        reason: What is wrong with it.
    """

    topic: str
    line_number: int
    reason: str

    def __str__(self) -> str:
        return f"{self.topic} line {self.line_number}: {self.reason}"


@dataclass(frozen=True)
class TopicLines:
    """A topic as FastF1 can read it.

    Attributes:
        body: Bytes without the broken lines; the received bytes where nothing is broken.
        line_count: Lines that can be read.
        malformed: Lines that cannot, in order.
    """

    body: bytes
    line_count: int
    malformed: tuple[MalformedLine, ...]


def check_lines(topic: str, body: bytes) -> TopicLines:
    """Return a topic's readable lines, and name those that are not.

    Args:
        topic: Live-timing topic, without file ending.
        body: The response as it was received.
    """
    check = _SHAPES.get(topic, _is_object)
    kept: list[bytes] = []
    malformed: list[MalformedLine] = []
    for number, line in _numbered_lines(body):
        reason = _line_fault(line, check, is_zipped=topic.endswith(".z"))
        if reason is None:
            kept.append(line)
        else:
            malformed.append(MalformedLine(topic, number, reason))
    if not malformed and body.endswith(b"\r\n") and body.count(b"\r\n") == len(kept):
        return TopicLines(body, len(kept), ())
    return TopicLines(b"".join(line + b"\r\n" for line in kept), len(kept), tuple(malformed))


def read_messages(body: bytes) -> Iterator[tuple[int, Payload]]:
    """Yield (session time in milliseconds, payload) of each readable line of an uncompressed topic."""
    for _, line in _numbered_lines(body):
        if _line_fault(line, _is_object, is_zipped=False) is None:
            yield _milliseconds(line), orjson.loads(line[_TIMESTAMP_LENGTH:])


def _numbered_lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, line without its end)."""
    lines = body.removeprefix(_BOM).split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, start=1):
        yield number, line.removesuffix(b"\r")


def _milliseconds(line: bytes) -> int:
    hours, minutes, seconds = line[:2], line[3:5], line[6:8]
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(line[9:12])


def _line_fault(line: bytes, check: Callable[[object], str | None], *, is_zipped: bool) -> str | None:
    """Return why a line cannot be read; null where it can."""
    if not line:
        return "empty line"
    if _TIMESTAMP.fullmatch(line, 0, _TIMESTAMP_LENGTH) is None:
        return "does not begin with a session time such as 00:12:34.567"
    if is_zipped:
        return None if len(line) > _TIMESTAMP_LENGTH else "no payload after the session time"
    try:
        payload = orjson.loads(line[_TIMESTAMP_LENGTH:])
    except orjson.JSONDecodeError as error:
        return f"payload is not JSON ({error})"
    return check(payload)


def _is_object(payload: object) -> str | None:
    return None if isinstance(payload, dict) else f"payload is {_kind(payload)}, not an object"


def _has_driver_lines(payload: object) -> str | None:
    """Return what is wrong with a payload of lines by car; TimingData and TimingAppData are such."""
    if not isinstance(payload, dict):
        return _is_object(payload)
    lines = payload.get("Lines", {})
    if not isinstance(lines, dict):
        return f"Lines is {_kind(lines)}, not an object"
    broken = [car for car, update in lines.items() if not isinstance(update, dict)]
    return f"Lines of car {broken[0]} is no object" if broken else None


def _has_messages(payload: object) -> str | None:
    """Return what is wrong with a payload of race control messages."""
    if not isinstance(payload, dict):
        return _is_object(payload)
    messages = payload.get("Messages")
    if isinstance(messages, dict):
        messages = list(messages.values())
    if not isinstance(messages, list):
        return "no Messages in the payload"
    if not all(isinstance(message, dict) and message.get("Utc") for message in messages):
        return "a message without Utc"
    return None


def _has_status(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return _is_object(payload)
    return None if "Status" in payload else "no Status in the payload"


def _kind(payload: object) -> str:
    return {list: "a list", str: "a text", type(None): "null"}.get(type(payload), json.dumps(payload)[:40])


_SHAPES: dict[str, Callable[[object], str | None]] = {
    "TimingData": _has_driver_lines,
    "TimingAppData": _has_driver_lines,
    "RaceControlMessages": _has_messages,
    "TrackStatus": _has_status,
    "SessionStatus": _has_status,
}
