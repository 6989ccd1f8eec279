"""The order of an invented race at every mini-sector, and the gaps that the feed shows."""

from __future__ import annotations

from sources.synthetic.feed_state import State
from sources.synthetic.passages import Passage
from sources.synthetic.session_run import SessionRun
from sources.synthetic.wire_text import gap_text


class RaceOrder:
    """Cars in order of how many mini-sectors they have passed, and then of who passed the last one first."""

    def __init__(self, run: SessionRun) -> None:
        """Start in grid order."""
        self._minis = len(run.circuit.mini_ends)
        self._race_laps = run.total_laps
        stopped = {stop.car_number for stop in run.retirements if stop.on_track}
        self._laps = {n: len(laps) + (n in stopped) for n, laps in run.laps.items()}
        self.order = [entry.number for entry in run.entries]
        self._counts = dict.fromkeys(self.order, 0)
        self._times: dict[str, dict[int, int]] = {number: {} for number in self.order}

    def takes(self, passage: Passage) -> bool:
        """Return whether a passage is one of the race: not before its start, nor after the car's flag."""
        return 1 <= passage.lap_number <= self._laps[passage.car_number]

    def update(self, passage: Passage) -> dict[str, State]:
        """Take a passage, and return what changes: positions of cars, and the gaps of the one that passed."""
        number = passage.car_number
        count = (passage.lap_number - 1) * self._minis + passage.mini + 1
        self._counts[number] = count
        self._times[number][count] = passage.at_ms
        place = before = self.order.index(number)
        while place > 0 and self._counts[self.order[place - 1]] < count:
            place -= 1
        patches: dict[str, State] = {}
        if place != before:
            self.order.insert(place, self.order.pop(before))
            patches = {
                car: {"Line": i + 1, "Position": str(i + 1)}
                for i, car in enumerate(self.order[place : before + 1], start=place)
            }
        patches[number] = {**patches.get(number, {}), **self._gaps(passage, place, count)}
        return patches

    def _gaps(self, passage: Passage, place: int, count: int) -> State:
        if place == 0:
            lap = passage.lap_number + (passage.mini == self._minis - 1)
            lap = min(lap, self._race_laps)
            text = f"LAP {lap}"
            return {"GapToLeader": text, "IntervalToPositionAhead": {"Value": text}}
        gap = self._behind(self.order[0], passage.at_ms, count)
        interval = self._behind(self.order[place - 1], passage.at_ms, count)
        catching = interval.startswith("+") and float(interval) < 2.0
        return {"GapToLeader": gap, "IntervalToPositionAhead": {"Value": interval, "Catching": catching}}

    def _behind(self, other: str, at_ms: int, count: int) -> str:
        laps_down = (self._counts[other] - count) // self._minis
        if laps_down >= 1:
            return f"{laps_down}L"
        return gap_text(at_ms - self._times[other][count])
