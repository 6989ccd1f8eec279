"""The invented race: laps of all cars against each other, stops, a safety car, retirements, the flag.

The race is run lap by lap; within a lap the cars are taken in the order in which they began it, so each
knows when the cars ahead of it end the lap. A car that would catch another passes it with a probability
that grows with the time it is faster by (a gain of 1.3 s in a lap is a sure pass; TUM: 1.26 to 3.75 s), or
stays 0.35 to 0.95 s behind. Nobody passes under the safety car.

It is run up to three times with the same random numbers: once to learn when the first car stops on the track,
once to learn when the leader ends the safety car's last lap, and once for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.synthetic.circuit import Circuit, invented_circuit
from sources.synthetic.field import Entry
from sources.synthetic.options import WeekendOptions
from sources.synthetic.race_cars import RaceCar, RetirementPlan, cars_on_grid, planned_retirements
from sources.synthetic.race_lap import LapWay, PitPlan, breakdown, lap_way
from sources.synthetic.race_pace import (
    CATCHING_FACTOR,
    COLD_TYRES_S,
    SAFETY_CAR_FACTOR,
    SLOW_STOP_S,
    VIRTUAL_FACTOR,
    RaceDraws,
    free_lap_s,
    fuel_kg,
    race_draws,
    sector_times_ms,
)
from sources.synthetic.session_run import Lap, PitVisit, Retirement
from sources.synthetic.trace import SlowPeriod

RACE_START_MS = 903_212
"""Session time at which the lights go out."""

_SURE_PASS_MS = 1_300.0
_QUEUE_GAP_MS = 700.0
_DEPLOYED_AFTER_MS = 25_000
_SLOW_LAPS_SHARE = 0.07
_STOP_EARLY_SHARE = 0.22
_FOREVER = 1e12


@dataclass
class Race:
    """A race while it is run, and after.

    Attributes:
        options, circuit, draws, plans: What it is run from.
        cars: Cars in grid order.
        slow_start_ms, slow_end_ms, slow_last_lap: The safety car's period, where known: deployment, the
            leader's line after its last lap, and that lap's number.
        retirements: Cars that retired.
        tow_laps: Laps begun within a second of the car ahead.
    """

    options: WeekendOptions
    circuit: Circuit
    draws: RaceDraws
    plans: dict[str, RetirementPlan]
    cars: list[RaceCar]
    slow_start_ms: float | None = None
    slow_end_ms: float | None = None
    slow_last_lap: int | None = None
    retirements: list[Retirement] = field(default_factory=list)
    tow_laps: set[tuple[str, int]] = field(default_factory=set)

    @property
    def is_virtual(self) -> bool:
        """Whether the safety car is the virtual one."""
        return self.options.neutralisation == "virtual_safety_car"


def run_laps(options: WeekendOptions, grid: tuple[Entry, ...]) -> Race:
    """Return the race, run to the full distance by every car that does not retire.

    Args:
        options: Seed, distance, and what goes wrong.
        grid: Entries in grid order.
    """
    race = _run(options, grid, None, None)
    stops = [r.stopped_ms for r in race.retirements if r.on_track]
    if not stops or options.neutralisation == "none":
        return race
    start = float(min(stops) + _DEPLOYED_AFTER_MS)
    race = _run(options, grid, start, None)
    if race.slow_end_ms is None:
        return _run(options, grid, None, None)
    return _run(options, grid, start, race.slow_end_ms)


def _run(
    options: WeekendOptions, grid: tuple[Entry, ...], slow_start: float | None, slow_end: float | None
) -> Race:
    circuit = invented_circuit()
    race = Race(
        options,
        circuit,
        race_draws(options.seed, len(grid), options.race_laps),
        {plan.car_number: plan for plan in planned_retirements(options, grid)},
        cars_on_grid(options, grid, circuit, RACE_START_MS),
        slow_start,
        slow_end,
    )
    for lap in range(1, options.race_laps + 1):
        _run_lap(race, lap)
        _end_slow_period(race, lap)
    return race


def _run_lap(race: Race, lap: int) -> None:
    running = sorted((car for car in race.cars if not car.stopped), key=lambda car: car.line_ms)
    ahead: list[int] = []
    leader_end: float | None = None
    taken: set[int] = set()
    previous_line: float | None = None
    for car in running:
        if previous_line is not None and lap > 2 and car.line_ms - previous_line < 1_000:
            race.tow_laps.add((car.entry.number, lap))
        previous_line = car.line_ms
        plan = race.plans.get(car.entry.number)
        into_pits = _goes_in(race, car, lap, plan)
        slow = _slow_periods(race, car, leader_end, is_leader=leader_end is None)
        way = _free_way(race, car, lap, slow, into_pits=into_pits)
        if plan is not None and plan.on_track and plan.lap == lap:
            _break_down(race, car, lap, way, plan)
            continue
        if not into_pits and not car.is_in_pits:
            way = _behind_others(race, car, lap, way, ahead)
        while way.end_ms in taken:
            way = way.delayed_to(way.end_ms + 7) if not into_pits else _later_in_lane(way)
        taken.add(way.end_ms)
        if leader_end is None:
            leader_end = float(way.end_ms)
        if not into_pits:
            ahead.append(way.end_ms)
        _finish_lap(race, car, lap, way, plan)


def _later_in_lane(way: LapWay) -> LapWay:
    """Return a way into the pits that ends 7 ms later, so that no two cars cross the line as one."""
    *knots, last = way.knots
    return LapWay([*knots, (last[0] + 7, last[1])], way.fixed, way.end_ms + 7, way.pit_in_ms, way.pit_out_ms)


def _goes_in(race: Race, car: RaceCar, lap: int, plan: RetirementPlan | None) -> bool:
    """Return whether a car comes in at a lap's end: to retire, as planned, or early behind a safety car."""
    if plan is not None and plan.lap == lap:
        return not plan.on_track
    stop = car.plan.stop_lap
    if stop is None or lap == 1 or car.is_in_pits:
        return False
    if lap == stop:
        return True
    if race.slow_start_ms is None or lap > race.options.race_laps - 2 or car is _last_finisher(race):
        return False
    until = race.slow_end_ms if race.slow_end_ms is not None else _FOREVER
    is_slow = race.slow_start_ms <= car.line_ms + 0.55 * race.circuit.lap_s * 1000 and car.line_ms < until
    return is_slow and stop - lap <= _STOP_EARLY_SHARE * race.options.race_laps and stop > lap


