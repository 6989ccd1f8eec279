"""The cars of an invented race while it is run: plan, tyres, way and laps of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from sources.synthetic.circuit import Circuit
from sources.synthetic.field import Entry
from sources.synthetic.lap_model import SLICKS
from sources.synthetic.race_setup import RaceSetup
from sources.synthetic.session_run import Lap, PitVisit, TyreSet
from sources.synthetic.strategy_plan import StintPlan, planned_stints
from sources.synthetic.trace import Knot, drive, pit_lane

_LEAVE_BEFORE_MS, _FORMATION_BEFORE_MS = 640_000, 205_000
_GRID_SLOT_M = 8.0
_RETIREMENT_SHARES, _RED_FLAG_SHARE = (0.17, 0.5, 0.74), 0.8
_FINAL_RED_FLAG_SHARE = 0.45


@dataclass(frozen=True)
class RetirementPlan:
    """Which car retires in which lap, and where: on the track at a progress, or in the pits after it."""

    car_number: str
    lap: int
    on_track: bool
    progress: float
    brings_red_flag: bool = False


@dataclass
class RaceCar:
    """One car while the race is run."""

    index: int
    entry: Entry
    stints: tuple[StintPlan, ...]
    grid: int
    knots: list[Knot] = field(default_factory=list)
    laps: list[Lap] = field(default_factory=list)
    sets: list[TyreSet] = field(default_factory=list)
    visits: list[PitVisit] = field(default_factory=list)
    lap_ends: list[int] = field(default_factory=list)
    knot_counts: list[int] = field(default_factory=list)
    age_laps: int = 0
    stint: int = 0
    is_in_pits: bool = False
    stopped: bool = False
    is_called_in: bool = False
    had_slow_stop: bool = False
    released_ms: float | None = None
    red_flags_answered: int = 0

    @property
    def plan(self) -> StintPlan:
        """The stint that the car is in."""
        return self.stints[self.stint]

    @property
    def line_ms(self) -> float:
        """When the car was last at the line; its place on the grid before the first lap."""
        return float(self.lap_ends[-1]) if self.lap_ends else float(self.grid)

    @property
    def slot_m(self) -> float:
        """How far behind the line the car starts. Metres."""
        return 10.0 + _GRID_SLOT_M * self.grid

    def replan(self, compound: str) -> None:
        """Change the plan: these tyres, new, after the stint that the car is in, and on to the flag."""
        self.stints = (
            *self.stints[: self.stint + 1],
            StintPlan(compound, is_fresh=True, start_age_laps=0, stop_lap=None),
        )

    def plan_change_under_red(self, lap: int) -> None:
        """Make sure that there are tyres to go on with: those planned next, or others of the kind."""
        if self.stint + 1 == len(self.stints):
            compound = self.plan.compound
            if compound in SLICKS:
                compound = "MEDIUM" if compound == "HARD" else "HARD"
            self.replan(compound)
        later = self.stints[self.stint + 1]
        if later.stop_lap is not None and later.stop_lap <= lap + 2:
            self.stints = (*self.stints[: self.stint + 1], replace(later, stop_lap=None))

    def fit(self, announced_ms: int, stint: int) -> None:
        """Put on the tyres of a stint of the plan."""
        self.stint, plan = stint, self.stints[stint]
        self.age_laps = plan.start_age_laps
        self.sets.append(
            TyreSet(
                self.entry.number, stint + 1, announced_ms, plan.compound, plan.is_fresh, plan.start_age_laps
            )
        )


def cars_on_grid(setup: RaceSetup, grid: tuple[Entry, ...], circuit: Circuit, start_ms: int) -> list[RaceCar]:
    """Return the cars on their grid slots, tyres fitted, laps to the grid and formation lap driven."""
    rng = np.random.default_rng(setup.stream(4))
    cars = []
    for slot, entry in enumerate(grid):
        plan = planned_stints(rng, setup.laps if setup.has_stops else 1)
        car = RaceCar(slot, entry, plan, slot)
        car.fit(start_ms - 480_000 + 37 * slot, 0)
        _drive_to_grid(car, circuit, start_ms, int(rng.integers(0, 90_000)))
        cars.append(car)
    return cars


def _drive_to_grid(car: RaceCar, circuit: Circuit, start_ms: int, wait_ms: int) -> None:
    """Leave the garage, drive a lap to the grid, and later the formation lap."""
    slot = circuit.progress_at(circuit.length_m - car.slot_m) - 1.0
    slow = [2.0 * circuit.lap_s * 1000 * share for share in circuit.sector_shares]
    box = circuit.pit_box_progress
    leave = float(start_ms - _LEAVE_BEFORE_MS + wait_ms)
    out = pit_lane(leave, circuit.pit_box_m, circuit.pit_exit_m, -2.0, circuit)
    car.visits.append(PitVisit(car.entry.number, None, round(out[-1][0]), 0))
    car.knots = [(0.0, box - 2.0), (leave, box - 2.0), *out, *drive(out[-1], slot - 1.0, slow, circuit, ())]
    away = float(start_ms - _FORMATION_BEFORE_MS + 900 * car.grid)
    car.knots.append((away, slot - 1.0))
    faster = [0.85 * value for value in slow]
    car.knots += drive(car.knots[-1], -1.0, faster, circuit, ())
    car.knots += drive(car.knots[-1], slot, faster, circuit, ())
    car.knots.append((float(start_ms), slot))


def planned_retirements(setup: RaceSetup, grid: tuple[Entry, ...]) -> tuple[RetirementPlan, ...]:
    """Return who retires, where and when: never one of the first three of the grid if others are there.

    The first stops on the track, the next in the pits. Where a red flag is asked for, one more stops on the
    track after four fifths of the race, or before half of it where it is not resumed.
    """
    rng = np.random.default_rng(setup.stream(5))
    wanted = setup.retirements + setup.red_flag
    count = min(wanted, max(len(grid) - 2, 0))
    first = min(3, len(grid) - count)
    chosen = rng.permutation(np.arange(first, len(grid)))[:count].tolist()
    plans = []
    if setup.red_flag and chosen:
        share = _RED_FLAG_SHARE if setup.is_resumed else _FINAL_RED_FLAG_SHARE
        lap = min(max(round(share * setup.laps), 2), setup.laps - 3)
        progress = float(rng.uniform(0.25, 0.45))
        number = grid[chosen.pop()].number
        plans.append(RetirementPlan(number, lap, on_track=True, progress=progress, brings_red_flag=True))
    for i, slot in enumerate(chosen):
        lap = min(max(round(_RETIREMENT_SHARES[i] * setup.laps), 2), setup.laps - 1)
        progress = float(rng.uniform(0.42, 0.62)) if i == 0 else 1.0
        plans.append(RetirementPlan(grid[slot].number, lap, i == 0, progress))
    return tuple(plans)
