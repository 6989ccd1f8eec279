"""What race control says about an invented race, and the status of the track, from the model's events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from sources.synthetic import control_texts as say
from sources.synthetic.field import Entry
from sources.synthetic.race_events import Interruption
from sources.synthetic.race_model import RACE_START_MS
from sources.synthetic.race_state import Race
from sources.synthetic.rain import RainSpell
from sources.synthetic.session_run import ControlMessage, Lap, Penalty, Retirement

Laps = Mapping[str, tuple[Lap, ...]]
Status = tuple[int, str, str]

_CLEARED_AFTER_MS, _RESUMES_BEFORE_MS, _GIVEN_UP_BEFORE_MS = 560_000, 590_000, 8_000


class RaceStory:
    """Collects what is said and shown; :attr:`control` and :attr:`status` are in order of time."""

    def __init__(self, race: Race, laps: Laps, flag_ms: int, local_zero: datetime) -> None:
        """Prepare the story of a race whose flag was shown at a session time, and zero on the local clock."""
        self._race, self._laps, self._flag_ms = race, laps, flag_ms
        self._zero = local_zero
        self._entries = {car.entry.number: car.entry for car in race.cars}
        self._said: list[ControlMessage] = []
        self._status: list[Status] = [(0, "1", "AllClear")]

    @property
    def control(self) -> tuple[ControlMessage, ...]:
        """Messages of race control."""
        return tuple(sorted(self._said, key=lambda message: message.at_ms))

    @property
    def status(self) -> tuple[Status, ...]:
        """Changes of the track's status."""
        return tuple(sorted(self._status, key=lambda change: change[0]))

    def tell(self, penalties: tuple[Penalty, ...], deleted: Lap | None) -> None:
        """Tell the whole race."""
        self._frame()
        for stop in self._race.retirements:
            if stop.on_track:
                self._stopped_car(stop)
        for interruption in self._race.interruptions:
            self._interruption(interruption)
        if self._race.rain is not None:
            self._rain(self._race.rain)
        for penalty in penalties:
            entry = self._entries[penalty.car_number]
            self._say(
                penalty.announced_ms, say.other(say.penalty_text(entry, penalty.seconds, penalty.reason))
            )
        if deleted is not None:
            text = say.deleted_text(
                self._entries[deleted.car_number],
                deleted,
                len(self._race.circuit.corners_m),
                self._local(deleted.sector_ends_ms[1] + 3_000),
            )
            self._say(deleted.end_ms + 64_000, say.other(text))
        self._blue_flags()

    def _say(self, at_ms: float, fields: Mapping[str, object]) -> None:
        self._said.append(ControlMessage(round(at_ms), fields))

    def _show(self, at_ms: float, code: str, name: str) -> None:
        self._status.append((round(at_ms), code, name))

    def _local(self, at_ms: float) -> datetime:
        return self._zero + timedelta(milliseconds=at_ms)

    def _frame(self) -> None:
        """Say what is said before the start, at the start and at the flag of every race."""
        chance = 0 if self._race.rain is None else 60
        name = "RACE" if self._race.setup.code == "R" else "SPRINT"
        begin, first = RACE_START_MS, min(laps[0].end_ms for laps in self._laps.values() if laps)
        self._say(begin - 660_000, say.flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN"))
        self._say(begin - 360_000, say.other("PIT EXIT CLOSED"))
        self._say(begin - 300_000, say.other(f"RISK OF RAIN FOR F1 {name} IS {chance}%"))
        self._say(begin - 180_000, say.drs("DISABLED"))
        self._say(begin + 210, say.flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN"))
        self._say(first + 330, say.drs("ENABLED"))
        if not any(item.ends_the_race for item in self._race.interruptions):
            self._say(self._flag_ms + 180, say.flag("CHEQUERED", "CHEQUERED FLAG"))

    def _stopped_car(self, stop: Retirement) -> None:
        """Wave yellow flags; they are taken in after a while where nothing else follows."""
        sector = 1 + int((stop.stop_progress % 1.0) * 17)
        yellow = say.sector_flag("DOUBLE YELLOW", sector, f"DOUBLE YELLOW IN TRACK SECTOR {sector}")
        self._say(stop.stopped_ms - 4_000, yellow)
        if self._race.interruption_in(stop.stopped_ms - 4_001, stop.stopped_ms - 4_000) is None:
            self._show(stop.stopped_ms - 4_000, "2", "Yellow")
        if all(item.car_number != stop.car_number for item in self._race.interruptions):
            clear = say.sector_flag("CLEAR", sector, f"CLEAR IN TRACK SECTOR {sector}")
            self._say(stop.stopped_ms + 40_000, clear)
            self._show(stop.stopped_ms + 40_000, "1", "AllClear")

    def _interruption(self, item: Interruption) -> None:
        start, end = round(item.start_ms), round(item.until_ms)
        if item.kind == "red_flag":
            self._say(start, say.flag("RED", "RED FLAG"))
            self._show(start, "5", "Red")
            if item.restart_ms is None:
                self._say(end - _GIVEN_UP_BEFORE_MS, say.other("RACE WILL NOT BE RESUMED"))
            else:
                self._restart(start, round(item.restart_ms), end)
            return
        mode = "VIRTUAL SAFETY CAR" if item.kind == "virtual_safety_car" else "SAFETY CAR"
        self._say(start, say.safety_car("DEPLOYED", mode, f"{mode} DEPLOYED"))
        self._say(start + 400, say.drs("DISABLED"))
        if item.kind == "virtual_safety_car":
            self._show(start, "6", "VSCDeployed")
            self._show(end - 12_000, "7", "VSCEnding")
            self._say(end - 12_000, say.safety_car("ENDING", mode, f"{mode} ENDING"))
        else:
            self._show(start, "4", "SCDeployed")
            self._say(end - 95_000, say.safety_car("IN THIS LAP", mode, f"{mode} IN THIS LAP"))
        self._clear(end)

    def _restart(self, red: int, restart: int, end: int) -> None:
        """Clear the track, and start a stopped race again behind the safety car."""
        self._say(restart - _RESUMES_BEFORE_MS, say.other(say.resume_text(self._local(restart + 60_000))))
        self._say(red + _CLEARED_AFTER_MS, say.flag("CLEAR", "TRACK CLEAR"))
        self._show(red + _CLEARED_AFTER_MS, "1", "AllClear")
        self._say(restart, say.safety_car("DEPLOYED", "SAFETY CAR", "SAFETY CAR DEPLOYED"))
        self._show(restart, "4", "SCDeployed")
        self._say(restart + 400, say.drs("DISABLED"))
        self._say(end - 60_000, say.safety_car("IN THIS LAP", "SAFETY CAR", "SAFETY CAR IN THIS LAP"))
        self._clear(end)

    def _clear(self, end: int) -> None:
        self._say(end, say.flag("CLEAR", "TRACK CLEAR"))
        self._say(end + 92_000, say.drs("ENABLED"))
        self._show(end, "1", "AllClear")

    def _rain(self, rain: RainSpell) -> None:
        for at, text in (
            (rain.start_ms + 35_000, "LOW GRIP CONDITIONS"),
            (rain.wet_ms, "WET TRACK"),
            (rain.dry_ms, "NORMAL GRIP CONDITIONS"),
        ):
            if at < self._flag_ms:
                self._say(at, say.other(text))

    def _blue_flags(self) -> None:
        """Show a blue flag each time that the leader is about to lap a car."""
        count = max(len(laps) for laps in self._laps.values())
        leader = [
            min(laps[lap - 1].end_ms for laps in self._laps.values() if len(laps) >= lap)
            for lap in range(1, count + 1)
        ]
        for number, laps in self._laps.items():
            down = 0
            for lap in laps:
                ahead = int(np.searchsorted(leader, lap.end_ms, side="right")) - lap.lap_number
                if ahead > down:
                    at = lap.end_ms - 9_000
                    self._say(at, say.blue_flag(self._entry(number), self._local(at)))
                down = max(down, ahead)

    def _entry(self, number: str) -> Entry:
        return self._entries[number]