def _slow_periods(
    race: Race, car: RaceCar, leader_end: float | None, *, is_leader: bool
) -> tuple[SlowPeriod, ...]:
    if race.slow_start_ms is None:
        return ()
    end = race.slow_end_ms if race.slow_end_ms is not None else _FOREVER
    if race.is_virtual:
        return (SlowPeriod(race.slow_start_ms, end, VIRTUAL_FACTOR),)
    is_lapped = leader_end is not None and car.line_ms > leader_end
    factor = SAFETY_CAR_FACTOR if is_leader or is_lapped else CATCHING_FACTOR
    return (SlowPeriod(race.slow_start_ms, end, factor),)


def _free_way(race: Race, car: RaceCar, lap: int, slow: tuple[SlowPeriod, ...], *, into_pits: bool) -> LapWay:
    draws, i = race.draws, car.index
    lap_s = free_lap_s(
        race.circuit,
        car.entry.pace_s,
        fuel_kg(lap, race.options.race_laps),
        car.plan.compound,
        car.age_laps + 1,
    )
    lap_s += car.entry.lap_sigma_s * float(draws.noise[i, lap]) + (COLD_TYRES_S if car.is_in_pits else 0.0)
    sectors = sector_times_ms(lap_s, race.circuit, draws.sector_noise[i, lap])
    has_trouble = car is _last_finisher(race) and car.stint == len(car.stints) - 2
    standing = 1000.0 * (float(draws.standing_s[i, lap]) + (SLOW_STOP_S if has_trouble else 0.0))
    return lap_way(car, lap, sectors, race.circuit, slow, PitPlan(into_pits, standing))


