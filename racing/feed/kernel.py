"""Compiled reading of sample JSON, character by character. Imports numba: ``compiled_samples`` loads it.

Every function takes the text as bytes and a place in it, and gives the place behind what it read, or -1 where
the text is not in the narrow form it knows. -1 is no error: that message then goes to the plain parser. So
each function accepts only what the plain parser reads to the same values. Each message ends in a zero byte,
which no rule accepts, so no place is checked against the end.

The functions are few and the main loop is one, because compiling costs most of a second per function, and
calls that pass arrays cost more than what they do. All of it is one module, because numba's cache notices
changes in the file of the function it compiled and in no other: whoever changes ``spelling.py`` or
``memory.py`` deletes what is kept in ``F1LAKE_CACHE`` and ``__pycache__``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from racing.feed import spelling as sp
from racing.feed.memory import byte_at, trailing_zeros, word_at
from racing.feed.samples import NULL

_Function = TypeVar("_Function", bound=Callable[..., Any])
Text = NDArray[np.uint8]

# What the place is in. The values of a position lie in the car itself, those of car data one object deeper.
IN_MESSAGE, IN_ENTRY_LIST, IN_ENTRY, IN_CAR_LIST, IN_CAR, IN_VALUES = range(6)
HAS_ENTRIES, HAS_MOMENT, HAS_CARS, HAS_CHANNELS = 1, 2, 4, 8


class Rows(NamedTuple):
    """Where rows are written; long enough for every row that the text can hold.

    Attributes:
        message: Place of the message.
        car: Car number, 0 to 999.
        utc_us: Moment, microseconds since 1970 UTC.
        values: One row per field, ``NULL`` for null.
        last_entry: For each car number the last entry that held it, to notice one that comes twice.
        behind: Row, message and entry (numbered on, never twice) behind the last that was read.
    """

    message: NDArray[np.int32]
    car: NDArray[np.int32]
    utc_us: NDArray[np.int64]
    values: NDArray[np.int32]
    last_entry: NDArray[np.int64]
    behind: NDArray[np.int64]


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
def read_word(text: Text, at: int) -> tuple[int, int]:
    """Return (characters as one number, place behind) of a quoted plain ASCII text."""
    if text[at] != sp.QUOTE:
        return 0, -1
    begin = at + 1
    at = begin
    word = 0
    while text[at] != sp.QUOTE:
        if text[at] < 32 or text[at] >= 128 or text[at] == sp.BACKSLASH:
            return 0, -1
        if at - begin < 8:
            word = (word << 8) + text[at]
        at += 1
    if at - begin > 8:
        word = (
            sp.TIMESTAMP if word == sp.TIMESTAM and at - begin == 9 and text[at - 1] == 112 else sp.LONG_WORD
        )
    return word, at + 1


@compiled
def read_integer(text: Text, at: int) -> tuple[int, int]:
    """Return (value, place behind) of a number of up to nine digits, cut at its point, or of null."""
    if text[at] == 110 and text[at + 1] == 117 and text[at + 2] == 108 and text[at + 3] == 108:
        return NULL, at + 4
    begin = at + 1 if text[at] == sp.MINUS else at
    end = begin
    value = 0
    while sp.ZERO <= text[end] <= sp.NINE and end - begin <= 9:
        value = value * 10 + text[end] - sp.ZERO
        end += 1
    if end == begin or end - begin > 9 or (text[begin] == sp.ZERO and end - begin > 1):
        return 0, -1
    if text[end] == sp.POINT:
        point = end
        end += 1
        while sp.ZERO <= text[end] <= sp.NINE:
            end += 1
        if end == point + 1:
            return 0, -1
    if text[end] | 32 == sp.LOWER_E:
        return 0, -1
    return (value if begin == at else -value), end


@compiled
def address_of(text: Text) -> int:
    """Return where the text begins in memory."""
    address: int = text.ctypes.data
    return address


@compiled
def digits_of(word: int) -> tuple[int, int]:
    """Return (number, bits of its digits) that eight bytes begin with: up to seven digits, all at once.

    No bits where there is no digit, or where there may be more behind the bytes.
    """
    digits = word ^ sp.ZEROS
    others = ((digits + sp.ABOVE_NINE) | digits) & sp.HIGH_BITS
    bits = trailing_zeros(others) & sp.WHOLE_BYTES if others else 0
    if bits == 0:
        return 0, 0
    # The leading digit is the lowest byte. Neighbours are joined: to pairs, to fours, to one number.
    number = (digits & ((1 << bits) - 1)) << (64 - bits)
    number = (number * 10 + (number >> 8)) & sp.PAIRS
    number = (number * 100 + (number >> 16)) & sp.FOURS
    number = (number * 10_000 + (number >> 32)) & sp.HALF
    return number, bits


@compiled
def two_digits(digits: int, place: int) -> int:
    """Return the number of two digits that stand at a place in eight bytes."""
    return ((digits >> (8 * place)) & 255) * 10 + ((digits >> (8 * place + 8)) & 255)


@compiled
def digits_between(word: int, form: int, above_form: int) -> int:
    """Return eight bytes with digits as 0 to 9 and the rest as 0, or -1 where they have another form."""
    digits = word ^ form
    return -1 if ((digits + above_form) | digits) & sp.HIGH_BITS else digits


@compiled
def day_of(year: int, month: int, day: int) -> int:
    """Return the days since 1970, or -1 where there is no such day from 1970 to 2099."""
    if not (1 <= month <= 12 and 1970 <= year <= 2099):
        return -1
    month_length = 30 + (month + month // 8) % 2 if month != 2 else 29 if year % 4 == 0 else 28
    if not 1 <= day <= month_length:
        return -1
    # Days of a year that begins in March, so that the leap day is its last.
    march_year = year - 1 if month < 3 else year
    march_month = month + 9 if month < 3 else month - 3
    leap_days = march_year // 4 - march_year // 100 + march_year // 400
    return march_year * 365 + leap_days + (153 * march_month + 2) // 5 + day - 719_469


@compiled
def read_fraction(base: int, at: int) -> tuple[int, int]:
    """Return (microseconds, place behind) of a point and digits, of which those beyond the sixth are cut."""
    if byte_at(base, at) != sp.POINT:
        return 0, at
    fraction, unit = 0, 100_000
    end = at + 1
    digit = byte_at(base, end) - sp.ZERO
    while 0 <= digit <= 9:
        fraction += digit * unit
        unit //= 10
        end += 1
        digit = byte_at(base, end) - sp.ZERO
    return fraction, end if end > at + 1 else -1


@compiled
def read_moment(text: Text, at: int) -> tuple[int, int]:
    """Return (microseconds since 1970, place behind) of a quoted moment; digits beyond the sixth are cut."""
    base = address_of(text)
    date = digits_between(word_at(base, at + 1), sp.DATE, sp.ABOVE_DATE) if text[at] == sp.QUOTE else -1
    day = digits_between(word_at(base, at + 9), sp.DAY, sp.ABOVE_DAY) if date >= 0 else -1
    clock = digits_between(word_at(base, at + 12), sp.CLOCK, sp.ABOVE_CLOCK) if day >= 0 else -1
    if clock < 0:
        return 0, -1
    days = day_of(two_digits(date, 0) * 100 + two_digits(date, 2), two_digits(date, 5), two_digits(day, 0))
    hour, minute, second = two_digits(clock, 0), two_digits(clock, 3), two_digits(clock, 6)
    fraction, at = read_fraction(base, at + 20)
    if days < 0 or second > 59 or minute > 59 or hour > 23 or at < 0:
        return 0, -1
    if byte_at(base, at) == sp.UPPER_Z:
        at += 1
    microseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + fraction
    return microseconds, at + 1 if byte_at(base, at) == sp.QUOTE else -1


@compiled
def behind_scalar(text: Text, at: int) -> int:
    """Return the place behind a member's value that is not used: a plain text, a number, true or false."""
    if text[at] == sp.QUOTE:
        return read_word(text, at)[1]
    if text[at] == 116 and text[at + 1] == 114 and text[at + 2] == 117 and text[at + 3] == sp.LOWER_E:
        return at + 4
    if text[at] == 102 and text[at + 1] == 97 and text[at + 2] == 108 and text[at + 3] == 115:
        return at + 5 if text[at + 4] == sp.LOWER_E else -1
    return read_integer(text, at)[1]


