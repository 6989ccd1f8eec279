"""Lines of a live-timing topic: which can be read, and which are broken and why.

FastF1 gives up a whole topic for some kinds of broken line (an empty one, text that is not an object,
bytes that are not UTF-8) and drops what follows the last CRLF. So before it reads a topic, the lines it
would stumble over are taken out and named; a topic without any is passed on byte for byte. The raw zone
keeps all bytes either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from sources.payload_shapes import NULL_INTOLERANT, SHAPES, PayloadFault, object_fault

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
    fault_of = SHAPES.get(topic, object_fault)
    kept: list[bytes] = []
    malformed: list[MalformedLine] = []
    is_unchanged = body.endswith(b"\r\n")
    for number, line in _numbered_lines(body):
        reason = _line_fault(line, fault_of, is_zipped=topic.endswith(".z"))
        if reason is not None:
            malformed.append(MalformedLine(topic, number, reason))
            continue
        mended = _without_nulls(line) if topic in NULL_INTOLERANT and b":null" in line else line
        is_unchanged = is_unchanged and mended is line
        kept.append(mended)
    if is_unchanged and not malformed and body.count(b"\r\n") == len(kept):
        return TopicLines(body, len(kept), ())
    return TopicLines(b"".join(line + b"\r\n" for line in kept), len(kept), tuple(malformed))


def _without_nulls(line: bytes) -> bytes:
    """Return a line without fields that are null: FastF1 takes a missing field, but not an empty one."""
    payload = orjson.loads(line[_TIMESTAMP_LENGTH:])
    return line[:_TIMESTAMP_LENGTH] + orjson.dumps(_pruned(payload))


def _pruned(value: object) -> object:
    if isinstance(value, dict):
        return {key: _pruned(inner) for key, inner in value.items() if inner is not None}
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value


def read_messages(body: bytes) -> Iterator[tuple[int, Payload]]:
    """Yield (session time in milliseconds, payload) of each readable line of an uncompressed topic."""
    for _, line in _numbered_lines(body):
        if _line_fault(line, object_fault, is_zipped=False) is None:
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


def _line_fault(line: bytes, fault_of: PayloadFault, *, is_zipped: bool) -> str | None:
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
    return fault_of(payload)
