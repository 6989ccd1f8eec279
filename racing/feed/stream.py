"""Splitting a .jsonStream body into its messages, byte for byte.

What a message says (JSON, packed samples) belongs to the other modules of this package; this one knows
lines, the session clock in front of each line, and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_CLOCK = re.compile(rb"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})(?!\d)")
_SHOWN_BYTES = 40

# The clock in its usual form, ``00:12:34.567``, and the character behind it.
_CLOCK_BYTES = 12
_LINE_END, _ZERO = ord("\n"), ord("0")
_IS_DIGIT = np.array([character == "0" for character in '00:00:00.000"'])
_SEPARATORS, _SEPARATED_BY = [2, 5, 8], np.array([ord(character) - _ZERO for character in "::."])
_TENS = [3, 6]
_MILLISECONDS = np.array([36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1_000, 0, 100, 10, 1])


@dataclass(frozen=True, slots=True)
class LineFault:
    """One line, or a part of it, that could not be read.

    Attributes:
        line_number: Line of the body, counted from 1.
        reason: What is wrong, for a person.
    """

    line_number: int
    reason: str


class StreamMessage(NamedTuple):
    """One message of a stream; a tuple, because a session has tens of thousands.

    Attributes:
        line_number: Line of the body, counted from 1. Empty lines count.
        session_time_ms: Session clock when the message was sent. Milliseconds.
        payload: What follows the clock, without line end: JSON, or a quoted packed text.
        is_terminated: False for a last line without line end, which may be cut off.
    """

    line_number: int
    session_time_ms: int
    payload: bytes
    is_terminated: bool = True


@dataclass(frozen=True, slots=True)
class SplitStream:
    """Messages of a body in order of arrival, and the lines that are none."""

    messages: list[StreamMessage]
    faults: list[LineFault]


def split_lines(body: bytes) -> list[bytes]:
    """Return the lines of a body with their line ends; joined, they are the body again.

    Args:
        body: Response body. Lines end in CRLF or LF; a byte order mark stays part of the first line.

    Source: docs/explanation/wire-format.md#lines.
    """
    lines = [line + b"\n" for line in body.split(b"\n")]
    last = lines.pop()[:-1]
    if last:
        lines.append(last)
    return lines


def join_lines(lines: Iterable[bytes]) -> bytes:
    """Return the body that ``split_lines`` took apart."""
    return b"".join(lines)


def split_stream(body: bytes) -> SplitStream:
    """Return the messages of a body, and a fault for every line that is not one.

    Args:
        body: Response body of a .jsonStream file.

    Returns:
        Messages in order of arrival. An empty line is no message and no fault. A last line without line
        end is a message like any other, marked: whoever reads its payload finds out whether it is whole.

    Source: docs/explanation/wire-format.md#lines.
    """
    messages: list[StreamMessage] = []
    faults: list[LineFault] = []
    text = body[len(BYTE_ORDER_MARK) :] if body.startswith(BYTE_ORDER_MARK) else body
    begins, ends, clocks = _lines_and_clocks(text)
    line_count = len(begins)
    for line_number, begin, end, clock_ms in zip(range(1, line_count + 1), begins, ends, clocks, strict=True):
        is_terminated = line_number < line_count
        if clock_ms >= 0:
            payload = text[begin + _CLOCK_BYTES : end].rstrip(b"\r")
            messages.append(StreamMessage(line_number, clock_ms, payload, is_terminated))
            continue
        raw_line = text[begin:end]
        clock = _CLOCK.match(raw_line)
        if clock is not None:
            hours, minutes, seconds, milliseconds = map(int, clock.groups())
            session_time_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
            payload = raw_line[clock.end() :].rstrip(b"\r")
            messages.append(StreamMessage(line_number, session_time_ms, payload, is_terminated))
        elif raw_line.strip():
            faults.append(LineFault(line_number, _without_clock(raw_line, is_terminated=is_terminated)))
    return SplitStream(messages, faults)


def _lines_and_clocks(text: bytes) -> tuple[list[int], list[int], list[int]]:
    """Return where each line begins and ends, and its clock in milliseconds, or -1 where its form is unusual.

    The usual form, ``00:12:34.567`` and no digit behind it, is read for all lines at once; others, such as
    one with three digits of hours, are left to the expression.
    """
    characters = np.frombuffer(text, dtype=np.uint8)
    ends = np.append(np.flatnonzero(characters == _LINE_END), characters.size)
    begins = np.append(0, ends[:-1] + 1)
    if not characters.size:
        return begins.tolist(), ends.tolist(), [-1]
    places = begins[:, None] + np.arange(_CLOCK_BYTES + 1)
    shown = characters[np.minimum(places, characters.size - 1)].astype(np.int64) - _ZERO
    is_digit = (shown >= 0) & (shown <= 9)
    is_clock = (ends - begins > _CLOCK_BYTES) & (is_digit == _IS_DIGIT).all(axis=1)
    is_clock &= (shown[:, _SEPARATORS] == _SEPARATED_BY).all(axis=1) & (shown[:, _TENS] <= 5).all(axis=1)
    clocks = np.where(is_clock, shown[:, :_CLOCK_BYTES] @ _MILLISECONDS, -1)
    return begins.tolist(), ends.tolist(), clocks.tolist()


def _without_clock(line: bytes, *, is_terminated: bool) -> str:
    shown = line[:_SHOWN_BYTES].decode("utf-8", errors="backslashreplace")
    cut = "" if is_terminated else ", and the body ends there without a line end"
    return f"the line does not begin with a session clock such as 00:12:34.567{cut}: {shown!r}"
