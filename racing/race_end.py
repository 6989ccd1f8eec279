"""Which cars were still running when a race ended, read from timing alone."""

from __future__ import annotations

import polars as pl

from racing.gaps import line_crossings


def finished_cars(laps: pl.DataFrame) -> list[str] | None:
    """Return the cars that crossed the line when or after the leader did for the last time.

    The leader's last crossing is the first time that any car completed the highest number of laps. A car
    that comes to the line after that has taken the chequered flag, however many laps it is behind.

    Args:
        laps: Laps of one race, one row per car and lap. Needs car_number, lap_number,
            lap_end_session_time_ms, is_fastf1_generated and is_lap_counted.

    Returns:
        Car numbers; null where no crossing of the line is known.

    Source: docs/glossary.md#retirement.
    """
    crossings = line_crossings(laps)
    if crossings.is_empty():
        return None
    last_lap = crossings.filter(pl.col("lap_number") == pl.col("lap_number").max())
    flag_ms = last_lap["line_ms"].min()
    return crossings.filter(pl.col("line_ms") >= flag_ms)["car_number"].unique().sort().to_list()