@compiled
def read_value(text: Text, at: int, word: int, is_car_data: bool) -> tuple[int, int, int]:
    """Return (row of ``Rows.values`` or -1, value, place behind) of a member of the values of a car."""
    slot = -1
    if is_car_data:
        if word == sp.ZERO:
            slot = 0
        elif sp.TWO <= word <= sp.FIVE:
            slot = word - sp.TWO + 1
        elif word == sp.FORTY_FIVE:
            slot = 5
    elif sp.UPPER_X <= word <= sp.UPPER_Z:
        slot = word - sp.UPPER_X
    elif word == sp.STATUS:
        status, at = read_word(text, at)
        code = 1 if status == sp.ON_TRACK else 0
        return 3, code, at if status in {sp.ON_TRACK, sp.OFF_TRACK} else -1
    if slot < 0:
        return -1, 0, behind_scalar(text, at)
    value, at = read_integer(text, at)
    return slot, value, at


@compiled
def behind_common_head(base: int, at: int, is_car_data: bool) -> tuple[int, int]:
    """Return (place of the first value's name, status code) behind a car's number, or -1 as the place."""
    if is_car_data:
        is_common = word_at(base, at) == sp.CHANNELS_OPEN and word_at(base, at + 7) == sp.CHANNELS_END
        return (at + 15 if is_common else -1), 0
    if word_at(base, at) == sp.STATUS_OPEN:
        if word_at(base, at + 8) == sp.IS_ON_TRACK and word_at(base, at + 14) == sp.ON_TRACK_END:
            return at + 22, 1
        if word_at(base, at + 8) == sp.IS_OFF_TRACK and word_at(base, at + 15) == sp.OFF_TRACK_END:
            return at + 23, 0
    return -1, 0


