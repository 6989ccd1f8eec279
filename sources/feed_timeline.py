"""A topic as messages in time: their clocks, and what they say of each car, without keeping any state."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from dataclasses import dataclass

import orjson

_BOM = b"\xef\xbb\xbf"
_CLOCK_LENGTH = 12


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
    clocks, payloads = [], []
    for line in body.removeprefix(_BOM).split(b"\n"):
        at = _clock_ms(line[:_CLOCK_LENGTH])
        if at is not None:
            clocks.append(at)
            payloads.append(line[_CLOCK_LENGTH:].rstrip(b"\r"))
    return Timeline(topic, tuple(clocks), tuple(payloads))


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


def _clock_ms(clock: bytes) -> int | None:
    parts = (clock[:2], clock[3:5], clock[6:8], clock[9:12])
    if clock[2:3] + clock[5:6] + clock[8:9] != b"::." or not all(part.isdigit() for part in parts):
        return None
    hours, minutes, seconds, millis = (int(part) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis
