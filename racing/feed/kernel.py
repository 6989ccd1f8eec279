"""Compiled reading of sample JSON, character by character. Imports numba: ``compiled_samples`` loads it.

Every function takes the text as bytes and a place in it, and returns the place behind what it read, or -1
where the text is not in the narrow form it knows. -1 is no error: that message then goes to the plain parser.
So each function accepts only what the plain parser reads to the same values. Each message ends in a zero
byte, which no rule accepts, so no place is checked against the end.

All of it is one module on purpose: numba's cache notices changes in the file of the function it compiled, not
in other files that this function calls into.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from racing.feed.samples import NULL

_Function = TypeVar("_Function", bound=Callable[..., Any])
Text = NDArray[np.uint8]

CAR_NUMBERS = 1000
QUOTE, COMMA, COLON, MINUS, PLUS, POINT, BACKSLASH = 34, 44, 58, 45, 43, 46, 92
ZERO, TWO, FOUR, FIVE, NINE = 48, 50, 52, 53, 57
OPEN, CLOSE, OPEN_LIST, CLOSE_LIST = 123, 125, 91, 93
LOWER_E, UPPER_T, UPPER_X, UPPER_Z = 101, 84, 88, 90
STATUS_SLOT = 3
MONTH_STARTS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365], dtype=np.int64)
TRUE, FALSE, NOTHING, CARS, UTC, CHANNELS, ENTRIES, POSITION, TIMESTAMP, STATUS, ON_TRACK, OFF_TRACK = (
    np.frombuffer(word, dtype=np.uint8)
    for word in (
        b"true", b"false", b"null", b"Cars", b"Utc", b"Channels", b"Entries", b"Position", b"Timestamp",
        b"Status", b"OnTrack", b"OffTrack",
    )
)  # fmt: skip


class Rows(NamedTuple):
    """Where rows are written; as long as the text can hold rows.

    Attributes:
        message: Place of the message.
        car: Car number, 0 to 999.
        utc_us: Moment, microseconds since 1970 UTC.
        values: One row per field, ``NULL`` for null.
        last_entry: For each car number the last entry that held it, to notice one that comes twice.
    """

    message: NDArray[np.int64]
    car: NDArray[np.int64]
    utc_us: NDArray[np.int64]
    values: NDArray[np.int32]
    last_entry: NDArray[np.int64]


def compiled(function: _Function) -> _Function:
    """Return the function compiled by numba on first use, kept in the compile cache."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@compiled
def skip_space(text: Text, at: int) -> int:
    """Return the place of the next character that is not JSON white space."""
    while text[at] <= 32 and (text[at] == 32 or text[at] == 10 or text[at] == 13 or text[at] == 9):
        at += 1
    return at


@compiled
def closing_quote(text: Text, at: int) -> int:
    """Return the place of the quote that ends the string which begins at ``at``; plain ASCII only."""
    if text[at] != QUOTE:
        return -1
    at += 1
    while text[at] != QUOTE:
        if text[at] < 32 or text[at] >= 128 or text[at] == BACKSLASH:
            return -1
        at += 1
    return at


@compiled
def is_word(text: Text, at: int, end: int, word: Text) -> bool:
    """Return whether the text from ``at`` to ``end`` is the word."""
    if end - at != word.size:
        return False
    for place in range(word.size):  # noqa: SIM110 - numba compiles the loop, not any()
        if text[at + place] != word[place]:
            return False
    return True


@compiled
def value_of_member(text: Text, name_end: int) -> int:
    """Return the place of a member's value, from the closing quote of its name."""
    at = skip_space(text, name_end + 1)
    return skip_space(text, at + 1) if text[at] == COLON else -1


@compiled
def next_item(text: Text, at: int, close: int) -> int:
    """Return the place of the next item or of the closing character; ``at`` is behind an item, or -1."""
    if at < 0:
        return -1
    at = skip_space(text, at)
    if text[at] == close:
        return at
    if text[at] != COMMA:
        return -1
    at = skip_space(text, at + 1)
    return at if text[at] != close else -1


@compiled
def behind_digits(text: Text, at: int) -> int:
    """Return the place behind one or more digits."""
    if text[at] < ZERO or text[at] > NINE:
        return -1
    while ZERO <= text[at] <= NINE:
        at += 1
    return at


@compiled
def read_digits(text: Text, at: int, count: int) -> int:
    """Return the value of exactly ``count`` digits, or -1."""
    value = 0
    for place in range(at, at + count):
        if text[place] < ZERO or text[place] > NINE:
            return -1
        value = value * 10 + text[place] - ZERO
    return value


@compiled
def behind_word(text: Text, at: int) -> int:
    """Return the place behind true, false or null."""
    if is_word(text, at, at + 4, NOTHING) or is_word(text, at, at + 4, TRUE):
        return at + 4
    return at + 5 if is_word(text, at, at + 5, FALSE) else -1


@compiled
def read_integer(text: Text, at: int) -> tuple[int, int]:
    """Return (value, place behind) of a number of up to nine digits, cut at its point, or of null."""
    if is_word(text, at, at + 4, NOTHING):
        return NULL, at + 4
    begin = at + 1 if text[at] == MINUS else at
    end = begin
    value = 0
    while ZERO <= text[end] <= NINE and end - begin <= 9:
        value = value * 10 + text[end] - ZERO
        end += 1
    if end == begin or end - begin > 9 or (text[begin] == ZERO and end - begin > 1):
        return 0, -1
    if text[end] == POINT:
        end = behind_digits(text, end + 1)
    if end < 0 or text[end] | 32 == LOWER_E:
        return 0, -1
    return (value if begin == at else -value), end


@compiled
def behind_scalar(text: Text, at: int) -> int:
    """Return the place behind a string, a number without exponent, true, false or null."""
    if text[at] == QUOTE:
        close = closing_quote(text, at)
        return close + 1 if close >= 0 else -1
    if text[at] != MINUS and (text[at] < ZERO or text[at] > NINE):
        return behind_word(text, at)
    return read_integer(text, at)[1]


@compiled
def read_second(text: Text, at: int) -> int:
    """Return seconds since 1970 of ``2025-10-25T20:47:27``, or -1; years 1970 to 2099."""
    year, month, day = read_digits(text, at, 4), read_digits(text, at + 5, 2), read_digits(text, at + 8, 2)
    hour, minute, second = (
        read_digits(text, at + 11, 2),
        read_digits(text, at + 14, 2),
        read_digits(text, at + 17, 2),
    )
    if text[at + 4] != MINUS or text[at + 7] != MINUS or text[at + 10] != UPPER_T:
        return -1
    if text[at + 13] != COLON or text[at + 16] != COLON or not 1970 <= year <= 2099 or not 1 <= month <= 12:
        return -1
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return -1
    is_leap = year % 4 == 0
    month_length = MONTH_STARTS[month] - MONTH_STARTS[month - 1] + (1 if is_leap and month == 2 else 0)
    if not 1 <= day <= month_length:
        return -1
    days = (year - 1970) * 365 + (year - 1969) // 4 + MONTH_STARTS[month - 1] + day - 1
    days += 1 if is_leap and month > 2 else 0
    return int(((days * 24 + hour) * 60 + minute) * 60 + second)


@compiled
def read_moment(text: Text, at: int) -> tuple[int, int]:
    """Return (microseconds since 1970, place behind) of a quoted moment; digits beyond the sixth are cut."""
    close = closing_quote(text, at)
    if close < at + 20:
        return 0, -1
    second = read_second(text, at + 1)
    at += 20
    fraction, unit = 0, 1_000_000
    if text[at] == POINT:
        end = behind_digits(text, at + 1)
        if end < 0:
            return 0, -1
        for place in range(at + 1, min(end, at + 7)):
            unit //= 10
            fraction += (text[place] - ZERO) * unit
        at = end
    if text[at] == UPPER_Z:
        at += 1
    return (second * 1_000_000 + fraction, at + 1) if second >= 0 and at == close else (0, -1)


@compiled
def channel_slot(text: Text, at: int, end: int) -> int:
    """Return the row of ``Rows.values`` for a channel's name, or -1: 0 2 3 4 5 45 are rows 0 to 5."""
    if end - at == 1:
        if text[at] == ZERO:
            return 0
        return int(text[at]) - TWO + 1 if TWO <= text[at] <= FIVE else -1
    return 5 if end - at == 2 and text[at] == FOUR and text[at + 1] == FIVE else -1


@compiled
def position_slot(text: Text, at: int, end: int) -> int:
    """Return the row of ``Rows.values`` for a member of a position, or -1: X Y Z Status are rows 0 to 3."""
    if end - at == 1:
        return int(text[at]) - UPPER_X if UPPER_X <= text[at] <= UPPER_Z else -1
    return STATUS_SLOT if is_word(text, at, end, STATUS) else -1


@compiled
def read_status(text: Text, at: int) -> tuple[int, int]:
    """Return (code, place behind) of OnTrack or OffTrack; other statuses are the plain parser's."""
    close = closing_quote(text, at)
    if close >= 0 and is_word(text, at + 1, close, ON_TRACK):
        return 1, close + 1
    if close >= 0 and is_word(text, at + 1, close, OFF_TRACK):
        return 0, close + 1
    return 0, -1


@compiled
def read_value(text: Text, at: int, name_end: int, is_car_data: bool, rows: Rows, row: int) -> int:
    """Read one member, from its name's opening quote ``at`` to its value, into the row."""
    name = at + 1
    at = value_of_member(text, name_end)
    if at < 0:
        return -1
    slot = channel_slot(text, name, name_end) if is_car_data else position_slot(text, name, name_end)
    if slot < 0:
        return behind_scalar(text, at)
    if not is_car_data and slot == STATUS_SLOT:
        value, at = read_status(text, at)
    else:
        value, at = read_integer(text, at)
    rows.values[slot, row] = value
    return at


@compiled
def read_values(text: Text, at: int, is_car_data: bool, rows: Rows, row: int) -> int:
    """Read an object of values into the row."""
    if text[at] != OPEN:
        return -1
    at = skip_space(text, at + 1)
    while text[at] != CLOSE:
        name_end = closing_quote(text, at)
        if name_end < 0:
            return -1
        at = next_item(text, read_value(text, at, name_end, is_car_data, rows, row), CLOSE)
        if at < 0:
            return -1
    return at + 1


@compiled
def has_value(rows: Rows, row: int) -> bool:
    """Return whether any field of the row is known."""
    for slot in range(rows.values.shape[0]):  # noqa: SIM110 - numba compiles the loop, not any()
        if rows.values[slot, row] != NULL:
            return True
    return False


@compiled
def read_car(text: Text, at: int, is_car_data: bool, rows: Rows, row: int) -> int:
    """Read one car into the row; in car data its values lie one object deeper, under ``Channels``."""
    rows.values[:, row] = NULL
    if not is_car_data:
        return read_values(text, at, is_car_data, rows, row)
    if text[at] != OPEN:
        return -1
    at = skip_space(text, at + 1)
    has_channels = False
    while text[at] != CLOSE:
        name_end = closing_quote(text, at)
        value_at = value_of_member(text, name_end) if name_end >= 0 else -1
        if value_at < 0:
            return -1
        if not is_word(text, at + 1, name_end, CHANNELS):
            at = behind_scalar(text, value_at)
        elif not has_channels:
            has_channels = True
            at = read_values(text, value_at, is_car_data, rows, row)
        else:
            return -1
        at = next_item(text, at, CLOSE)
        if at < 0:
            return -1
    return at + 1


@compiled
def read_car_number(text: Text, at: int, end: int) -> int:
    """Return a car number of one to three digits without leading zero, or -1."""
    if end - at > 3 or end == at or (text[at] == ZERO and end - at > 1):
        return -1
    return read_digits(text, at, end - at)


