"""What race control does about cars that stop on the track: found out one after the other.

Nothing changes before an interruption begins, so the race is run again with each decision that the run before
has shown to be necessary, with the same random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sources.synthetic.race_events import Interruption
from sources.synthetic.race_state import Race
from sources.synthetic.session_run import Retirement

_DEPLOYED_AFTER_MS, _RED_AFTER_MS = 25_000, 14_000
_STOPPAGE_MS = 1_260_000
_SLOW_LAPS_SHARE = 0.07


@dataclass(frozen=True)
class Decisions:
    """What is decided so far: interruptions in order, and stopped cars for which there is none."""

    interruptions: tuple[Interruption, ...] = ()
    without: frozenset[str] = frozenset()


def next_decision(race: Race, decided: Decisions) -> Decisions | None:
    """Return the decisions with the next one added. Null where the race, as it was run, needs no more."""
    known = decided.interruptions
    if known and known[-1].end_ms is None:
        end = _end_of(race, known[-1])
        if end is None:
            return Decisions(known[:-1], decided.without | {known[-1].car_number})
        return Decisions((*known[:-1], replace(known[-1], end_ms=end)), decided.without)
    treated = {interruption.car_number for interruption in known} | decided.without
    for stop in sorted(race.retirements, key=lambda stop: stop.stopped_ms):
        if not stop.on_track or stop.car_number in treated:
            continue
        found = _for_stop(race, stop)
        if found is None:
            return Decisions(known, decided.without | {stop.car_number})
        return Decisions((*known, found), decided.without)
    return None


def is_decided(race: Race, decided: Decisions, lap: int) -> bool:
    """Return whether a race run this far shows the next decision already; the rest need not be run."""
    known = decided.interruptions
    if known and known[-1].end_ms is None:
        return _end_of(race, known[-1]) is not None
    treated = {interruption.car_number for interruption in known} | decided.without
    waiting = [s for s in race.retirements if s.on_track and s.car_number not in treated]
    return any(lap > stop.laps_completed + 2 for stop in waiting)


def _for_stop(race: Race, stop: Retirement) -> Interruption | None:
    setup = race.setup
    if race.plans[stop.car_number].brings_red_flag:
        red_ms = float(stop.stopped_ms + _RED_AFTER_MS)
        begun = sum((race.leader_line(lap) or red_ms) < red_ms for lap in range(1, setup.laps))
        restart_ms = red_ms + _STOPPAGE_MS
        if not setup.is_resumed:
            return Interruption("red_flag", stop.car_number, red_ms, restart_ms, begun + 1)
        return Interruption("red_flag", stop.car_number, red_ms, None, begun + 1, restart_ms)
    if setup.neutralisation == "none":
        return None
    start = float(stop.stopped_ms + _DEPLOYED_AFTER_MS)
    return Interruption(setup.neutralisation, stop.car_number, start)


def _end_of(race: Race, interruption: Interruption) -> float | None:
    """Return the leader's line at which an interruption ends. Null where no lap would be left to race."""
    laps = race.setup.laps
    if interruption.kind == "red_flag":
        last = interruption.leader_lap + 1
    else:
        lines = (race.leader_line(lap) for lap in range(1, laps + 1))
        before = sum(line is not None and line <= interruption.start_ms for line in lines)
        last = min(before + 1 + max(1, round(_SLOW_LAPS_SHARE * laps)), laps - 1)
    line = race.leader_line(last) if last < laps else None
    return float(line) if line is not None and line > interruption.start_ms else None
