"""Reading of car and position samples with a general JSON parser: the reference, and the fallback.

The compiled parser (``compiled_samples.py``) understands the common case only and hands the rest to this
one, which decides what a damaged or unusual message means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from racing.feed.samples import LARGEST, NULL, SMALLEST, STATUS_FIELD, Layout, Samples
from racing.feed.values import microseconds_since_1970, status_code, whole_number

_ALL_INTEGERS = {int}


@dataclass
class PlainSampleReader:
    """Collects samples message by message, to be turned into arrays once.

    Attributes:
        layout: Which topic is read.
        problems: What could not be read: place of the message, and the reason.
    """

    layout: Layout
    problems: list[tuple[int, str]] = field(default_factory=list)
    _message: list[int] = field(default_factory=list)
    _car_number: list[str] = field(default_factory=list)
    _utc_us: list[int] = field(default_factory=list)
    _values: list[list[int]] = field(default_factory=list)
    _message_count: int = 0

    def samples(self) -> Samples:
        """Return the samples read so far as arrays."""
        places = {number: place for place, number in enumerate(dict.fromkeys(self._car_number))}
        values = np.array(self._values, dtype=np.int32).reshape(-1, len(self.layout.fields))
        return Samples(
            message=np.array(self._message, dtype=np.int32),
            car=np.array([places[number] for number in self._car_number], dtype=np.int32),
            car_numbers=list(places),
            utc_us=np.array(self._utc_us, dtype=np.int64),
            values=np.ascontiguousarray(values.T),
        )

    def read(self, texts: list[bytes]) -> None:
        """Add the samples of a batch of messages.

        Args:
            texts: JSON text of each message. Messages are counted from 0 over all batches.
        """
        for text in texts:
            self.read_message(self._message_count, text)
            self._message_count += 1

    def read_message(self, message: int, text: bytes) -> None:
        """Add the samples of one message; what cannot be read becomes a problem of that message.

        Args:
            message: Place of the message, ascending.
            text: JSON text of the message.
        """
        try:
            content = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self.problems.append((message, f"the message is not valid JSON: {error}"))
            return
        entries = content.get(self.layout.entries) if isinstance(content, dict) else None
        if not isinstance(entries, list):
            self.problems.append((message, f"the message has no list {self.layout.entries!r}"))
            return
        for number, entry in enumerate(entries, start=1):
            self._read_entry(message, f"entry {number}", entry)

    def _read_entry(self, message: int, where: str, entry: object) -> None:
        cars = entry.get(self.layout.cars) if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(cars, dict):
            self.problems.append((message, f"{where} has no object {self.layout.cars!r}"))
            return
        utc_us = microseconds_since_1970(entry.get(self.layout.moment))
        if utc_us is None:
            moment = f"{self.layout.moment} {entry.get(self.layout.moment)!r}"
            self.problems.append((message, f"{where}: {moment} is not a time in UTC"))
            return
        channels = self.layout.channels
        for car_number, car in cars.items():
            fields = car.get(channels, {}) if channels is not None and isinstance(car, dict) else car
            if not isinstance(fields, dict):
                self.problems.append((message, f"{where}, car {car_number}: the values are not an object"))
                continue
            values = self._read_fields(message, (where, car_number), fields)
            if values.count(NULL) < len(values):
                self._message.append(message)
                self._car_number.append(car_number)
                self._utc_us.append(utc_us)
                self._values.append(values)

    def _read_fields(self, message: int, where: tuple[str, str], fields: dict[str, Any]) -> list[int]:
        values: list[Any] = [fields.get(name) for name in self.layout.fields]
        if self.layout.fields[-1] == STATUS_FIELD:
            values[-1] = status_code(values[-1])
        if set(map(type, values)) == _ALL_INTEGERS and min(values) >= SMALLEST and max(values) <= LARGEST:
            return values
        return [
            self._read_number(message, (*where, name), value)
            for name, value in zip(self.layout.fields, values, strict=True)
        ]

    def _read_number(self, message: int, where: tuple[str, str, str], value: object) -> int:
        number = whole_number(value)
        if number is None:
            entry, car_number, name = where
            reason = f"{value!r} is not a whole number the feed can mean"
            self.problems.append((message, f"{entry}, car {car_number}, {name}: {reason}"))
            return NULL
        return number
