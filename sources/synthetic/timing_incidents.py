"""What TimingData says besides passing: pit lane, standing still, deleted laps, the next part, the end."""

from __future__ import annotations

from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.feed_log import FeedLog, merged
from sources.synthetic.feed_state import State
from sources.synthetic.garage_runs import counts
from sources.synthetic.qualifying_order import QualifyingOrder
from sources.synthetic.session_run import Lap, PitVisit, QualifyingPart, Retirement
from sources.synthetic.timing_start import IN_GARAGE

OUT_OF_PITS, SINCE_PITS, NORMAL, FINISHED = 608, 576, 64, 1088
"""Statuses of a car: leaving the pits, until its next line, as usual, and after its flag."""

PART_CHANGE_BEFORE_MS = 120_000
"""How long before the green light of a part of qualifying the times are cleared."""

_STOPPED, _RETIRED, _RETIRED_IN_PITS, _KNOCKED_OUT = 68, 76, 92, 208
_DELETED_AFTER_MS, _DELETED_IN_RACE_AFTER_MS = 21_000, 64_000
_LAST_MESSAGE_AFTER_MS = 314_000


def pit_in(log: FeedLog, visit: PitVisit) -> None:
    """Send that a car comes into the pits, and how often it has."""
    at = visit.in_ms or 0
    visits = [v.in_ms for v in log.run.pit_visits if v.car_number == visit.car_number]
    done = sum(in_ms is not None and in_ms <= at for in_ms in visits)
    log.send(at, {visit.car_number: {"InPit": True, "Status": IN_GARAGE, "NumberOfPitStops": done}})


def pit_out(log: FeedLog, visit: PitVisit) -> None:
    """Send that a car leaves the pits; other sessions than races count the lap into them only now."""
    clear: State = {"Value": ""}
    patch: State = {"InPit": False, "Status": NORMAL}
    if not log.run.is_race or visit.in_ms is not None:
        patch |= {
            "PitOut": True,
            "Status": OUT_OF_PITS,
            "Sectors": {str(i): dict(clear) for i in range(3)},
            "Speeds": {trap: dict(clear) for trap in ("I1", "I2", "ST")},
        }
    if not log.run.is_race:
        patch["NumberOfLaps"] = visit.in_lap_number + 1
    log.send(visit.out_ms or 0, {visit.car_number: patch})


def stop(log: FeedLog, retirement: Retirement) -> None:
    """Send that a car has stopped for good, and a while later that it has retired."""
    number, at = retirement.car_number, retirement.stopped_ms
    if not retirement.on_track:
        log.send(at + 40_000, {number: {"Retired": True, "Stopped": True, "Status": _RETIRED_IN_PITS}})
        return
    place = retirement.stop_progress % 1.0
    sector = str(sum(place > end for end in log.run.circuit.sector_ends))
    stopped: State = {"Stopped": True, "Status": _STOPPED, "Sectors": {sector: {"Stopped": True}}}
    log.send(at, {number: {"GapToLeader": "", **stopped}})
    log.send(at + 95_000, {number: {"Retired": True, "ShowPosition": False, "Status": _RETIRED}})


def begin_part(log: FeedLog, order: QualifyingOrder, part: QualifyingPart) -> None:
    """Knock the slowest out, and clear everybody's times for the next part."""
    at, clear = part.start_ms - PART_CHANGE_BEFORE_MS, {"Value": ""}
    out: State = {"KnockedOut": True, "Cutoff": True, "Status": _KNOCKED_OUT}
    log.send(at - 900, {number: dict(out) for number in order.knocked_out()})
    order.begin(part)
    running = order.order[: part.entries]
    patch: State = {
        "BestLapTimes": {str(part.number - 1): dict(clear)},
        "Sectors": {str(i): dict(clear) for i in range(3)},
        "Speeds": {"I1": dict(clear), "I2": dict(clear)},
        "BestLapTime": {"Value": "", "_deleted": ["Lap"]},
        "LastLapTime": dict(clear),
    }
    log.send(at, dict.fromkeys(running, patch), SessionPart=part.number)
    for number in running:
        log.lines[number]["BestLapTime"] = dict(clear)


def deleted_at_ms(log: FeedLog, lap: Lap) -> int:
    """Return when race control deletes a lap's time."""
    return lap.end_ms + (_DELETED_IN_RACE_AFTER_MS if log.run.is_race else _DELETED_AFTER_MS)


def delete(log: FeedLog, lap: Lap, patches: dict[str, State], top: State) -> None:
    """Send the best time that is left to a car; nothing of it where the deleted one was not its best.

    Args:
        log: The feed.
        lap: The deleted lap.
        patches: What else changes by it: places in qualifying.
        top: Values outside the cars' lines.
    """
    number = lap.car_number
    if log.lines[number]["BestLapTime"].get("Lap") == lap.lap_number:
        best = _best_left(log, lap)
        left: State = {"Value": "", "_deleted": ["Lap"]}
        if best is not None:
            left = {"Value": lap_time_text(best.lap_ms), "Lap": best.lap_number}
        patches = merged(patches, {number: {"BestLapTime": left}})
    log.send(deleted_at_ms(log, lap), patches, **top)
    if log.lines[number]["BestLapTime"].pop("_deleted", None):
        log.lines[number]["BestLapTime"] = {"Value": ""}


def end(log: FeedLog, order: list[str]) -> None:
    """Send a race's last message: nobody is catching anybody any more."""
    patches: dict[str, State] = {number: {"IntervalToPositionAhead": {"Catching": False}} for number in order}
    patches[order[0]] = {"GapToLeader": "", "IntervalToPositionAhead": {"Value": ""}}
    log.send(log.run.finished_ms + _LAST_MESSAGE_AFTER_MS, patches)


def _best_left(log: FeedLog, deleted: Lap) -> Lap | None:
    at_ms = deleted_at_ms(log, deleted)
    laps = [
        lap
        for lap in log.run.laps[deleted.car_number]
        if lap.end_ms <= at_ms and lap.part == deleted.part and counts(lap)
    ]
    return min(laps, key=lambda lap: lap.lap_ms, default=None)
