"""TimingData: the full state first, then what changes at every mini-sector, sector, line and pit lane."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.feed_log import FeedLog, merged
from sources.synthetic.feed_state import State, as_objects, changed
from sources.synthetic.passages import Passage, car_passages, speed_kph, trap_passages
from sources.synthetic.qualifying_order import QualifyingOrder
from sources.synthetic.race_order import RaceOrder
from sources.synthetic.session_run import Lap, PitVisit, QualifyingPart, Retirement, SessionRun
from sources.synthetic.wire_text import sector_text

_IN_PITS, _OUT_OF_PITS, _SINCE_PITS, _NORMAL, _STOPPED, _FINISHED, _KNOCKED_OUT = (
    80,
    608,
    576,
    64,
    68,
    1088,
    208,
)
_MINI_PLAIN, _MINI_PERSONAL, _MINI_OVERALL, _MINI_PITS, _MINI_STOPPED = 2048, 2049, 2051, 2064, 2052
_PART_CHANGE_BEFORE_MS = 120_000
_SPEEDS = ("I1", "I2", "FL")


class TimingFeed:
    """Writes TimingData of one session, passage by passage."""

    def __init__(self, run: SessionRun) -> None:
        """Prepare the feed of a session; :meth:`write` fills it."""
        self.run = run
        self.log = FeedLog(run, np.random.default_rng([len(run.entries), run.end_ms]))
        self.race = RaceOrder(run) if run.is_race else None
        self.qualifying = None if run.is_race else QualifyingOrder(run)
        self._laps = {(lap.car_number, lap.lap_number): lap for laps in run.laps.values() for lap in laps}
        self._mini_ends = np.cumsum(run.circuit.mini_counts).tolist()

    def write(self) -> FeedLog:
        """Return the feed's messages and its log."""
        self._send_first_state()
        for _, _, act in sorted(self._events(), key=lambda event: event[:2]):
            act()
        return self.log

    def _events(self) -> Iterator[tuple[int, int, Callable[[], None]]]:
        """Yield everything that happens: (session time, which first at the same time, what to do)."""
        run = self.run
        for entry in run.entries:
            for passage in car_passages(run, entry.number):
                yield passage.at_ms, 2, lambda p=passage: self._pass(p)
            for at, lap, speed in trap_passages(run, entry.number):
                if 1 <= lap <= len(run.laps[entry.number]) and at > run.start_ms + 3_000:
                    yield at, 1, lambda a=at, n=entry.number, v=speed: self._trap(a, n, v)
        for visit in run.pit_visits:
            if visit.in_ms is not None:
                yield visit.in_ms, 0, lambda v=visit: self._pit_in(v)
            if visit.out_ms is not None:
                yield visit.out_ms, 0, lambda v=visit: self._pit_out(v)
        for stop in run.retirements:
            yield stop.stopped_ms, 4, lambda s=stop: self._stop(s)
        for part in run.parts[1:]:
            yield part.start_ms - _PART_CHANGE_BEFORE_MS, 4, lambda p=part: self._begin_part(p)
        for lap in self._laps.values():
            if lap.is_deleted:
                yield lap.end_ms + (64_000 if run.is_race else 21_000), 4, lambda x=lap: self._delete(x)
        yield run.finished_ms + 314_000, 5, self._end

    def _send_first_state(self) -> None:
        """Send the empty start, the full state of all cars, and the empty mini-sectors."""
        run, is_race = self.run, self.run.is_race
        blank: State = {"Value": "", "Status": 0, "OverallFastest": False, "PersonalFastest": False}
        lines: dict[str, State] = {}
        for i, entry in enumerate(run.entries):
            race: State = {"GapToLeader": "", "IntervalToPositionAhead": {"Value": "", "Catching": False}}
            blanks = [{"TimeDiffToFastest": "", "TimeDifftoPositionAhead": ""} for _ in range(3)]
            qualifying: State = {
                "KnockedOut": False, "Cutoff": True, "BestLapTimes": [{"Value": ""}, {}, {}], "Stats": blanks,
            }  # fmt: skip
            lines[entry.number] = {
                **(race if is_race else qualifying),
                "Line": i + 1,
                "Position": str(i + 1),
                "ShowPosition": is_race,
                "RacingNumber": entry.number,
                "Retired": False,
                "InPit": True,
                "PitOut": False,
                "Stopped": False,
                "Status": 80 if is_race else 272,
                "Sectors": [{"Stopped": False, **blank} for _ in range(3)],
                "Speeds": {trap: dict(blank) for trap in ("I1", "I2", "FL", "ST")},
                "BestLapTime": {"Value": ""},
                "LastLapTime": dict(blank),
            }
        start: dict[str, Any] = {} if is_race else {"NoEntries": [0, 0, 0], "SessionPart": 0}
        self.log.messages.append((3_797, {**start, "Lines": {}, "Withheld": False}))
        entries = {str(part.number - 1): part.entries for part in run.parts}
        top: dict[str, Any] = {
            "NoEntries": entries,
            "SessionPart": 1,
            "CutOffTime": "",
            "CutOffPercentage": "107",
        }
        self.log.messages.append((25_579, {**({} if is_race else top), "Lines": lines}))
        self.log.lines = {number: as_objects(line) for number, line in lines.items()}
        minis = {
            str(s): {"Segments": [{"Status": 0} for _ in range(n)]}
            for s, n in enumerate(run.circuit.mini_counts)
        }
        for state in self.log.lines.values():
            changed(state, as_objects({"Sectors": minis}))
        self.log.messages.append((28_766, {"Lines": {n: {"Sectors": minis} for n in lines}}))
        self.log.orders.append((25_579, tuple(lines)))

    def _pass(self, passage: Passage) -> None:
        self.log.send(passage.at_ms, {passage.car_number: {"Sectors": self._mini_patch(passage)}})
        sector = self._mini_ends.index(passage.mini + 1) if passage.mini + 1 in self._mini_ends else None
        lap = self._laps.get((passage.car_number, passage.lap_number))
        if sector is not None and lap is not None:
            self._sector(passage, lap, sector)
        if self.race is not None and self.race.takes(passage):
            patches = self.race.update(passage)
            # At once: FastF1 takes the gap sent nearest to the end of a lap to align the cars' clocks.
            self.log.send(passage.at_ms, patches, is_late=False)
            if len(patches) > 1:
                self.log.orders.append((passage.at_ms, tuple(self.race.order)))
            line = self.log.lines[passage.car_number]
            interval = line["IntervalToPositionAhead"]["Value"]
            self.log.gaps.append((passage.at_ms, passage.car_number, line["GapToLeader"], interval))

    def _mini_patch(self, passage: Passage) -> State:
        """Return the state of the mini-sector passed; the first of a lap clears all others."""
        minis = self.run.circuit.mini_counts
        patch: State = {}
        if passage.mini == 0:
            patch = {
                str(s): {"Segments": {str(i): {"Status": 0} for i in range(n)}} for s, n in enumerate(minis)
            }
        status = _MINI_PITS if passage.in_pits else _MINI_PLAIN
        if not passage.in_pits and passage.took_ms and passage.lap_number >= 1:
            personal, overall = self.log.bests.update(
                passage.car_number, f"mini {passage.mini}", passage.took_ms
            )
            status = _MINI_OVERALL if overall else _MINI_PERSONAL if personal else _MINI_PLAIN
        sector = int(np.searchsorted(self._mini_ends, passage.mini, side="right"))
        index = passage.mini - (self._mini_ends[sector - 1] if sector else 0)
        return merged(patch, {str(sector): {"Segments": {str(index): {"Status": status}}}})

    def _sector(self, passage: Passage, lap: Lap, sector: int) -> None:
        """Send a sector's time and speed; the first clears the others, the third ends the lap."""
        number, at = passage.car_number, passage.at_ms
        patch: State = {}
        others: dict[str, State] = {}
        if sector == 0:
            clear: State = {"Value": "", "PersonalFastest": False}
            patch = {
                "Sectors": {"1": dict(clear), "2": dict(clear)},
                "Speeds": {"I2": dict(clear), "FL": dict(clear)},
            }
            if self.run.is_race:
                patch["Speeds"]["ST"] = dict(clear)
            if lap.pit_out_ms is not None:
                patch |= {"PitOut": False, "Status": _SINCE_PITS}
        if sector or lap.has_sector_1:
            value = lap.sectors_ms[sector]
            timed, others = self.log.best_of(
                at, number, "BestSectors", str(sector), value, sector_text(value)
            )
            patch = merged(patch, {"Sectors": {str(sector): timed}})
            others = {car: {"Sectors": {str(sector): part}} for car, part in others.items()}
        if not passage.in_pits:
            trap = _SPEEDS[sector]
            trace = self.run.traces[number]
            speed = round(float(speed_kph(trace, self.run.circuit, np.array([float(at)]))[0]))
            timed, was = self.log.best_of(at, number, "BestSpeeds", trap, speed, str(speed))
            patch = merged(patch, {"Speeds": {trap: timed}})
            others = merged(others, {car: {"Speeds": {trap: part}} for car, part in was.items()})
        if sector == 2:
            self._line(lap, patch, others)
        else:
            self.log.send(at, {**others, number: patch})
        if sector or lap.has_sector_1:
            follow = {"Sectors": {str(sector): {"PreviousValue": sector_text(lap.sectors_ms[sector])}}}
            self.log.send(at + 150 + int(self.log.rng.integers(0, 3_000)), {number: follow})

    def _line(self, lap: Lap, patch: State, others: dict[str, State]) -> None:
        """Send the end of a lap; in qualifying's pit lane the lap is counted only when the car leaves again."""
        number, at = lap.car_number, lap.end_ms
        in_qualifying_pits = self.qualifying is not None and lap.pit_in_ms is not None
        if not in_qualifying_pits:
            patch["NumberOfLaps"] = lap.lap_number + (0 if self.run.is_race else 1)
            if self.log.lines[number].get("Status") == _SINCE_PITS:
                patch["Status"] = _NORMAL
        if self.run.is_race and at >= self.run.finished_ms and lap is self.run.laps[number][-1]:
            patch["Status"] = _FINISHED
        if lap.has_lap_time:
            counts = lap.pit_in_ms is None and lap.pit_out_ms is None
            patch, others = self._lap_time(lap, patch, others, counts=counts)
        top: dict[str, Any] = {}
        if (
            self.qualifying is not None
            and lap.has_lap_time
            and lap.pit_in_ms is None
            and lap.pit_out_ms is None
        ):
            self.qualifying.add(number, lap.lap_ms)
            patches, top = self._sorted_qualifying(at)
            others = merged(others, patches)
        self.log.send(at, merged(others, {number: patch}), **top)

    def _lap_time(
        self, lap: Lap, patch: State, others: dict[str, State], *, counts: bool
    ) -> tuple[State, dict[str, State]]:
        """Return the patches with the lap's time; a lap through the pits cannot be a best one."""
        number, at, text = lap.car_number, lap.end_ms, lap_time_text(lap.lap_ms)
        timed: State = {"Value": text, "OverallFastest": False, "PersonalFastest": False}
        if counts:
            timed, was = self.log.best_of(at, number, "PersonalBestLapTime", "", lap.lap_ms, text)
            others = merged(others, {car: {"LastLapTime": part} for car, part in was.items()})
            self.log.lap_times.append((at, number, lap.lap_number, text, bool(timed["OverallFastest"])))
        best_of_part = self.qualifying.best(number) if self.qualifying is not None else None
        is_best = (
            timed["PersonalFastest"]
            if self.run.is_race
            else best_of_part is None or lap.lap_ms < best_of_part
        )
        if counts and is_best:
            best = {"Value": text, "Lap": lap.lap_number}
            patch["BestLapTime"] = best
            patch["ShowPosition"] = True
            if not self.run.is_race:
                patch["BestLapTimes"] = {str(lap.part - 1): best}
                patch["Status"] = _NORMAL
        return merged(patch, {"LastLapTime": timed}), others

    def _sorted_qualifying(self, at_ms: int) -> tuple[dict[str, State], dict[str, Any]]:
        assert self.qualifying is not None  # noqa: S101 - for the type checker: callers have asked
        before = list(self.qualifying.order)
        patches = self.qualifying.update()
        if self.qualifying.order != before:
            self.log.orders.append((at_ms, tuple(self.qualifying.order)))
        text = self.qualifying.cut_off_text()
        return patches, {"CutOffTime": text} if text is not None else {}

    def _trap(self, at_ms: int, number: str, speed: int) -> None:
        timed, was = self.log.best_of(at_ms, number, "BestSpeeds", "ST", speed, str(speed))
        others = {car: {"Speeds": {"ST": part}} for car, part in was.items()}
        self.log.send(at_ms, {**others, number: {"Speeds": {"ST": timed}}})

    def _pit_in(self, visit: PitVisit) -> None:
        done = sum(
            v.in_ms is not None and v.in_ms <= (visit.in_ms or 0)
            for v in self.run.pit_visits
            if v.car_number == visit.car_number
        )
        patch = {"InPit": True, "Status": _IN_PITS, "NumberOfPitStops": done}
        self.log.send(visit.in_ms or 0, {visit.car_number: patch})

    def _pit_out(self, visit: PitVisit) -> None:
        at, number = visit.out_ms or 0, visit.car_number
        clear: State = {"Value": ""}
        patch: State = {"InPit": False, "Status": _NORMAL}
        is_race_start = self.run.is_race and visit.in_ms is None
        if not is_race_start:
            patch |= {
                "PitOut": True,
                "Status": _OUT_OF_PITS,
                "Sectors": {str(i): dict(clear) for i in range(3)},
                "Speeds": {trap: dict(clear) for trap in ("I1", "I2", "ST")},
            }
        if not self.run.is_race:
            patch["NumberOfLaps"] = visit.in_lap_number + 1
        self.log.send(at, {number: patch})

    def _stop(self, stop: Retirement) -> None:
        number, at = stop.car_number, stop.stopped_ms
        if stop.on_track:
            sector = str(int(np.searchsorted(self.run.circuit.sector_ends, stop.stop_progress % 1.0)))
            patch: State = {"Stopped": True, "Status": _STOPPED, "Sectors": {sector: {"Stopped": True}}}
            self.log.send(at, {number: {"GapToLeader": "", **patch}})
            self.log.send(at + 95_000, {number: {"Retired": True, "ShowPosition": False, "Status": 76}})
        else:
            self.log.send(at + 40_000, {number: {"Retired": True, "Stopped": True, "Status": 92}})

    def _begin_part(self, part: QualifyingPart) -> None:
        """Knock the slowest out, and clear everybody's times for the next part."""
        assert self.qualifying is not None  # noqa: S101 - for the type checker: only qualifying has parts
        at, index = part.start_ms - _PART_CHANGE_BEFORE_MS, str(part.number - 1)
        out = self.qualifying.knocked_out()
        self.log.send(
            at - 900, {n: {"KnockedOut": True, "Cutoff": True, "Status": _KNOCKED_OUT} for n in out}
        )
        self.qualifying.begin(part)
        running = self.qualifying.order[: part.entries]
        clear: State = {"Value": ""}
        patch: State = {
            "BestLapTimes": {index: dict(clear)},
            "Sectors": {str(i): dict(clear) for i in range(3)},
            "Speeds": {"I1": dict(clear), "I2": dict(clear)},
            "BestLapTime": {"Value": "", "_deleted": ["Lap"]},
            "LastLapTime": dict(clear),
        }
        self.log.send(at, {number: patch for number in running}, SessionPart=part.number)
        for number in running:
            self.log.lines[number]["BestLapTime"] = {"Value": ""}

    def _delete(self, lap: Lap) -> None:
        """Send the best time that is left after race control deleted one; nothing where it was not the best."""
        number = lap.car_number
        at = lap.end_ms + (64_000 if self.run.is_race else 21_000)
        patches: dict[str, State] = {}
        top: dict[str, Any] = {}
        if self.qualifying is not None:
            self.qualifying.remove(number, lap.lap_ms)
            patches, top = self._sorted_qualifying(at)
        if self.log.lines[number]["BestLapTime"].get("Lap") == lap.lap_number:
            best = self._best_left(lap)
            left: State = {"Value": "", "_deleted": ["Lap"]}
            if best is not None:
                left = {"Value": lap_time_text(best.lap_ms), "Lap": best.lap_number}
            patches = merged(patches, {number: {"BestLapTime": left}})
        self.log.send(at, patches, **top)
        if self.log.lines[number]["BestLapTime"].pop("_deleted", None):
            self.log.lines[number]["BestLapTime"] = {"Value": ""}

    def _best_left(self, deleted: Lap) -> Lap | None:
        laps = [
            lap
            for lap in self.run.laps[deleted.car_number]
            if lap.lap_number < deleted.lap_number and lap.part == deleted.part
            and lap.has_lap_time and lap.pit_in_ms is None and lap.pit_out_ms is None
        ]  # fmt: skip
        return min(laps, key=lambda lap: lap.lap_ms, default=None)

    def _end(self) -> None:
        """Send the last message of all: who stands still has no interval any more."""
        if self.race is not None:
            patch: State = {"IntervalToPositionAhead": {"Catching": False}}
            patches: dict[str, State] = {number: dict(patch) for number in self.race.order}
            patches[self.race.order[0]] = {"GapToLeader": "", "IntervalToPositionAhead": {"Value": ""}}
            self.log.send(self.run.finished_ms + 314_000, patches)
