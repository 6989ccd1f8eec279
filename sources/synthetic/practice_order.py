"""The order of an invented practice as it goes, and the differences that the feed shows."""

from __future__ import annotations

from sources.synthetic.feed_state import State
from sources.synthetic.session_run import SessionRun
from sources.synthetic.wire_text import gap_text

_NO_TIME = 10**9


class PracticeOrder:
    """Cars in order of their best times; those without one stay as they came."""

    def __init__(self, run: SessionRun) -> None:
        """Start in the order of the entries."""
        self.order = [entry.number for entry in run.entries]
        self._times: dict[str, list[int]] = {number: [] for number in self.order}

    def add(self, number: str, lap_ms: int) -> None:
        """Take a lap time."""
        self._times[number].append(lap_ms)

    def remove(self, number: str, lap_ms: int) -> None:
        """Take back a lap time that was deleted."""
        if lap_ms in self._times[number]:
            self._times[number].remove(lap_ms)

    def best(self, number: str) -> int | None:
        """Return a car's best time. Null if it has none."""
        return min(self._times[number], default=None)

    def update(self) -> dict[str, State]:
        """Sort the cars by their times, and return what changes for each."""
        self.order.sort(key=lambda number: self.best(number) or _NO_TIME)
        patches: dict[str, State] = {}
        fastest, previous = self.best(self.order[0]), None
        for i, number in enumerate(self.order):
            best = self.best(number)
            patch: State = {"Line": i + 1, "Position": str(i + 1)}
            if best is not None and fastest is not None:
                patch["TimeDiffToFastest"] = gap_text(best - fastest) if i else ""
                patch["TimeDiffToPositionAhead"] = gap_text(best - previous) if previous is not None else ""
            previous = best
            patches[number] = patch
        return patches
