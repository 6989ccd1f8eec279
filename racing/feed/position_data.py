"""Decoding of Position.z: where every car is, and whether the feed calls it on track."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from racing.feed.samples import NULL, POSITION_DATA
from racing.feed.stream import StreamMessage, split_stream
from racing.feed.telemetry import (
    DecodedTelemetry,
    Parser,
    line_numbers,
    nullable,
    read_samples,
    shared_columns,
)


def decode_position_data(body: bytes, *, parser: Parser | None = None) -> DecodedTelemetry:
    """Return the position samples of a Position.z.jsonStream body.

    Args:
        body: Response body.
        parser: ``compiled`` or ``plain``; both give the same. Null: compiled where numba is installed.

    Returns:
        Columns car_number, sample_number, sampled_at, message_session_time_ms, is_on_track, x_dm, y_dm, z_dm,
        line_number. Null is what was not sent. A car without status and place in an entry has no row.

    Source: docs/explanation/wire-format.md#position.
    """
    split = split_stream(body)
    decoded = decode_position_messages(split.messages, parser=parser)
    faults = sorted(split.faults + decoded.faults, key=lambda fault: fault.line_number)
    return DecodedTelemetry(decoded.table, faults, decoded.message_count + len(split.faults))


def decode_position_messages(
    messages: Sequence[StreamMessage], *, parser: Parser | None = None
) -> DecodedTelemetry:
    """Return the samples of position messages; columns as ``decode_position_data``."""
    read = read_samples(messages, POSITION_DATA, parser)
    x, y, z, status = read.samples.values
    columns = {
        **shared_columns(read),
        "is_on_track": pa.array(status == 1, mask=status == NULL),
        "x_dm": nullable(x),
        "y_dm": nullable(y),
        "z_dm": nullable(z),
        "line_number": line_numbers(read),
    }
    return DecodedTelemetry(pa.table(columns), read.faults, len(messages))