@compiled
def read_common_value(base: int, at: int) -> tuple[int, int]:
    """Return (value, place behind) of a whole number of up to seven characters, or -1 as the place."""
    word = word_at(base, at)
    minus = 1 if word & 255 == sp.MINUS else 0
    word >>= minus << 3
    value, bits = digits_of(word)
    if bits == 0 or (bits > 8 and word & 255 == sp.ZERO):
        return 0, -1
    return (value ^ -minus) + minus, at + minus + (bits >> 3)


@compiled
def read_common_car(
    base: int, at: int, is_car_data: bool, values: NDArray[np.int32], row: int
) -> tuple[int, int]:
    """Read a car as the feed spells it into a row; return (number, place behind), or -1 as the place."""
    car, end = read_common_value(base, at + 1)
    if end < 0 or car >= sp.CAR_NUMBERS or byte_at(base, at + 1) == sp.MINUS:
        return 0, -1
    end, status = behind_common_head(base, end, is_car_data)
    if end < 0:
        return 0, -1
    names = sp.CHANNEL_NAMES if is_car_data else sp.COORDINATE_NAMES
    masks = sp.CHANNEL_MASKS if is_car_data else sp.COORDINATE_MASKS
    last = names.size - 1
    for slot in range(names.size):
        if word_at(base, end) & masks[slot] != names[slot]:
            return 0, -1
        value, end = read_common_value(base, end + (5 if masks[slot] == sp.FIVE_BYTES else 4))
        if end < 0 or byte_at(base, end) != (sp.COMMA if slot < last else sp.CLOSE):
            return 0, -1
        values[np.uint64(slot), np.uint64(row)] = value
        end += 1
    if not is_car_data:
        values[3, np.uint64(row)] = status
    elif byte_at(base, end) == sp.CLOSE:
        end += 1
    else:
        return 0, -1
    return car, end


@compiled
def read_common_cars(
    text: Text, at: int, is_car_data: bool, rows: Rows, row: int, entry: int
) -> tuple[int, int]:
    """Read cars spelled as the feed spells them; return (place, row) of the first that is spelled otherwise.

    The main loop, which goes on from there, would give the same, and take much longer. A number's
    length cannot be foreseen, so its digits are not looped over: a wrong guess of the processor costs more
    than a value. Bytes are read by address, eight at once; an array's index would be checked for counting
    from the end, unless it is unsigned. ``PADDING`` zero bytes behind the text keep that inside it.
    """
    base = address_of(text)
    while byte_at(base, at) == sp.QUOTE:
        car, end = read_common_car(base, at, is_car_data, rows.values, row)
        if end < 0 or rows.last_entry[np.uint64(car)] == entry:
            break
        behind_car = byte_at(base, end)
        if behind_car == sp.COMMA and byte_at(base, end + 1) == sp.QUOTE:
            end += 1
        elif behind_car != sp.CLOSE:
            break
        rows.last_entry[np.uint64(car)] = entry
        rows.car[np.uint64(row)] = car
        row += 1
        at = end
    return at, row


