"""Compiled reading of what stands in sample JSON: words, numbers and moments. Imports numba.

Every function takes the text and a place in it, and gives the place behind what it read, or -1 where the text
is not in the narrow form it knows. -1 is no error: that message then goes to the plain parser. So each
function accepts only what the plain parser reads to the same values. Each message ends in a zero byte, which
no rule accepts, so no place is checked against the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from racing.feed import spelling as sp
from racing.feed.memory import byte_at, trailing_zeros, word_at
from racing.feed.samples import NULL

_Function = TypeVar("_Function", bound=Callable[..., Any])
Text = NDArray[np.uint8]


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
