"""What is wrong with the flow of a feed although every line of it can be read: gaps, repeats, wrong order.

A delta that was lost, came twice or came late leaves no broken line: the state just goes wrong. These are
its traces, each named in words. They were measured on every real session at hand: there no topic goes
back in time, and the topics of a steady beat never miss one. ``feed_counters.py`` looks at what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from statistics import median

from sources.feed_counters import lap_notes, late_lap_notes, sector_notes, stint_notes
from sources.feed_repair import REPAIRED_TOPICS
from sources.feed_timeline import Timeline, clock_text, count_text, json_value, timeline_of
from sources.session_notes import SessionNote

STEADY_TOPICS = ("Heartbeat", "WeatherData", "CarData.z", "Position.z")
"""Topics that send at a steady beat from their first message to their last."""

_MISSED_BEATS, _LEAST_SILENCE_MS = 1.8, 10_000
_RACE_SILENCE_MS = 30_000
_END_OF_RACE_MS, _END_IN_GARAGE_MS = 60_000, 900_000

Status = tuple[int, str]
"""Session time, and a status of the session."""


def feed_notes(bodies: Mapping[str, bytes], *, is_race: bool) -> Iterator[SessionNote]:
    """Yield what is wrong with the flow of a session's feed.

    Args:
        bodies: Live-timing topic to its response; lines that cannot be read are passed over.
        is_race: Whether the session is a race or a sprint, in which cars are on the track all the time.
    """
    timelines = {topic: timeline_of(topic, body) for topic, body in bodies.items()}
    for timeline in timelines.values():
        yield from _order_notes(timeline)
    for topic in STEADY_TOPICS:
        if topic in timelines:
            yield from _beat_notes(timelines[topic])
    statuses = _statuses(timelines.get("SessionStatus"))
    timing = timelines.get("TimingData")
    yield from _frame_notes(timing, statuses, _END_OF_RACE_MS if is_race else _END_IN_GARAGE_MS)
    if timing is not None:
        yield from lap_notes(timing)
    if timing is not None and is_race:
        yield from sector_notes(timing)
        yield from late_lap_notes(timing)
        yield from _silence_notes(timing, statuses)
    if "TimingAppData" in timelines:
        yield from stint_notes(timelines["TimingAppData"])


def _order_notes(timeline: Timeline) -> Iterator[SessionNote]:
    """Name messages that go back in time, and messages that came twice."""
    repair = "; they are read in order" if timeline.topic in REPAIRED_TOPICS else ""
    back = [i for i, (a, b) in enumerate(pairwise(timeline.clocks), start=1) if b < a]
    if back:
        at = clock_text(timeline.clocks[back[0]])
        where = f"out of the order of the clock, first at {at}{repair}"
        yield SessionNote(timeline.topic, f"{count_text(back, 'message')} {where}")
    messages = list(zip(timeline.clocks, timeline.payloads, strict=True))
    if len(set(messages)) == len(messages):
        return
    seen: set[tuple[int, bytes]] = set()
    twice = []
    for message in messages:
        if message in seen:
            twice.append(message)
        seen.add(message)
    at = clock_text(twice[0][0])
    repair = "; they are read once" if timeline.topic in REPAIRED_TOPICS else ""
    yield SessionNote(timeline.topic, f"{count_text(twice, 'message')} came twice, first at {at}{repair}")


def _beat_notes(timeline: Timeline) -> Iterator[SessionNote]:
    """Name the longest silence of a topic that sends at a steady beat."""
    steps = [b - a for a, b in pairwise(timeline.clocks)]
    if not steps:
        return
    usual = median(steps)
    limit = max(_MISSED_BEATS * usual, _LEAST_SILENCE_MS)
    silences = [(step, timeline.clocks[i]) for i, step in enumerate(steps) if step > limit]
    if silences:
        longest, start = max(silences)
        yield SessionNote(
            timeline.topic,
            f"silent for {longest / 1000:.0f} s from {clock_text(start)}, "
            f"{count_text(silences, 'silence')} in all, where it sends every {usual / 1000:.1f} s",
        )


def _frame_notes(timing: Timeline | None, statuses: list[Status], tolerated_ms: int) -> Iterator[SessionNote]:
    """Name a feed that begins after the start, or stops before the end."""
    started = [at for at, status in statuses if status == "Started"]
    ended = [at for at, status in statuses if status in {"Finished", "Aborted"}]
    if not started:
        return
    if not ended or max(ended) < max(started):
        yield SessionNote("SessionStatus", "the session started, and nothing says that it ended")
    if timing is None or not timing.clocks:
        return
    if min(timing.clocks) > started[0]:
        late = (min(timing.clocks) - started[0]) / 1000
        yield SessionNote(timing.topic, f"begins {late:.0f} s after the session did")
    if ended and max(timing.clocks) < max(ended) - tolerated_ms:
        early = (max(ended) - max(timing.clocks)) / 1000
        yield SessionNote(timing.topic, f"stops {early:.0f} s before the session did")


def _silence_notes(timing: Timeline, statuses: list[Status]) -> Iterator[SessionNote]:
    """Name silences of a race while it ran."""
    for (start, status), (end, _) in pairwise(statuses):
        if status != "Started":
            continue
        inside = [start, *(at for at in timing.clocks if start <= at <= end), end]
        for a, b in pairwise(inside):
            if b - a > _RACE_SILENCE_MS:
                silence = f"silent for {(b - a) / 1000:.0f} s from {clock_text(a)} while the race ran"
                yield SessionNote(timing.topic, silence)


def _statuses(timeline: Timeline | None) -> list[Status]:
    if timeline is None:
        return []
    found = []
    for at, payload in zip(timeline.clocks, timeline.payloads, strict=True):
        value = json_value(payload)
        if isinstance(value, dict) and isinstance(value.get("Status"), str):
            found.append((at, value["Status"]))
    return sorted(found)
