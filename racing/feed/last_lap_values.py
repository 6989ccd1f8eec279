"""Every last-lap value that TimingData sends, one by one, with what the feed had said of the car by then.

Whether each value became the time of a lap is ``lap_reconciliation.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import polars as pl

from racing.feed.state import Json
from racing.feed.stream import LineFault
from racing.feed.topics import TopicMessage, read_topic

_LAP_TIME = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+)\.(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class LastLapValues:
    """Every last-lap value on the wire.

    Attributes:
        values: One row per value sent, in order of arrival. car_number, line_number, session_time_ms, text
            (as sent; empty takes the time back), lap_time_ms (null where the text is no time); and of the car
            when the value came: feed_lap_count (laps by the feed's own count; null before it said),
            highest_feed_lap_count, has_left_pits (whether the feed had said that it drove out of the pits),
            sector_sum_ms (of the three sectors shown, with this message; null if one is not shown).
        faults: Lines that could not be read.
    """

    values: pl.DataFrame
    faults: list[LineFault]


_VALUE_SCHEMA = {
    "car_number": pl.String,
    "line_number": pl.Int32,
    "session_time_ms": pl.Int64,
    "text": pl.String,
    "lap_time_ms": pl.Int64,
    "feed_lap_count": pl.Int32,
    "highest_feed_lap_count": pl.Int32,
    "has_left_pits": pl.Boolean,
    "sector_sum_ms": pl.Int64,
}


@dataclass
class _CarState:
    """What the feed has said of a car so far."""

    lap_count: int | None = None
    highest_lap_count: int | None = None
    has_left_pits: bool = False
    sectors: dict[str, int | None] = field(default_factory=dict)

    def apply(self, line: dict[str, Json]) -> None:
        if isinstance(count := line.get("NumberOfLaps"), int):
            self.lap_count = count
            self.highest_lap_count = max(count, self.highest_lap_count or 0)
        if line.get("InPit") is False:
            self.has_left_pits = True
        sectors = line.get("Sectors")
        if isinstance(sectors, list):
            sectors = {str(place): sector for place, sector in enumerate(sectors)}
        for place, sector in sectors.items() if isinstance(sectors, dict) else ():
            if isinstance(text := _value(sector), str):
                self.sectors[place] = lap_time_ms(text)

    def sector_sum_ms(self) -> int | None:
        times = [self.sectors.get(place) for place in ("0", "1", "2")]
        known = [time for time in times if time is not None]
        return sum(known) if len(known) == 3 else None


def lap_time_ms(text: str) -> int | None:
    """Return a time such as ``1:15.586`` in milliseconds, or null where the text is no time."""
    match = _LAP_TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups(default="0")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def last_lap_values(timing_data_body: bytes) -> LastLapValues:
    """Return every last-lap value of a TimingData body.

    Args:
        timing_data_body: Response body of TimingData.jsonStream.

    Source: docs/explanation/wire-format.md#last-lap-times.
    """
    stream = read_topic(timing_data_body)
    cars: dict[str, _CarState] = {}
    rows = [row for message in stream.messages for row in _rows(message, cars)]
    return LastLapValues(pl.DataFrame(rows, schema=_VALUE_SCHEMA, orient="row"), stream.faults)


def _rows(message: TopicMessage, cars: dict[str, _CarState]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for car_number, line in _car_lines(message.content).items():
        car = cars.setdefault(car_number, _CarState())
        car.apply(line)
        if isinstance(text := _value(line.get("LastLapTime")), str):
            when = (message.line_number, message.session_time_ms)
            known = (car.lap_count, car.highest_lap_count, car.has_left_pits, car.sector_sum_ms())
            rows.append((car_number, *when, text, lap_time_ms(text), *known))
    return rows


def _car_lines(content: Json) -> dict[str, dict[str, Json]]:
    lines = content.get("Lines") if isinstance(content, dict) else None
    if not isinstance(lines, dict):
        return {}
    return {car_number: line for car_number, line in lines.items() if isinstance(line, dict)}


def _value(member: Json) -> Json:
    return member.get("Value") if isinstance(member, dict) else None
