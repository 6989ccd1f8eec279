"""Samples between parser and table: where they lie in the JSON of the two packed topics, and as arrays.

Both parsers (``plain_samples.py`` and ``compiled_samples.py``) read what this module names and give what it
defines. What the numbers mean to a reader is decided in ``car_data.py`` and ``position_data.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

NULL = -(2**31)
"""Stands for null in the integer arrays between parser and table. The feed never sends it."""

SMALLEST = -(2**31) + 1
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Layout:
    """Names of the members that hold samples.

    Attributes:
        topic: ``CarData`` or ``Position``.
        entries: Member of the message that holds the list of entries, one entry per moment.
        moment: Member of an entry that holds its UTC.
        cars: Member of an entry that holds one object per car, by car number.
        channels: Member of a car that holds its fields; null where the car holds them itself.
        fields: Members that hold values, in the order of the rows of ``Samples.values``.
    """

    topic: Literal["CarData", "Position"]
    entries: str
    moment: str
    cars: str
    channels: str | None
    fields: tuple[str, ...]


CAR_DATA = Layout("CarData", "Entries", "Utc", "Cars", "Channels", ("0", "2", "3", "4", "5", "45"))
"""Fields: engine speed, speed, gear, throttle, brake, DRS."""

POSITION_DATA = Layout("Position", "Position", "Timestamp", "Entries", None, ("X", "Y", "Z", "Status"))

STATUS_FIELD = "Status"


@dataclass(frozen=True)
class Samples:
    """Samples as arrays, one element per sample; parsers give them in order of arrival.

    Attributes:
        message: Place of the message in the list of messages that was parsed. int32.
        car: Place of the car in ``car_numbers``. int32.
        car_numbers: Car numbers as text, each once.
        utc_us: Moment of the sample, microseconds since 1970 UTC. int64.
        values: One row per field of the layout. int32; ``NULL`` is null.
    """

    message: NDArray[np.int32]
    car: NDArray[np.int32]
    car_numbers: list[str]
    utc_us: NDArray[np.int64]
    values: NDArray[np.int32]


def merge_samples(parts: list[Samples]) -> Samples:
    """Return the samples of all parts in order of their messages.

    Args:
        parts: At least one; a message has its samples in one part only.
    """
    places: dict[str, int] = {}
    cars = []
    for part in parts:
        own_places = [places.setdefault(number, len(places)) for number in part.car_numbers]
        cars.append(np.array(own_places, dtype=np.int32)[part.car])
    message = np.concatenate([part.message for part in parts])
    car = np.concatenate(cars)
    utc_us = np.concatenate([part.utc_us for part in parts])
    values = np.concatenate([part.values for part in parts], axis=1)
    if len(parts) > 1:
        order = np.argsort(message, kind="stable")
        message, car, utc_us, values = message[order], car[order], utc_us[order], values[:, order]
    return Samples(message, car, list(places), utc_us, values)


def by_car(samples: Samples) -> Samples:
    """Return the samples car after car (numbers in text order), each car's in order of arrival."""
    places = sorted(range(len(samples.car_numbers)), key=samples.car_numbers.__getitem__)
    rank = np.empty(len(places), dtype=np.uint16)
    rank[places] = np.arange(len(places), dtype=np.uint16)
    order = np.argsort(rank[samples.car], kind="stable")
    values = np.empty((len(samples.values), order.size), dtype=np.int32)
    for ordered, field_values in zip(values, samples.values, strict=True):
        # Row by row: all at once, numpy first copies what lies apart. Clipping (nothing is to be clipped)
        # lets it write in place.
        np.take(field_values, order, out=ordered, mode="clip")
    return Samples(
        message=samples.message[order],
        car=samples.car[order],
        car_numbers=samples.car_numbers,
        utc_us=samples.utc_us[order],
        values=values,
    )
