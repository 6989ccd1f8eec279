"""The clock of a session: when it began in UTC, and where a sample stands on it.

Every message carries the session clock, every sample carries UTC. Messages arrive late by a varying time and
never early, so the message with the least delay says when the clock was zero.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def session_clock_start(car: pa.Table | None, position: pa.Table | None) -> np.datetime64 | None:
    """Return the UTC at which the session clock was zero, in milliseconds; null without any sample.

    Args:
        car: Car samples with sampled_at and message_session_time_ms, or null.
        position: Position samples with the same columns, or null.

    Returns:
        The largest of sample time minus message time, rounded to the nearest millisecond, half to even.

    Source: docs/explanation/wire-format.md#session-clock.
    """
    latest = [
        int(np.max(_microseconds(table["sampled_at"]) - _integers(table["message_session_time_ms"]) * 1000))
        for table in (car, position)
        if table is not None and table.num_rows
    ]
    if not latest:
        return None
    return np.datetime64(int(rounded_to_milliseconds(np.array([max(latest)], dtype=np.int64))[0]), "ms")


def sample_session_time_ms(sampled_at: pa.ChunkedArray, clock_start: np.datetime64) -> pa.Array:
    """Return where samples stand on the session clock, as FastF1's SessionTime. int64, milliseconds.

    Args:
        sampled_at: UTC of the samples. Microseconds.
        clock_start: UTC at which the clock was zero, from ``session_clock_start``.

    Source: docs/explanation/wire-format.md#session-clock.
    """
    start_ms = clock_start.astype("datetime64[ms]").astype(np.int64)
    return pa.array(rounded_to_milliseconds(_microseconds(sampled_at)) - start_ms)


def rounded_to_milliseconds(microseconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nearest milliseconds, half to even."""
    whole, rest = np.divmod(microseconds, 1000)
    rounded: NDArray[np.int64] = whole + ((rest > 500) | ((rest == 500) & (whole % 2 == 1)))
    return rounded


def _microseconds(moments: pa.ChunkedArray) -> NDArray[np.int64]:
    return _integers(pc.cast(moments, pa.timestamp("us", tz="UTC")))


def _integers(column: pa.ChunkedArray) -> NDArray[np.int64]:
    integers: NDArray[np.int64] = column.cast(pa.int64()).to_numpy()
    return integers
