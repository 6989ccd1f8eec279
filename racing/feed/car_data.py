"""Decoding of CarData.z: speed, engine, gear, pedals and DRS of every car."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from racing.feed.samples import CAR_DATA, NULL
from racing.feed.stream import StreamMessage, split_stream
from racing.feed.telemetry import (
    DecodedTelemetry,
    Parser,
    line_numbers,
    nullable,
    read_samples,
    shared_columns,
)

NO_DATA = 104
"""What throttle and brake say where the car sends nothing."""


def decode_car_data(body: bytes, *, parser: Parser | None = None) -> DecodedTelemetry:
    """Return the car samples of a CarData.z.jsonStream body.

    Args:
        body: Response body.
        parser: ``compiled`` or ``plain``; both give the same. Null: compiled where numba is installed.

    Returns:
        Columns car_number, sample_number, sampled_at, message_session_time_ms, speed_kph, engine_rpm, gear,
        throttle_pct, is_braking, drs_code, line_number. Null is a channel that was not sent, and 104 in
        throttle or brake. A car without any channel in an entry has no row.

    Source: docs/explanation/wire-format.md#car-data.
    """
    split = split_stream(body)
    decoded = decode_car_messages(split.messages, parser=parser)
    faults = sorted(split.faults + decoded.faults, key=lambda fault: fault.line_number)
    return DecodedTelemetry(decoded.table, faults, decoded.message_count + len(split.faults))


def decode_car_messages(
    messages: Sequence[StreamMessage], *, parser: Parser | None = None
) -> DecodedTelemetry:
    """Return the samples of car data messages; columns as ``decode_car_data``."""
    read = read_samples(messages, CAR_DATA, parser)
    engine, speed, gear, throttle, brake, drs = read.samples.values
    columns = {
        **shared_columns(read),
        "speed_kph": nullable(speed),
        "engine_rpm": nullable(engine),
        "gear": nullable(gear),
        "throttle_pct": nullable(throttle, NO_DATA),
        "is_braking": pa.array(brake != 0, mask=np.isin(brake, (NULL, NO_DATA))),
        "drs_code": nullable(drs),
        "line_number": line_numbers(read),
    }
    return DecodedTelemetry(pa.table(columns), read.faults, len(messages))
