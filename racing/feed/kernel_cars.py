"""Compiled reading of cars that are spelled as the feed spells them: nearly all. Imports numba.

A number's length cannot be foreseen, so its digits are not looped over: a wrong guess of the processor costs
more than a value. Bytes are read by address, eight at once; an array's index would be checked for counting
from the end, unless it is unsigned. ``PADDING`` zero bytes behind the text keep that inside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from racing.feed import spelling as sp
from racing.feed.kernel_values import Text, address_of, compiled, digits_of
from racing.feed.memory import byte_at, word_at


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

    The main loop, which goes on from there, would give the same, and take much longer.
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
