"""Which laps a car completed, read from timing alone.

A lap is completed when the car was timed over the line at its end. What follows from that for the order is
``racing/timing_order.py``; what the official result says instead is ``racing/discrepancies.py``.
"""

from __future__ import annotations

import polars as pl

from racing.errors import MissingColumnsError
from racing.keys import SESSION_CODES

_NEEDED = ("car_number", "lap_number", "lap_time_ms", "sector_3_session_time_ms")


def is_lap_counted(laps: pl.DataFrame, session_code: str) -> pl.Series:
    """Return for each lap whether the car completed it.

    A lap counts when it was timed at its end: the feed gave a lap time, or the end of sector 3, or the car
    has a later lap. The last row of a car that stopped on the track, or in the pits before the line, has none
    of them: FastF1 adds it, or sets its end when the car entered the pits. A car that crosses the line inside
    the pit lane is timed there, so that lap counts, as it does in the official result.

    Args:
        laps: Laps of one session. Needs car_number, lap_number, lap_time_ms and sector_3_session_time_ms.
            One row per car and lap, in any order.
        session_code: Code of the session; the rule is the same for all of them.

    Returns:
        Booleans named ``is_lap_counted``, in the order of the rows. Never null.

    Raises:
        MissingColumnsError: If a needed column is not there.
        ValueError: If the session code is not one.

    Source: docs/explanation/discrepancies.md#retirement_partial_lap.
    """
    if session_code not in SESSION_CODES:
        raise ValueError(f"{session_code!r} is not a session: use one of {', '.join(SESSION_CODES)}")
    missing = [name for name in _NEEDED if name not in laps.columns]
    if missing:
        raise MissingColumnsError(f"laps need the columns {', '.join(missing)} to tell completed laps")
    was_timed = pl.col("lap_time_ms").is_not_null() | pl.col("sector_3_session_time_ms").is_not_null()
    has_later_lap = pl.col("lap_number") < pl.col("lap_number").max().over("car_number")
    return laps.select((was_timed | has_later_lap).alias("is_lap_counted")).to_series()
