"""What the championships would be if the race ended now, as the feed reckons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from racing.feed.decoded_rows import DecodedRows
from racing.feed.json_members import number_of, objects, text_of
from racing.feed.state import Json
from racing.feed.stream import LineFault
from racing.feed.topics import TopicMessage, read_topic

CHAMPIONSHIP_PREDICTION_SCHEMA: dict[str, Any] = {
    "championship": pl.String,
    "competitor": pl.String,
    "update_number": pl.Int32,
    "session_time_ms": pl.Int64,
    "car_number": pl.String,
    "team_name": pl.String,
    "current_position": pl.Int32,
    "predicted_position": pl.Int32,
    "current_points": pl.Float64,
    "predicted_points": pl.Float64,
    "line_number": pl.Int32,
}
"""Columns of championship predictions."""

_SIDES = (("drivers", "Drivers", "RacingNumber"), ("constructors", "Teams", "TeamName"))
_STATE = (
    "car_number",
    "team_name",
    "current_position",
    "predicted_position",
    "current_points",
    "predicted_points",
)


def decode_championship_prediction(body: bytes) -> DecodedRows:
    """Return the predictions that a ChampionshipPrediction body holds.

    Args:
        body: Response body of ChampionshipPrediction.jsonStream.

    Returns:
        One row per championship, driver or team, and message about it; what a message left out is as the
        message before said.

    Source: docs/explanation/wire-format.md#championship-prediction.
    """
    stream = read_topic(body)
    faults = list(stream.faults)
    rows: list[tuple[object, ...]] = []
    for message in stream.messages:
        found = list(_rows(message))
        if not found and not isinstance(message.content, dict):
            faults.append(LineFault(message.line_number, "the message is not an object"))
        rows.extend(found)
    columns = [name for name in CHAMPIONSHIP_PREDICTION_SCHEMA if name != "update_number"]
    schema = {name: CHAMPIONSHIP_PREDICTION_SCHEMA[name] for name in columns}
    subject = ("championship", "competitor")
    merged = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        *(pl.col(name).forward_fill().over(subject) for name in _STATE),
        update_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(subject),
    )
    faults.sort(key=lambda fault: fault.line_number)
    return DecodedRows(
        merged.select(*CHAMPIONSHIP_PREDICTION_SCHEMA), faults, len(stream.messages) + len(stream.faults)
    )


def _rows(message: TopicMessage) -> Iterator[tuple[object, ...]]:
    content = message.content if isinstance(message.content, dict) else {}
    for championship, member, identity in _SIDES:
        for competitor, line in objects(content.get(member)):
            name = text_of(line.get(identity)) or competitor
            yield (
                championship,
                competitor,
                message.session_time_ms,
                name if championship == "drivers" else None,
                text_of(line.get("TeamName")) if championship == "constructors" else None,
                number_of(line.get("CurrentPosition")),
                number_of(line.get("PredictedPosition")),
                _points(line.get("CurrentPoints")),
                _points(line.get("PredictedPoints")),
                message.line_number,
            )


def _points(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
