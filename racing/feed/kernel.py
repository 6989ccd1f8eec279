"""Compiled reading of sample JSON: the main loop, which knows the feed's objects in any order and spacing.

The functions are few and the main loop is one, because compiling costs most of a second per function, and
calls that pass arrays cost more than what they do. ``compiled_samples.py`` loads this module, and so numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from racing.feed import spelling as sp
from racing.feed.kernel_cars import Rows, read_common_cars
from racing.feed.kernel_values import (
    Text,
    behind_scalar,
    compiled,
    read_moment,
    read_value,
    read_word,
    skip_space,
)
from racing.feed.samples import NULL

__all__ = ["Rows", "read_messages"]

# What the place is in. The values of a position lie in the car itself, those of car data one object deeper.
IN_MESSAGE, IN_ENTRY_LIST, IN_ENTRY, IN_CAR_LIST, IN_CAR, IN_VALUES = range(6)
HAS_ENTRIES, HAS_MOMENT, HAS_CARS, HAS_CHANNELS = 1, 2, 4, 8


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
