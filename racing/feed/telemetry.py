"""From a body to samples: lines, unpacking, parsing in batches; the same for car data and positions.

Also the columns that both tables share, and the clock that ties their samples to the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from racing.errors import PayloadError
from racing.feed.compiled_samples import CompiledSampleReader, has_compiler
from racing.feed.payload import inflate_payload
from racing.feed.plain_samples import PlainSampleReader
from racing.feed.samples import NULL, Layout, Samples, by_car
from racing.feed.stream import LineFault, StreamMessage

Parser = Literal["compiled", "plain"]

_BATCH_BYTES = 256 * 1024
"""Text parsed at once: fits the processor's cache, which is worth a third of the time."""


@dataclass(frozen=True)
class DecodedTelemetry:
    """Samples of one body.

    Attributes:
        table: One row per sample that has a value, car after car, each car's in order of arrival.
        faults: Lines, or parts of lines, that could not be read; the rest is in the table.
        message_count: Messages found in the body, readable or not.
    """

    table: pa.Table
    faults: list[LineFault]
    message_count: int


@dataclass(frozen=True)
class ReadMessages:
    """What was read from messages.

    Attributes:
        samples: Samples, car after car; their ``message`` is a place in ``messages``.
        messages: Messages whose payload could be unpacked.
        faults: What could not be read.
    """

    samples: Samples
    messages: list[StreamMessage]
    faults: list[LineFault]


def read_samples(
    messages: Sequence[StreamMessage], layout: Layout, parser: Parser | None = None
) -> ReadMessages:
    """Return the samples of messages, and what could not be read.

    Args:
        messages: Messages of the layout's topic.
        layout: Which topic it is.
        parser: ``compiled`` or ``plain``; both give the same. Null: compiled where numba is installed.
    """
    plain = PlainSampleReader(layout)
    reader: PlainSampleReader | CompiledSampleReader = plain
    if parser == "compiled" or (parser is None and has_compiler()):
        reader = CompiledSampleReader(plain, sum(len(message.payload) for message in messages))
    readable: list[StreamMessage] = []
    faults: list[LineFault] = []
    texts: list[bytes] = []
    batch_bytes = 0
    for message in messages:
        try:
            text = inflate_payload(message.payload)
        except PayloadError as error:
            faults.append(_fault(message, str(error)))
            continue
        readable.append(message)
        texts.append(text)
        batch_bytes += len(text)
        if batch_bytes >= _BATCH_BYTES:
            reader.read(texts)
            texts, batch_bytes = [], 0
    reader.read(texts)
    faults.extend(_fault(readable[place], reason) for place, reason in plain.problems)
    return ReadMessages(
        by_car(reader.samples()), readable, sorted(faults, key=lambda fault: fault.line_number)
    )


def shared_columns(read: ReadMessages) -> dict[str, pa.Array]:
    """Return the columns that car and position samples share, in the order of the tables."""
    samples = read.samples
    count = len(read.messages)
    clocks = np.fromiter((message.session_time_ms for message in read.messages), dtype=np.int64, count=count)
    numbers = pa.array(samples.car_numbers, type=pa.large_string())
    return {
        "car_number": numbers.take(pa.array(samples.car)),
        "sample_number": pa.array(_sample_number(samples.car)),
        "sampled_at": pa.array(samples.utc_us).cast(pa.timestamp("us", tz="UTC")),
        "message_session_time_ms": pa.array(clocks[samples.message]),
    }


def line_numbers(read: ReadMessages) -> pa.Array:
    """Return the line of the body that brought each sample, counted from 1."""
    lines = np.fromiter((message.line_number for message in read.messages), np.int32, len(read.messages))
    return pa.array(lines[read.samples.message])


def nullable(values: NDArray[np.int32], *also_null: int) -> pa.Array:
    """Return values as an int32 column; ``NULL`` and the other given numbers are null."""
    is_null = values == NULL
    for number in also_null:
        is_null |= values == number
    return pa.array(values, mask=is_null if is_null.any() else None)


def _sample_number(car: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return for each sample how many samples of its car there are up to it; a car's stand together."""
    begins = np.flatnonzero(np.diff(car, prepend=-1))
    counts = np.diff(begins, append=car.size)
    return (np.arange(1, car.size + 1) - np.repeat(begins, counts)).astype(np.int32)


def _fault(message: StreamMessage, reason: str) -> LineFault:
    cut = "" if message.is_terminated else " (the body ends in this line, without a line end)"
    return LineFault(message.line_number, reason + cut)