@compiled
def read_cars(text: Text, at: int, is_car_data: bool, rows: Rows, row: int, entry: int) -> tuple[int, int]:
    """Read the cars of an entry; return (place behind, row behind)."""
    if text[at] != OPEN:
        return -1, row
    at = skip_space(text, at + 1)
    while text[at] != CLOSE:
        name_end = closing_quote(text, at)
        value_at = value_of_member(text, name_end) if name_end >= 0 else -1
        car = read_car_number(text, at + 1, name_end) if value_at >= 0 else -1
        if car < 0 or rows.last_entry[car] == entry:
            return -1, row
        rows.last_entry[car] = entry
        at = read_car(text, value_at, is_car_data, rows, row)
        at = next_item(text, at, CLOSE)
        if at < 0:
            return -1, row
        rows.car[row] = car
        row += 1 if has_value(rows, row) else 0
    return at + 1, row


@compiled
def read_entry(text: Text, at: int, is_car_data: bool, rows: Rows, row: int, entry: int) -> tuple[int, int]:
    """Read one entry: its moment and its cars, once each and in either order; return as ``read_cars``."""
    if text[at] != OPEN:
        return -1, row
    first_row, utc_us, has_cars, has_moment = row, 0, False, False
    at = skip_space(text, at + 1)
    while text[at] != CLOSE:
        name_end = closing_quote(text, at)
        value_at = value_of_member(text, name_end) if name_end >= 0 else -1
        if value_at < 0:
            return -1, row
        if is_word(text, at + 1, name_end, CARS if is_car_data else ENTRIES):
            at, row = read_cars(text, value_at, is_car_data, rows, row, entry) if not has_cars else (-1, row)
            has_cars = True
        elif is_word(text, at + 1, name_end, UTC if is_car_data else TIMESTAMP):
            utc_us, at = read_moment(text, value_at) if not has_moment else (0, -1)
            has_moment = True
        else:
            at = behind_scalar(text, value_at)
        at = next_item(text, at, CLOSE)
        if at < 0:
            return -1, row
    rows.utc_us[first_row:row] = utc_us
    return (at + 1 if has_cars and has_moment else -1), row


@compiled
def read_entries(
    text: Text, at: int, is_car_data: bool, rows: Rows, row: int, entry: int
) -> tuple[int, int, int]:
    """Read the list of entries; return (place behind, row behind, entry behind)."""
    if text[at] != OPEN_LIST:
        return -1, row, entry
    at = skip_space(text, at + 1)
    while text[at] != CLOSE_LIST:
        at, row = read_entry(text, at, is_car_data, rows, row, entry)
        entry += 1
        at = next_item(text, at, CLOSE_LIST)
        if at < 0:
            return -1, row, entry
    return at + 1, row, entry


@compiled
def read_message(
    text: Text, at: int, is_car_data: bool, rows: Rows, row: int, entry: int
) -> tuple[int, int, int]:
    """Read one message up to its zero byte; return as ``read_entries``."""
    at = skip_space(text, at)
    if text[at] != OPEN:
        return -1, row, entry
    has_entries = False
    at = skip_space(text, at + 1)
    while text[at] != CLOSE:
        name_end = closing_quote(text, at)
        value_at = value_of_member(text, name_end) if name_end >= 0 else -1
        if value_at < 0:
            return -1, row, entry
        if not is_word(text, at + 1, name_end, ENTRIES if is_car_data else POSITION):
            at = behind_scalar(text, value_at)
        elif not has_entries:
            has_entries = True
            at, row, entry = read_entries(text, value_at, is_car_data, rows, row, entry)
        else:
            at = -1
        at = next_item(text, at, CLOSE)
        if at < 0:
            return -1, row, entry
    return (skip_space(text, at + 1) if has_entries else -1), row, entry


@compiled
def read_messages(
    text: Text, begins: NDArray[np.int64], is_car_data: bool, rows: Rows, entry: int
) -> tuple[int, int]:
    """Read all messages of a text, each from its begin to the zero byte before the next begin.

    A message that is not in the narrow form leaves no rows, and its begin is overwritten with -1.

    Returns:
        (rows written, entry behind). Entries are numbered on from ``entry`` and never twice.
    """
    row = 0
    for message in range(begins.size - 1):
        at, row_behind, entry = read_message(text, begins[message], is_car_data, rows, row, entry)
        if at == begins[message + 1] - 1:
            rows.message[row:row_behind] = message
            row = row_behind
        else:
            begins[message] = -1
    return row, entry
