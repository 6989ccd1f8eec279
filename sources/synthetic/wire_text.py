"""How the feed writes times, and how its streams are laid out in bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson

Message = tuple[int, Any]
"""Session time in milliseconds, and the JSON value sent then."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def clock_text(session_ms: int) -> str:
    """Return a session time as it begins a line of a stream, such as ``00:13:36.469``."""
    seconds, millis = divmod(session_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{millis:03d}"


def countdown_text(milliseconds: int) -> str:
    """Return a time left as the clock shows it, such as ``00:17:59``."""
    return clock_text(milliseconds)[:8]


def sector_text(milliseconds: int) -> str:
    """Return a sector time, in seconds also above a minute: ``66.040``."""
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def gap_text(milliseconds: int) -> str:
    """Return a gap in seconds, such as ``+0.322`` or ``+100.023``."""
    return f"+{sector_text(milliseconds)}"


def utc_text(moment: datetime, *, ticks: int = 0, digits: int = 7) -> str:
    """Return a UTC time as .NET writes it: up to seven fractional digits, zeros at the end left out.

    Args:
        moment: UTC, to the microsecond.
        ticks: Tenths of a microsecond to add, 0 to 9.
        digits: Most fractional digits.
    """
    fraction = f"{moment.microsecond:06d}{ticks}"[:digits].rstrip("0")
    return f"{moment:%Y-%m-%dT%H:%M:%S}{'.' if fraction else ''}{fraction}Z"


def second_text(moment: datetime) -> str:
    """Return a time to the second without a zone, as race control's messages have it."""
    return f"{moment + timedelta(milliseconds=500):%Y-%m-%dT%H:%M:%S}"


def stream_bytes(messages: Iterable[Message], *, byte_order_mark: bool) -> bytes:
    """Return a stream: a line per message, its session time and its JSON, ended by CR LF.

    Args:
        messages: In any order; messages of the same time keep theirs.
        byte_order_mark: Whether the stream begins with one.
    """
    ordered = sorted(messages, key=lambda message: message[0])
    lines = [clock_text(at).encode() + orjson.dumps(value) + b"\r\n" for at, value in ordered]
    return (BYTE_ORDER_MARK if byte_order_mark else b"") + b"".join(lines)
