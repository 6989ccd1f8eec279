"""Positions at the end of each lap, as the feed sends them: LapSeries, else TimingData.

LapSeries lists the positions of each car by lap, the grid first. Not every session has it. TimingData says a
car's position and, crossing by crossing, how many laps it has done.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.feed.decoded_rows import DecodedRows
from racing.feed.json_members import members, number_of, objects
from racing.feed.stream import LineFault
from racing.feed.timing_stream import TimingStream
from racing.feed.topics import read_topic

LAP_POSITION_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "position": pl.Int32,
    "session_time_ms": pl.Int64,
    "source_topic": pl.String,
    "line_number": pl.Int32,
}
"""Columns of lap positions."""


def decode_lap_series(body: bytes) -> DecodedRows:
    """Return the positions that a LapSeries body lists. One row per car and lap; lap 0 is the grid.

    Args:
        body: Response body of LapSeries.jsonStream.

    Source: docs/explanation/wire-format.md#lap-positions.
    """
    stream = read_topic(body)
    faults = list(stream.faults)
    found: dict[tuple[str, int], tuple[object, ...]] = {}
    for message in stream.messages:
        if not isinstance(message.content, dict):
            faults.append(LineFault(message.line_number, "the message is not an object"))
            continue
        for car_number, line in objects(message.content):
            for place, value in members(line.get("LapPosition")):
                lap_number, position = number_of(place), number_of(value)
                if lap_number is None or position is None:
                    reason = f"car {car_number}: {value!r} in lap {place} is not a position"
                    faults.append(LineFault(message.line_number, reason))
                    continue
                row = (position, message.session_time_ms, "LapSeries", message.line_number)
                found[car_number, lap_number] = (car_number, lap_number, *row)
    rows = pl.DataFrame(list(found.values()), schema=LAP_POSITION_SCHEMA, orient="row")
    return DecodedRows(rows, faults, len(stream.messages) + len(stream.faults))


def lap_positions(timing: TimingStream | None, series: DecodedRows | None) -> pl.DataFrame:
    """Return the position of every car at the end of every lap. One row per car and lap.

    Args:
        timing: Decoded TimingData; null where there is none.
        series: Decoded LapSeries, which goes before TimingData; null where there is none.

    Returns:
        Columns of ``LAP_POSITION_SCHEMA`` by car and lap. Of a lap that the feed counted twice, the last
        crossing. Crossings without a position are left out: they say nothing of it.

    Source: docs/explanation/wire-format.md#lap-positions.
    """
    listed = series.rows if series is not None else pl.DataFrame(schema=LAP_POSITION_SCHEMA)
    if timing is None:
        return listed.sort("car_number", "lap_number")
    counted = (
        timing.lap_ends.filter(pl.col("position").is_not_null() & (pl.col("laps_completed") > 0))
        .unique(["car_number", "laps_completed"], keep="last", maintain_order=True)
        .select(
            "car_number",
            pl.col("laps_completed").alias("lap_number"),
            "position",
            "session_time_ms",
            pl.lit("TimingData").alias("source_topic"),
            "line_number",
        )
    )
    rest = counted.join(listed, on=["car_number", "lap_number"], how="anti")
    return pl.concat([listed, rest]).sort("car_number", "lap_number")
