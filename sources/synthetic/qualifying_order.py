"""The order of the invented qualifying as it goes, and the differences that the feed shows."""

from __future__ import annotations

from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.feed_state import State
from sources.synthetic.session_run import QualifyingPart, SessionRun
from sources.synthetic.wire_text import gap_text

_NO_TIME = 10**9


class QualifyingOrder:
    """Cars of the current part in order of their best times, and the ones that are out behind them."""

    def __init__(self, run: SessionRun) -> None:
        """Start in the first part, cars in the order of their numbers."""
        self._parts = run.parts
        self.part = run.parts[0]
        self.order = [entry.number for entry in run.entries]
        self._out: list[str] = []
        self._times: dict[str, list[int]] = {number: [] for number in self.order}

    def add(self, number: str, lap_ms: int) -> None:
        """Take a lap time of the current part."""
        self._times[number].append(lap_ms)

    def remove(self, number: str, lap_ms: int) -> None:
        """Take back a lap time that was deleted."""
        if lap_ms in self._times[number]:
            self._times[number].remove(lap_ms)

    def best(self, number: str) -> int | None:
        """Return a car's best time of the current part. Null if it has none."""
        return min(self._times[number], default=None)

    def begin(self, part: QualifyingPart) -> None:
        """Go to the next part: the slowest are out, the others start with no time."""
        running = self.order[: self.part.entries]
        self._out = [*running[self.part.advancing :], *self._out]
        self.part = part
        self._times = {number: [] for number in self._times}

    def knocked_out(self) -> list[str]:
        """Return the cars that do not go on from the current part."""
        return (
            self.order[self.part.advancing : self.part.entries] if self.part.number < len(self._parts) else []
        )

    def update(self) -> dict[str, State]:
        """Sort the cars by their times, and return what changes for each."""
        running = [number for number in self.order if number not in self._out]
        running.sort(key=lambda number: self.best(number) or _NO_TIME)
        self.order = [*running, *self._out]
        patches: dict[str, State] = {}
        fastest = self.best(running[0])
        previous: int | None = None
        for i, number in enumerate(self.order):
            best = self.best(number) if number not in self._out else None
            patch: State = {"Line": i + 1, "Position": str(i + 1)}
            if number not in self._out:
                patch["Cutoff"] = i >= self.part.advancing or best is None
            if best is not None and fastest is not None:
                index = str(self.part.number - 1)
                behind = gap_text(best - fastest) if i else ""
                interval = gap_text(best - previous) if previous is not None else ""
                patch["Stats"] = {index: {"TimeDiffToFastest": behind, "TimeDifftoPositionAhead": interval}}
            previous = best
            patches[number] = patch
        return patches

    def cut_off_text(self) -> str | None:
        """Return the first part's 107 % time. Null in the others and while nobody has a time."""
        fastest = self.best(self.order[0])
        if self.part.number != 1 or fastest is None:
            return None
        return lap_time_text(round(fastest * 1.07))