def _last_finisher(race: Race) -> RaceCar:
    return next(car for car in reversed(race.cars) if car.entry.number not in race.plans)


def _behind_others(race: Race, car: RaceCar, lap: int, way: LapWay, ahead: list[int]) -> LapWay:
    """Return a car's way after meeting the cars that began the lap before it."""
    start = way.knots[0][0]
    until = race.slow_end_ms if race.slow_end_ms is not None else _FOREVER
    is_slow = race.slow_start_ms is not None and race.slow_start_ms < way.end_ms and start < until
    gap = (
        _QUEUE_GAP_MS
        if is_slow and not race.is_virtual
        else 1000.0 * float(race.draws.following[car.index, lap])
    )
    end = float(way.end_ms)
    for other in sorted(ahead, reverse=True):
        if other + gap <= end:
            break
        gain = other - way.end_ms
        if not is_slow and gain > 0 and gain / _SURE_PASS_MS > float(race.draws.duel[car.index, lap]):
            continue
        end = max(end, other + gap)
        break
    return way if round(end) == way.end_ms else way.delayed_to(round(end))


def _break_down(race: Race, car: RaceCar, lap: int, way: LapWay, plan: RetirementPlan) -> None:
    knots, stopped = breakdown([car.knots[-1], *way.knots], lap - 1 + plan.progress)
    car.knots += knots[1:]
    car.stopped = True
    race.retirements.append(
        Retirement(
            car.entry.number, stopped, on_track=True, laps_completed=lap - 1, stop_progress=knots[-1][1]
        )
    )


def _finish_lap(race: Race, car: RaceCar, lap: int, way: LapWay, plan: RetirementPlan | None) -> None:
    """Write a lap down, change tyres on the way out of the pits, and park a car that retires."""
    start = car.lap_ends[-1] if car.lap_ends else RACE_START_MS
    if way.pit_out_ms is not None:
        car.fit(way.pit_out_ms + 4_000, car.stint + 1)
        entered = next(done.pit_in_ms for done in reversed(car.laps) if done.pit_in_ms is not None)
        car.visits.append(PitVisit(car.entry.number, entered, way.pit_out_ms, lap - 1))
    car.age_laps += 1
    ends = {progress: time for time, progress in way.knots}
    first, second = (round(ends[lap - 1 + end]) for end in race.circuit.sector_ends[:2])
    car.laps.append(
        Lap(
            car.entry.number,
            lap,
            start,
            (first, second),
            way.end_ms,
            car.stint + 1,
            car.plan.compound,
            car.plan.is_fresh,
            car.age_laps,
            way.pit_in_ms,
            way.pit_out_ms,
            has_sector_1=lap > 1,
            has_lap_time=lap > 1,
        )
    )  # fmt: skip
    car.knots += way.knots
    car.lap_ends.append(way.end_ms)
    car.knot_counts.append(len(car.knots))
    car.is_in_pits = way.pit_in_ms is not None
    if plan is not None and not plan.on_track and plan.lap == lap:
        car.stopped = True
        race.retirements.append(
            Retirement(
                car.entry.number, way.end_ms + 12_000, on_track=False, laps_completed=lap, stop_progress=lap
            )
        )


def _end_slow_period(race: Race, lap: int) -> None:
    """Fix the safety car's last lap once the leader is behind it, and its end once that lap is driven."""
    if race.slow_start_ms is None:
        return
    line = min(car.lap_ends[-1] for car in race.cars if len(car.lap_ends) == lap)
    if race.slow_last_lap is None and line > race.slow_start_ms:
        last = lap + max(1, round(_SLOW_LAPS_SHARE * race.options.race_laps))
        race.slow_last_lap = min(last, race.options.race_laps - 1)
    if race.slow_end_ms is None and race.slow_last_lap is not None and lap >= race.slow_last_lap > 0:
        race.slow_end_ms = float(line) if line > race.slow_start_ms and lap < race.options.race_laps else None
