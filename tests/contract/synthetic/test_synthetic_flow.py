"""How often the invented feed sends, and that it sends only what changes, against the real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from feed_shapes import MEXICO_Q, MIAMI_S, SINGAPORE_R, leaves, messages

CADENCE = (
    *((topic, "Qualifying", MEXICO_Q, factor) for topic, factor in (
        ("CarData.z", 1.1), ("Position.z", 1.1), ("Heartbeat", 1.1), ("WeatherData", 1.1),
        ("TimingData", 1.5), ("TimingAppData", 2.0), ("TimingStats", 2.0), ("TopThree", 2.5),
        ("DriverList", 4.0), ("SessionData", 1.5), ("SessionStatus", 1.1), ("ExtrapolatedClock", 1.1),
    )),
    *((topic, "Race", SINGAPORE_R, factor) for topic, factor in (
        ("Heartbeat", 1.1), ("WeatherData", 1.1), ("LapCount", 1.5), ("SessionData", 2.0), ("TopThree", 2.0),
        ("TimingAppData", 2.0), ("DriverList", 2.0), ("TimingStats", 4.0),
    )),
    ("TimingData", "Race", MIAMI_S, 1.5),
)  # fmt: skip
"""Topic, invented session, real session, and the factor within which messages per minute agree."""


@pytest.mark.parametrize(("topic", "session", "real_session", "factor"), CADENCE)
def test_messages_come_as_often_as_in_the_real_feed(
    topic: str, session: str, real_session: str, factor: float, invented: Path, real: Path
) -> None:
    ours = messages_per_minute(next(invented.glob(f"*/*/*_{session}")), topic)
    theirs = messages_per_minute(real / real_session, topic)
    assert theirs / factor <= ours <= theirs * factor


def messages_per_minute(folder: Path, topic: str) -> float:
    """Messages between the first start of a session and its last finish."""
    statuses = [(at, value["Status"]) for at, value in messages(folder / "SessionStatus.jsonStream")]
    start = next(at for at, status in statuses if status == "Started")
    end = [at for at, status in statuses if status == "Finished"][-1]
    count = sum(start <= at <= end for at, _ in messages(folder / f"{topic}.jsonStream"))
    return count / ((end - start) / 60_000)


@pytest.mark.parametrize(
    "topic", ["TimingData", "TimingAppData", "RaceControlMessages", "TeamRadio", "SessionData"]
)
def test_lists_come_first_and_objects_keyed_by_index_after(topic: str, invented: Path, real: Path) -> None:
    for session, real_session in (("Qualifying", MEXICO_Q), ("Race", MIAMI_S)):
        theirs_at = real / real_session / f"{topic}.jsonStream"
        ours = list_messages(next(invented.glob(f"*/*/*_{session}/{topic}.jsonStream")))
        assert ours
        assert max(ours) < 5
        if theirs_at.is_file():
            assert max(list_messages(theirs_at)) < 5


def list_messages(path: Path) -> list[int]:
    """Indexes of the messages that hold a JSON list (marks of deletion apart)."""
    return [
        i
        for i, (_, value) in enumerate(messages(path))
        if any("[]" in shape and "_deleted" not in shape for shape, _ in leaves(value))
        or _has_empty_list(value)
    ]


def _has_empty_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_empty_list(item) for item in value.values())
    return value == []


@pytest.mark.parametrize("session", ["Qualifying", "Race"])
def test_a_value_is_sent_only_when_it_changes(session: str, invented: Path, real: Path) -> None:
    real_session = MEXICO_Q if session == "Qualifying" else MIAMI_S
    ours = repeated_share(next(invented.glob(f"*/*/*_{session}/TimingData.jsonStream")))
    theirs = repeated_share(real / real_session / "TimingData.jsonStream")
    assert ours < 0.01
    assert theirs < 0.01


def repeated_share(path: Path) -> float:
    """Share of the leaves of TimingData that repeat what was sent before."""
    state: dict[str, Any] = {}
    sent = repeated = 0
    for _, value in messages(path):
        for key, leaf in _keyed(value.get("Lines", {}), ""):
            sent += 1
            repeated += state.get(key, object()) == leaf
            state[key] = leaf
    return repeated / sent


def _keyed(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        value = {str(i): item for i, item in enumerate(value)}
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _keyed(item, f"{path}.{key}")
    else:
        yield path, value
