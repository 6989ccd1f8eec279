"""Real messages of race control, archived and recorded: nearly all are understood."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from racing.feed.topics import read_topic
from racing.race_control_events import type_race_control_messages


def archived(folder: Path) -> Iterator[Any]:
    """Yield the messages' topic as the archive keeps it, message by message."""
    for path in sorted(
        folder.glob("mirror/livetiming.formula1.com/static/20*/*/*/RaceControlMessages.jsonStream")
    ):
        yield from (message.content for message in read_topic(path.read_bytes()).messages)


def recorded(folder: Path) -> Iterator[Any]:
    """Yield the messages' topic as it was recorded live."""
    for path in sorted(folder.glob("live/*/capture.txt.xz")):
        with lzma.open(path) as lines:
            for line in lines:
                if b":RaceControlMessages:" in line[:60]:
                    yield orjson.loads(line.split(b":", 2)[2])


@pytest.fixture(scope="module")
def events(test_data: Path) -> pl.DataFrame:
    found = [
        message
        for content in (*archived(test_data), *recorded(test_data))
        for message in (
            content["Messages"].values() if isinstance(content["Messages"], dict) else content["Messages"]
        )
    ]
    messages = pl.DataFrame(
        {
            "season": 2000,
            "weekend_key": "2000-01",
            "session_key": "2000-01-R",
            "message_number": range(1, len(found) + 1),
            "sent_at": None,
            "category": [message.get("Category") for message in found],
            "message": [message.get("Message") for message in found],
            "flag": [message.get("Flag") for message in found],
            "flag_scope": [message.get("Scope") for message in found],
            "marshal_sector_number": [message.get("Sector") for message in found],
            "car_number": [message.get("RacingNumber") for message in found],
            "lap_number": [message.get("Lap") for message in found],
        }
    )
    return type_race_control_messages(
        messages, pl.DataFrame(schema={"car_number": pl.String, "driver_key": pl.String})
    )


def test_fewer_than_three_in_a_hundred_are_not_understood(events: pl.DataFrame) -> None:
    assert events.height > 1900
    unknown = events.filter(pl.col("event_kind") == "OTHER")
    assert unknown.height < 0.03 * events.height, unknown["message"].unique().to_list()


def test_every_event_has_what_its_kind_promises(events: pl.DataFrame) -> None:
    def lacks(kind: str, *columns: str) -> list[str]:
        of_kind = events.filter(pl.col("event_kind") == kind)
        assert of_kind.height > 10 or kind == "LAP_REINSTATED"
        missing = pl.any_horizontal(pl.col(column).is_null() for column in columns)
        return of_kind.filter(missing)["message"].to_list()

    assert lacks("FLAG", "flag", "flag_scope") == []
    assert lacks("LAP_DELETED", "car_number", "place", "reason") == []
    assert lacks("PENALTY", "car_number", "penalty_kind", "reason") == []
    assert lacks("CAR_EVENT", "car_number", "event_state", "place") == []
    assert lacks("VIRTUAL_SAFETY_CAR", "event_state") == []
    sectors = events.filter(pl.col("flag_scope") == "SECTOR")
    assert sectors["marshal_sector_number"].null_count() == 0


def test_cars_of_flags_and_deleted_times_are_those_the_feed_names(events: pl.DataFrame) -> None:
    blue = events.filter(pl.col("flag") == "BLUE")
    named = blue["message"].str.extract(r"CAR (\d+)")
    assert blue["car_number"].to_list() == named.to_list()
    deleted = events.filter((pl.col("event_kind") == "LAP_DELETED") & pl.col("message").str.contains("TIME"))
    assert deleted["named_lap_time_ms"].null_count() == 0
    assert deleted["named_lap_time_ms"].min() > 50_000
