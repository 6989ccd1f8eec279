"""Team radio: which car's radio was published when, and where the audio lies."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.feed.decoded_rows import DecodedRows
from racing.feed.json_members import number_of, objects, text_of
from racing.feed.state import Json
from racing.feed.stream import LineFault
from racing.feed.topics import read_topic
from racing.feed.values import microseconds_since_1970

TEAM_RADIO_SCHEMA: dict[str, Any] = {
    "capture_number": pl.Int32,
    "car_number": pl.String,
    "captured_at": pl.Datetime("us", "UTC"),
    "session_time_ms": pl.Int64,
    "audio_path": pl.String,
    "line_number": pl.Int32,
}
"""Columns of a team radio index."""


def decode_team_radio(body: bytes) -> DecodedRows:
    """Return the captures that a TeamRadio body lists. One row per capture, in order.

    Args:
        body: Response body of TeamRadio.jsonStream.

    Source: docs/explanation/wire-format.md#team-radio.
    """
    stream = read_topic(body)
    faults = list(stream.faults)
    captures: dict[int, dict[str, Json]] = {}
    for message in stream.messages:
        listed = message.content.get("Captures") if isinstance(message.content, dict) else None
        if not isinstance(listed, dict | list):
            faults.append(LineFault(message.line_number, "the message has no Captures"))
            continue
        first = {"session_time_ms": message.session_time_ms, "line_number": message.line_number}
        for place, capture in objects(listed):
            number = number_of(place)
            if number is not None:
                captures[number] = {**first, **captures.get(number, {}), **capture}
    rows = [(number + 1, *_values(capture)) for number, capture in sorted(captures.items())]
    frame = pl.DataFrame(rows, schema=TEAM_RADIO_SCHEMA, orient="row")
    return DecodedRows(frame, faults, len(stream.messages) + len(stream.faults))


def _values(capture: dict[str, Json]) -> tuple[object, ...]:
    return (
        text_of(capture.get("RacingNumber")),
        microseconds_since_1970(capture.get("Utc")),
        capture["session_time_ms"],
        text_of(capture.get("Path")),
        capture["line_number"],
    )
