"""A topic as messages in time: their clocks, and what they say of each car, without keeping any state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sized
from dataclasses import dataclass

import orjson

_BOM = b"\xef\xbb\xbf"
# One pass over the whole text: a race has a hundred thousand lines.
_LINE = re.compile(rb"^(\d\d):(\d\d):(\d\d)\.(\d\d\d)(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Timeline:
    """The messages of a topic, in the order of the lines.

    Attributes:
        topic: Live-timing topic.
        clocks: Session times. Milliseconds.
        payloads: What follows each clock, as bytes.
    """

    topic: str
    clocks: tuple[int, ...]
    payloads: tuple[bytes, ...]

    def saying(self, name: bytes) -> Iterator[tuple[int, str, dict[str, object]]]:
        """Yield (session time, car number, values) of every car's part of messages that hold a word.

        Args:
            name: Word, such as ``"NumberOfLaps"``; other messages are not decoded.
        """
        for at, payload in zip(self.clocks, self.payloads, strict=True):
            if name not in payload:
                continue
            value = json_value(payload)
            lines = value.get("Lines") if isinstance(value, dict) else None
            if isinstance(lines, dict):
                yield from ((at, car, part) for car, part in lines.items() if isinstance(part, dict))


def timeline_of(topic: str, body: bytes) -> Timeline:
    """Return the messages of a topic's response; lines without a clock are left out."""
    found = _LINE.findall(body.removeprefix(_BOM))
    clocks = (
        ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(millis)
        for hours, minutes, seconds, millis, _ in found
    )
    return Timeline(topic, tuple(clocks), tuple(line[-1].rstrip(b"\r") for line in found))


def json_value(payload: bytes) -> object:
    """Return the JSON value of a payload. Null where it is none: such a line is named elsewhere."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def indexed(value: object) -> Iterator[tuple[int, object]]:
    """Yield index and item of what was sent as a list, or as an object keyed by the index."""
    if isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from ((int(key), item) for key, item in value.items() if key.isdigit())


def clock_text(session_ms: int) -> str:
    """Return a session time as a stream writes it, such as ``00:13:36.469``."""
    seconds, millis = divmod(session_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"


def count_text(items: Sized, name: str) -> str:
    """Return how many there are, in words: ``1 message``, ``2 messages``."""
    return f"{len(items)} {name}{'' if len(items) == 1 else 's'}"
