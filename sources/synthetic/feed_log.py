"""What the timing feed sent and why: its messages, and the log that other topics are written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sources.synthetic.feed_state import Bests, State, changed
from sources.synthetic.session_run import SessionRun

LATEST_MS = 90
"""A message of the timing feed is 0 to 90 ms late; three in ten are not late at all."""


@dataclass(frozen=True)
class BestValue:
    """A car's new best: when, of what (``BestSectors`` 0, ``BestSpeeds`` ST, …), as text and as a score."""

    at_ms: int
    car_number: str
    group: str
    key: str
    text: str
    score: int


@dataclass
class FeedLog:
    """Messages of TimingData, and what happened in them.

    Attributes:
        run: The session.
        rng: Random numbers, for how late a message is.
        lines: What was sent so far, by car.
        messages: (session time, JSON), not yet in order.
        bests: Best values so far.
        best_values: Every new best of a car, for TimingStats.
        orders: (session time, cars in order), at each change, for Line and TopThree.
        gaps: (session time, car, gap to the leader, interval), for TopThree.
        lap_times: (session time, car, lap number, text, is best of all), for TimingAppData and TopThree.
        states: (session time, car, status), at each change, for TopThree.
    """

    run: SessionRun
    rng: np.random.Generator
    lines: dict[str, State] = field(default_factory=dict)
    messages: list[tuple[int, Any]] = field(default_factory=list)
    bests: Bests = field(default_factory=Bests)
    best_values: list[BestValue] = field(default_factory=list)
    orders: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    gaps: list[tuple[int, str, str, str]] = field(default_factory=list)
    lap_times: list[tuple[int, str, int, str, bool]] = field(default_factory=list)
    states: list[tuple[int, str, int]] = field(default_factory=list)

    def send(self, at_ms: int, patches: dict[str, State], *, is_late: bool = True, **top: object) -> None:
        """Send what is new in patches of cars' lines, a little late or (places and gaps) at once."""
        lines = {}
        for number, patch in patches.items():
            part = changed(self.lines[number], patch)
            if part:
                lines[number] = part
                if "Status" in part:
                    self.states.append((at_ms, number, part["Status"]))
        if lines or top:
            self.messages.append((at_ms + (self.late_ms() if is_late else 0), {**top, "Lines": lines}))

    def late_ms(self) -> int:
        """Return how late the next message is."""
        return max(int(self.rng.integers(-LATEST_MS * 3 // 7, LATEST_MS + 1)), 0)

    def best_of(
        self, at_ms: int, car_number: str, group: str, key: str, value: int, text: str
    ) -> tuple[State, dict[str, State]]:
        """Take a timed value: return its patch, and that of the car which held the best until now.

        Args:
            at_ms: Session time.
            car_number: The car.
            group: Name of the group in TimingStats; ``BestSpeeds`` are better when they are high.
            key: Key within the group.
            value: Milliseconds or km/h.
            text: The value as the feed writes it.
        """
        what = f"{group} {key}"
        before = self.bests.holder(what)
        high = group == "BestSpeeds"
        personal, overall = self.bests.update(car_number, what, value, high=high)
        if personal:
            score = -value if high else value
            self.best_values.append(BestValue(at_ms, car_number, group, key, text, score))
        patch: State = {"Value": text, "OverallFastest": overall, "PersonalFastest": personal}
        others = {}
        if overall and before is not None and before != car_number:
            others[before] = {"OverallFastest": False}
        return patch, others


def merged(*patches: State) -> State:
    """Return patches joined; where two speak of the same value, the later wins."""
    result: State = {}
    for patch in patches:
        for key, value in patch.items():
            if isinstance(value, dict) and isinstance(result.get(key), dict):
                result[key] = merged(result[key], value)
            else:
                result[key] = value
    return result