@compiled
def read_messages(  # noqa: C901, PLR0912, PLR0915 - one loop on purpose, see the module's text
    text: Text, begins: NDArray[np.int64], is_car_data: bool, rows: Rows
) -> None:
    """Read all messages of a text, each from its begin to the zero byte before the next begin.

    A message that is not in the narrow form leaves no rows, and its begin is overwritten with -1.
    """
    message_of, car_of, utc_us_of, values, last_entry, behind = rows
    row, first_message, entry = behind
    entries_word, moment_word, cars_word = (
        (sp.ENTRIES, sp.UTC, sp.CARS) if is_car_data else (sp.POSITION, sp.TIMESTAMP, sp.ENTRIES)
    )
    for message in range(begins.size - 1):
        first_row = entry_row = row
        seen = moment = 0
        inside = IN_MESSAGE
        at = skip_space(text, begins[message])
        at = skip_space(text, at + 1) if text[at] == sp.OPEN else -1
        while at >= 0:
            if inside == IN_CAR_LIST:
                at, row = read_common_cars(text, at, is_car_data, rows, row, entry)
            if text[at] == (sp.CLOSE_LIST if inside == IN_ENTRY_LIST else sp.CLOSE):
                at += 1
                if inside == IN_MESSAGE:
                    break
                if inside == IN_ENTRY:
                    utc_us_of[entry_row:row] = moment
                    at = at if seen & HAS_MOMENT and seen & HAS_CARS else -1
                if inside == IN_CAR or (inside == IN_VALUES and not is_car_data):
                    inside = IN_CAR_LIST
                    for slot in range(values.shape[0]):
                        if values[slot, row] != NULL:
                            row += 1
                            break
                else:
                    inside -= 1
            elif inside == IN_ENTRY_LIST:
                at = skip_space(text, at + 1) if text[at] == sp.OPEN else -1
                inside = IN_ENTRY
                entry += 1
                entry_row = row
                seen = HAS_ENTRIES
                continue
            else:
                name_at = at + 1
                word, at = read_word(text, at)
                name_size = at - 1 - name_at
                at = skip_space(text, at) if at >= 0 else 0
                at = skip_space(text, at + 1) if text[at] == sp.COLON else -1
                if at < 0:
                    break
                if inside == IN_VALUES:
                    slot, value, at = read_value(text, at, word, is_car_data)
                    if slot >= 0:
                        values[slot, row] = value
                elif inside == IN_CAR_LIST:
                    car = 0
                    for place in range(name_at, name_at + name_size):
                        is_digit = sp.ZERO <= text[place] <= sp.NINE
                        car = car * 10 + text[place] - sp.ZERO if is_digit and car >= 0 else -1
                    is_plain = 1 <= name_size <= 3 and (text[name_at] != sp.ZERO or name_size == 1)
                    if not is_plain or car < 0 or last_entry[car] == entry or text[at] != sp.OPEN:
                        at = -1
                        break
                    last_entry[car] = entry
                    car_of[row] = car
                    for slot in range(values.shape[0]):
                        values[slot, row] = NULL
                    seen &= ~HAS_CHANNELS
                    inside = IN_CAR if is_car_data else IN_VALUES
                    at = skip_space(text, at + 1)
                    continue
                else:
                    part, opening = 0, sp.OPEN
                    if inside == IN_MESSAGE and word == entries_word:
                        part, opening = HAS_ENTRIES, sp.OPEN_LIST
                    elif inside == IN_ENTRY and word == cars_word:
                        part = HAS_CARS
                    elif inside == IN_CAR and word == sp.CHANNELS:
                        part = HAS_CHANNELS
                    if part:
                        at = skip_space(text, at + 1) if text[at] == opening and not seen & part else -1
                        seen |= part
                        inside += 1
                        continue
                    if inside == IN_ENTRY and word == moment_word:
                        moment, at = read_moment(text, at)
                        seen |= HAS_MOMENT
                    else:
                        at = behind_scalar(text, at)
            if at >= 0:
                at = skip_space(text, at)
                closing = sp.CLOSE_LIST if inside == IN_ENTRY_LIST else sp.CLOSE
                if text[at] == sp.COMMA:
                    at = skip_space(text, at + 1)
                    at = at if text[at] != closing else -1
                elif text[at] != closing:
                    at = -1
        if at >= 0 and seen & HAS_ENTRIES and skip_space(text, at) == begins[message + 1] - 1:
            message_of[first_row:row] = first_message + message
        else:
            row = first_row
            begins[message] = -1
    behind[:] = row, first_message + begins.size - 1, entry
