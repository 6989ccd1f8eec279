"""Fields, types and texts of the invented feed, topic by topic, against the real one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from feed_shapes import Shape, leaves, messages, streams, topic_shapes

TOPICS = (
    "AudioStreams", "CarData.z", "ContentStreams", "DriverList", "ExtrapolatedClock", "Heartbeat", "LapCount",
    "Position.z", "RaceControlMessages", "SessionData", "SessionInfo", "SessionStatus", "TeamRadio",
    "TimingAppData", "TimingData", "TimingStats", "TopThree", "TrackStatus", "WeatherData",
)  # fmt: skip


LEFT_OUT: dict[str, set[Shape]] = {
    # A driver list that takes something back, and best times that are taken back in the statistics.
    "DriverList": {(".*._deleted[]", "str")},
    "TimingStats": {(".Lines.*.PersonalBestLapTime._deleted[]", "str")},
    # The first message of a session about a marshal sector (ours is about the whole track), and a blue flag
    # (nobody is lapped in a race as short as the one made here).
    "RaceControlMessages": {(".Messages[].Sector", "int"), (".Messages.*.RacingNumber", "str")},
    # Stints sent as a list with content, which happens when the feed begins late.
    "TimingAppData": {
        (f".Lines.*.Stints[].{name}", kind)
        for name, kind in (
            ("Compound", "str"), ("LapFlags", "int"), ("New", "str"), ("StartLaps", "int"),
            ("TotalLaps", "int"), ("TyresNotChanged", "str"),
        )
    },
}  # fmt: skip
"""Fields of the real feed of 2025 that the invented one does not have, with the reason."""


TEXT_FIELDS = {
    "TimingData": r"(Value|GapToLeader|Position|CutOffTime|TimeDiff\w+|RacingNumber)$",
    "TimingAppData": r"(LapTime|Compound|New|TyresNotChanged|GridPos)$",
    "TimingStats": r"(Value|SessionType)$",
    "TopThree": r"(LapTime|Position|DiffToAhead|DiffToLeader)$",
    "WeatherData": r".*",
    "TrackStatus": r".*",
    "SessionStatus": r".*",
    "ExtrapolatedClock": r"Remaining$",
    "RaceControlMessages": r"(Utc|Category|Flag|Scope|Status|Mode|RacingNumber)$",
    "SessionInfo": r"^\.(StartDate|EndDate|GmtOffset|SessionStatus|ArchiveStatus\.Status|Type|Name)$",
}
"""Text fields whose values must look like real ones, digits apart."""


@pytest.mark.parametrize("topic", TOPICS)
def test_every_invented_field_exists_in_the_real_feed_with_that_type(
    topic: str, invented: Path, real: Path
) -> None:
    made = topic_shapes(invented, topic)
    extra = made - topic_shapes(real, topic)
    assert made
    assert extra == set()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_field_of_the_real_feed_is_invented_or_named_as_left_out(
    topic: str, invented: Path, real: Path
) -> None:
    assert topic_shapes(real, topic) - topic_shapes(invented, topic) - LEFT_OUT.get(topic, set()) == set()


@pytest.mark.parametrize("topic", sorted(TEXT_FIELDS))
def test_texts_look_like_real_ones(topic: str, invented: Path, real: Path) -> None:
    ours, theirs = (
        text_patterns(invented, topic, "2025"),
        text_patterns(real, topic, "2025" if topic == "TimingData" else "20*"),
    )
    assert ours
    assert ours - theirs == set()


def text_patterns(static: Path, topic: str, years: str) -> set[tuple[str, str]]:
    """Field name and value with its digits replaced, for the topic's text fields."""
    wanted = re.compile(TEXT_FIELDS[topic])
    return {
        (path.rpartition(".")[2], re.sub(r"\d", "9", value))
        for stream in streams(static, topic, years)
        for _, message in messages(stream)
        for path, value in leaves(message)
        if isinstance(value, str) and wanted.search(path)
    }
