"""TimingData: what changes at every mini-sector, sector, line and speed trap, in the feed's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from sources.synthetic import timing_incidents as incidents
from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.feed_log import FeedLog, merged
from sources.synthetic.feed_state import State
from sources.synthetic.passages import Passage, car_passages, speed_kph, trap_passages
from sources.synthetic.practice_order import PracticeOrder
from sources.synthetic.qualifying_order import QualifyingOrder
from sources.synthetic.race_order import RaceOrder
from sources.synthetic.session_run import Lap, SessionRun
from sources.synthetic.timing_start import begin
from sources.synthetic.wire_text import sector_text

Event = tuple[int, int, Callable[[], None]]
"""Session time, which first at the same time, what to do."""

_MINI_PLAIN, _MINI_PERSONAL, _MINI_OVERALL, _MINI_PITS = 2048, 2049, 2051, 2064
_SPEEDS = ("I1", "I2", "FL")
_FIRST_TRAP_AFTER_MS = 3_000


class TimingFeed:
    """Writes TimingData of one session, event by event."""

    def __init__(self, run: SessionRun) -> None:
        """Prepare the feed of a session; :meth:`write` fills it."""
        self.run = run
        self.log = FeedLog(run, np.random.default_rng([len(run.entries), run.end_ms]))
        self.race = RaceOrder(run) if run.is_race else None
        self.qualifying = QualifyingOrder(run) if run.is_qualifying else None
        self.by_time = self.qualifying or (None if run.is_race else PracticeOrder(run))
        self._laps = {(lap.car_number, lap.lap_number): lap for laps in run.laps.values() for lap in laps}
        self._mini_ends = np.cumsum(run.circuit.mini_counts).tolist()

    def write(self) -> FeedLog:
        """Return the feed's messages and its log."""
        begin(self.log)
        events = [*self._passing(), *self._incidents(), *self._qualifying_events()]
        for _, _, act in sorted(events, key=lambda event: event[:2]):
            act()
        if self.race is not None:
            incidents.end(self.log, self.race.order)
        return self.log

    def _passing(self) -> Iterator[Event]:
        """Yield every passage of a mini-sector's end and of the speed trap."""
        run = self.run
        for entry in run.entries:
            number = entry.number
            for passage in car_passages(run, number):
                yield passage.at_ms, 2, partial(self._pass, passage)
            for at, lap, speed in trap_passages(run, number):
                if 1 <= lap <= len(run.laps[number]) and at > run.start_ms + _FIRST_TRAP_AFTER_MS:
                    yield at, 1, partial(self._trap, at, number, speed)

    def _incidents(self) -> Iterator[Event]:
        """Yield visits to the pits, retirements and deleted laps."""
        for visit in self.run.pit_visits:
            if visit.in_ms is not None:
                yield visit.in_ms, 0, partial(incidents.pit_in, self.log, visit)
            if visit.out_ms is not None:
                yield visit.out_ms, 0, partial(incidents.pit_out, self.log, visit)
        for retirement in self.run.retirements:
            yield retirement.stopped_ms, 4, partial(incidents.stop, self.log, retirement)
        for lap in self._laps.values():
            if lap.is_deleted:
                yield incidents.deleted_at_ms(self.log, lap), 4, partial(self._delete, lap)

    def _qualifying_events(self) -> Iterator[Event]:
        if self.qualifying is None:
            return
        for part in self.run.parts[1:]:
            at = part.start_ms - incidents.PART_CHANGE_BEFORE_MS
            yield at, 4, partial(incidents.begin_part, self.log, self.qualifying, part)

    def _pass(self, passage: Passage) -> None:
        """Send a mini-sector, the sector and lap that end with it, and in a race places and gaps."""
        number = passage.car_number
        self.log.send(passage.at_ms, {number: {"Sectors": self._mini_patch(passage)}})
        lap = self._laps.get((number, passage.lap_number))
        if lap is not None and passage.mini + 1 in self._mini_ends:
            self._sector(passage, lap, self._mini_ends.index(passage.mini + 1))
        if self.race is None or not self.race.takes(passage):
            return
        patches = self.race.update(passage)
        # At once: FastF1 takes the gap sent nearest to the end of a lap to align the cars' clocks.
        self.log.send(passage.at_ms, patches, is_late=False)
        if len(patches) > 1:
            self.log.orders.append((passage.at_ms, tuple(self.race.order)))
        line = self.log.lines[number]
        interval = line["IntervalToPositionAhead"]["Value"]
        self.log.gaps.append((passage.at_ms, number, line["GapToLeader"], interval))

    def _mini_patch(self, passage: Passage) -> State:
        """Return the state of the mini-sector passed; the first of a lap clears all others."""
        patch: State = {}
        if passage.mini == 0:
            for i, count in enumerate(self.run.circuit.mini_counts):
                patch[str(i)] = {"Segments": {str(mini): {"Status": 0} for mini in range(count)}}
        sector = int(np.searchsorted(self._mini_ends, passage.mini, side="right"))
        index = passage.mini - (self._mini_ends[sector - 1] if sector else 0)
        return merged(
            patch, {str(sector): {"Segments": {str(index): {"Status": self._mini_status(passage)}}}}
        )

    def _mini_status(self, passage: Passage) -> int:
        if passage.in_pits:
            return _MINI_PITS
        if not passage.took_ms or passage.lap_number < 1:
            return _MINI_PLAIN
        what = f"mini {passage.mini}"
        personal, overall = self.log.bests.update(passage.car_number, what, passage.took_ms)
        return _MINI_OVERALL if overall else _MINI_PERSONAL if personal else _MINI_PLAIN

    def _sector(self, passage: Passage, lap: Lap, sector: int) -> None:
        """Send a sector's time and speed; the first clears the others, the third ends the lap."""
        number, at, key = passage.car_number, passage.at_ms, str(sector)
        patch = self._cleared(lap) if sector == 0 else {}
        others: dict[str, State] = {}
        if sector or lap.has_sector_1:
            value = lap.sectors_ms[sector]
            timed, was = self.log.best_of(at, number, "BestSectors", key, value, sector_text(value))
            patch = merged(patch, {"Sectors": {key: timed}})
            others = {car: {"Sectors": {key: part}} for car, part in was.items()}
        if not passage.in_pits:
            trap = _SPEEDS[sector]
            moment = np.array([float(at)])
            speed = round(float(speed_kph(self.run.traces[number], self.run.circuit, moment)[0]))
            timed, was = self.log.best_of(at, number, "BestSpeeds", trap, speed, str(speed))
            patch = merged(patch, {"Speeds": {trap: timed}})
            others = merged(others, {car: {"Speeds": {trap: part}} for car, part in was.items()})
        if sector == 2:
            self._line(lap, patch, others)
        else:
            self.log.send(at, merged(others, {number: patch}))
        if sector or lap.has_sector_1:
            follow: State = {"Sectors": {key: {"PreviousValue": sector_text(lap.sectors_ms[sector])}}}
            self.log.send(at + 150 + int(self.log.rng.integers(0, 3_000)), {number: follow})

    def _cleared(self, lap: Lap) -> State:
        """Return what the end of the first sector clears: the rest of the lap before."""
        clear: State = {"Value": "", "PersonalFastest": False}
        patch: State = {
            "Sectors": {"1": dict(clear), "2": dict(clear)},
            "Speeds": {"I2": dict(clear), "FL": dict(clear)},
        }
        if self.run.is_race:
            patch["Speeds"]["ST"] = dict(clear)
        if lap.pit_out_ms is not None:
            patch |= {"PitOut": False, "Status": incidents.SINCE_PITS}
        return patch

    def _line(self, lap: Lap, patch: State, others: dict[str, State]) -> None:
        """Send the end of a lap; in qualifying's pit lane it is counted only when the car leaves again."""
        number, at = lap.car_number, lap.end_ms
        if self.run.is_race or lap.pit_in_ms is None:
            patch["NumberOfLaps"] = lap.lap_number + (0 if self.run.is_race else 1)
            if self.log.lines[number].get("Status") == incidents.SINCE_PITS:
                patch["Status"] = incidents.NORMAL
        if self.run.is_race and at >= self.run.finished_ms and lap is self.run.laps[number][-1]:
            patch["Status"] = incidents.FINISHED
        top: State = {}
        if lap.has_lap_time and (lap.pit_in_ms is not None or lap.pit_out_ms is not None):
            # A lap through the pits is timed, but can be nobody's best.
            plain: State = {"OverallFastest": False, "PersonalFastest": False}
            patch["LastLapTime"] = {"Value": lap_time_text(lap.lap_ms), **plain}
        elif lap.has_lap_time:
            patch, others = self._timed_lap(lap, patch, others)
            if self.by_time is not None:
                self.by_time.add(number, lap.lap_ms)
                patches, top = self._sorted_by_time(self.by_time, at)
                others = merged(others, patches)
        self.log.send(at, merged(others, {number: patch}), **top)

    def _timed_lap(self, lap: Lap, patch: State, others: dict[str, State]) -> tuple[State, dict[str, State]]:
        """Return the patches with the time of a lap from line to line, and whose best it is."""
        number, at, text = lap.car_number, lap.end_ms, lap_time_text(lap.lap_ms)
        timed, was = self.log.best_of(at, number, "PersonalBestLapTime", "", lap.lap_ms, text)
        others = merged(others, {car: {"LastLapTime": part} for car, part in was.items()})
        self.log.lap_times.append((at, number, lap.lap_number, text, bool(timed["OverallFastest"])))
        is_best = bool(timed["PersonalFastest"])
        best: State = {"Value": text, "Lap": lap.lap_number}
        if self.by_time is not None:
            before = self.by_time.best(number)
            is_best = before is None or lap.lap_ms < before
            if is_best and self.qualifying is not None:
                patch |= {"BestLapTimes": {str(lap.part - 1): best}, "Status": incidents.NORMAL}
        if is_best:
            patch |= {"BestLapTime": best, "ShowPosition": True}
        return merged(patch, {"LastLapTime": timed}), others

    def _sorted_by_time(
        self, order: QualifyingOrder | PracticeOrder, at_ms: int
    ) -> tuple[dict[str, State], State]:
        before = list(order.order)
        patches = order.update()
        if order.order != before:
            self.log.orders.append((at_ms, tuple(order.order)))
        text = self.qualifying.cut_off_text() if self.qualifying is not None else None
        return patches, {"CutOffTime": text} if text is not None else {}

    def _trap(self, at_ms: int, number: str, speed: int) -> None:
        timed, was = self.log.best_of(at_ms, number, "BestSpeeds", "ST", speed, str(speed))
        others: dict[str, State] = {car: {"Speeds": {"ST": part}} for car, part in was.items()}
        self.log.send(at_ms, merged(others, {number: {"Speeds": {"ST": timed}}}))

    def _delete(self, lap: Lap) -> None:
        patches: dict[str, State] = {}
        top: State = {}
        if self.by_time is not None:
            self.by_time.remove(lap.car_number, lap.lap_ms)
            patches, top = self._sorted_by_time(self.by_time, incidents.deleted_at_ms(self.log, lap))
        incidents.delete(self.log, lap, patches, top)
