"""Runs from the garage, in practice and qualifying: a lap out, timed laps, a lap in, on one set of tyres."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sources.synthetic.circuit import Circuit
from sources.synthetic.field import Entry
from sources.synthetic.lap_model import sector_times_ms
from sources.synthetic.session_flags import SessionFlag
from sources.synthetic.session_run import Lap, PitVisit, TyreSet
from sources.synthetic.trace import Knot, drive, pit_lane, trace_of

OUT_FACTOR, IN_FACTOR = 1.35, 1.30
"""What a lap out of the pits and one into them take, in reference laps."""

_SECTOR_SPREAD, _OUT_IN_SPREAD = 0.0018, (0.98, 1.03)


@dataclass(frozen=True)
class RunPlan:
    """One run.

    Attributes:
        leave_ms: When the car leaves its box.
        lap_s: What the timed laps take. Seconds.
        compound, is_fresh, start_age_laps: Its tyres.
        part: Part of qualifying; 0 in practice.
    """

    leave_ms: int
    lap_s: Sequence[float]
    compound: str
    is_fresh: bool
    start_age_laps: int
    part: int = 0


@dataclass
class GarageCar:
    """A car while its session is simulated."""

    entry: Entry
    knots: list[Knot]
    laps: list[Lap] = field(default_factory=list)
    sets: list[TyreSet] = field(default_factory=list)
    visits: list[PitVisit] = field(default_factory=list)
    arrived_ms: int | None = None

    @property
    def is_back_ms(self) -> float:
        """When the car is in its box again."""
        return self.knots[-1][0]

    def all_visits(self) -> list[PitVisit]:
        """Return the visits to the pits, the last one included, which has no end."""
        if self.arrived_ms is None:
            return self.visits
        return [*self.visits, PitVisit(self.entry.number, self.arrived_ms, None, len(self.laps))]


def cars_in_garage(entries: tuple[Entry, ...], circuit: Circuit) -> dict[str, GarageCar]:
    """Return the cars in their boxes, by number."""
    return {entry.number: GarageCar(entry, [(0.0, circuit.pit_box_progress)]) for entry in entries}


def counts(lap: Lap) -> bool:
    """Return whether a lap's time can be a best time: timed, from line to line, and not deleted."""
    return lap.has_lap_time and not lap.is_deleted and lap.pit_in_ms is None and lap.pit_out_ms is None


def drive_run(
    car: GarageCar,
    plan: RunPlan,
    circuit: Circuit,
    rng: np.random.Generator,
    flags: Sequence[SessionFlag] = (),
) -> None:
    """Add a run to a car: its way, laps, tyres and visit to the pits.

    Args:
        car: The car, in its box before the run begins.
        plan: The run. A red flag ends it with the lap that the car is in, or puts it off.
        circuit: The circuit.
        rng: Random numbers: how sectors share a lap, and how slow the laps out and in are.
        flags: Flags of the session.
    """
    for shown in flags:
        if shown.colour == "red":
            plan = _under_red(car, plan, circuit, copy.deepcopy(rng), flags, shown)
    slow = tuple(shown.slow_period for shown in flags)
    base, number = float(np.floor(car.knots[-1][1])), len(car.laps) + 1
    car.knots.append((float(plan.leave_ms), car.knots[-1][1]))
    out = pit_lane(plan.leave_ms, circuit.pit_box_m, circuit.pit_exit_m, base, circuit)
    out_ms = round(out[-1][0])
    car.visits.append(PitVisit(car.entry.number, car.arrived_ms, out_ms, number - 1))
    way = list(out)
    slow_s = circuit.lap_s * OUT_FACTOR * rng.uniform(*_OUT_IN_SPREAD)
    for i, lap_s in enumerate([slow_s, *plan.lap_s]):
        way += drive(way[-1], base + 1 + i, _sectors(lap_s, circuit, rng), circuit, slow)
    last = base + 1 + len(plan.lap_s)
    slow_s = circuit.lap_s * IN_FACTOR * rng.uniform(*_OUT_IN_SPREAD)
    way += drive(way[-1], last + circuit.pit_entry_progress, _sectors(slow_s, circuit, rng), circuit, slow)
    pit_in_ms = round(way[-1][0])
    way += pit_lane(way[-1][0], circuit.pit_entry_m, circuit.length_m, last, circuit)
    way += pit_lane(way[-1][0], 0.0, circuit.pit_box_m, last + 1, circuit)
    car.knots += way
    stint, age = len(car.sets) + 1, plan.start_age_laps
    car.sets.append(TyreSet(car.entry.number, stint, out_ms + 700, plan.compound, plan.is_fresh, age))
    goals = np.array([base + lap + end for lap in range(len(plan.lap_s) + 2) for end in circuit.sector_ends])
    times = [round(float(time)) for time in trace_of(way).time_at(goals)]
    _add_laps(car, plan, times, out_ms, pit_in_ms)
    car.arrived_ms = pit_in_ms


def _under_red(
    car: GarageCar,
    plan: RunPlan,
    circuit: Circuit,
    rng: np.random.Generator,
    flags: Sequence[SessionFlag],
    red: SessionFlag,
) -> RunPlan:
    """Return a run as a red flag leaves it: ended with the lap that the car is in, or begun after it.

    A car that would be on its way out when the flag is shown does not leave its box before the green light.
    """
    if plan.leave_ms >= red.end_ms:
        return plan
    trial = copy.deepcopy(car)
    drive_run(trial, plan, circuit, rng, [shown for shown in flags if shown.colour != "red"])
    ends = [lap.end_ms for lap in trial.laps[len(car.laps) :]]
    if ends[-1] <= red.start_ms:
        return plan
    done = sum(end <= red.start_ms for end in ends)
    if done == 0:
        waited_ms = max(plan.leave_ms - red.start_ms, 0) // 20 + 900 * int(car.entry.number) % 30_000
        return replace(plan, leave_ms=red.end_ms + 4_000 + waited_ms)
    return replace(plan, lap_s=tuple(plan.lap_s[: done - 1]))


def _add_laps(car: GarageCar, plan: RunPlan, times: list[int], out_ms: int, pit_in_ms: int) -> None:
    """Write the laps of a run down, from the times at the ends of its sectors."""
    is_first, count = not car.laps, len(plan.lap_s) + 2
    start = out_ms if is_first else car.laps[-1].end_ms
    for i in range(count):
        first, second, end = times[3 * i : 3 * i + 3]
        car.laps.append(
            Lap(
                car.entry.number,
                len(car.laps) + 1,
                start,
                (first, second),
                end,
                len(car.sets),
                plan.compound,
                plan.is_fresh,
                plan.start_age_laps + i + 1,
                part=plan.part,
            )
        )
        start = end
    # The feed does not time the first lap ever, nor the first sector after the garage.
    laps = car.laps
    laps[-count] = replace(laps[-count], pit_out_ms=out_ms, has_sector_1=False, has_lap_time=not is_first)
    laps[-1] = replace(laps[-1], pit_in_ms=pit_in_ms)


def _sectors(lap_s: float, circuit: Circuit, rng: np.random.Generator) -> list[float]:
    return sector_times_ms(lap_s, circuit, 1.0 + rng.normal(0.0, _SECTOR_SPREAD, 3))
