"""The invented race: laps of all cars against each other, stops, interruptions, retirements.

This and the modules that it calls (``race_cars``, ``race_lap``, ``race_tactics``, ``race_traffic``,
``race_interruptions``, ``lap_model``, ``rain``) are the model; none knows how the feed writes anything.

The race is run lap by lap; within a lap the cars are taken in the order in which they began it, so each
knows when the cars ahead of it end the lap.
"""

from __future__ import annotations

from dataclasses import replace

from sources.synthetic.circuit import invented_circuit
from sources.synthetic.field import Entry
from sources.synthetic.lap_model import PARAMETERS, free_lap_s, fuel_kg, race_draws
from sources.synthetic.race_cars import RaceCar, RetirementPlan, cars_on_grid, planned_retirements
from sources.synthetic.race_events import Interruption
from sources.synthetic.race_interruptions import Decisions, is_decided, next_decision
from sources.synthetic.race_lap import LapWay, PitPlan, breakdown, lap_way
from sources.synthetic.race_setup import RaceSetup
from sources.synthetic.race_state import Race
from sources.synthetic.race_tactics import goes_in, judged
from sources.synthetic.race_traffic import CarAhead, behind_others
from sources.synthetic.rain import planned_rain
from sources.synthetic.session_run import Lap, PitVisit, Retirement
from sources.synthetic.timetable import RACE_LEAD_MS
from sources.synthetic.trace import SlowPeriod

RACE_START_MS = RACE_LEAD_MS
"""Session time at which the lights go out."""

_LEAVES_AFTER_MS, _LAPPED_LEAVE_AFTER_MS = 1_300, 32_000


def run_laps(setup: RaceSetup, grid: tuple[Entry, ...]) -> Race:
    """Return the race, run to the full distance, or until it is stopped, by every car that does not retire.

    Args:
        setup: Distance, random numbers, and what goes wrong.
        grid: Entries in grid order.
    """
    decided = Decisions()
    while True:
        race = _run(setup, grid, decided)
        following = next_decision(race, decided)
        if following is None:
            race.undercuts = [judged(race, tried) for tried in race.undercuts]
            return race
        decided = following


def _run(setup: RaceSetup, grid: tuple[Entry, ...], decided: Decisions) -> Race:
    """Return the race with these decisions; only as far as it takes to see that another is needed."""
    circuit = invented_circuit()
    race = Race(
        setup,
        circuit,
        race_draws(setup.stream(3), len(grid), setup.laps, circuit),
        {plan.car_number: plan for plan in planned_retirements(setup, grid)},
        cars_on_grid(setup, grid, circuit, RACE_START_MS),
        planned_rain(setup.rain, RACE_START_MS, setup.laps, circuit.lap_s),
        decided.interruptions,
    )
    for lap in range(1, setup.laps + 1):
        _run_lap(race, lap)
        if is_decided(race, decided, lap):
            break
    return race


def _run_lap(race: Race, lap: int) -> None:
    running = [car for car in race.cars if not (car.stopped or car.is_called_in)]
    running.sort(key=lambda car: car.line_ms)
    ahead: list[CarAhead] = []
    taken: set[int] = set()
    leader_end: float | None = None
    waiting = 0
    before: RaceCar | None = None
    for car in running:
        number, started_ms = car.entry.number, car.line_ms
        if before is not None and lap > 2 and started_ms - before.lap_ends[lap - 2] < 1_000:
            race.tow_laps.add((number, lap))
        if car.released_ms is not None:
            car.released_ms += _LEAVES_AFTER_MS * waiting
            waiting += 1
        slow = _slow_periods(race, sets_the_pace=leader_end is None or car.line_ms > leader_end)
        plan = race.plans.get(number)
        into_pits = goes_in(race, car, lap, before)
        before = car
        if plan is not None and plan.on_track and plan.lap == lap:
            _break_down(race, car, lap, _free_way(race, car, lap, slow, into_pits=False), plan)
            continue
        way, is_stopped = _way(race, car, lap, slow, ahead, into_pits=into_pits)
        while way.end_ms in taken:
            way = way.delayed_to(way.end_ms + 7) if way.pit_in_ms is None else _later_in_lane(way)
        taken.add(way.end_ms)
        leader_end = float(way.end_ms) if leader_end is None else leader_end
        if way.pit_in_ms is None or is_stopped is not None:
            ahead.append(CarAhead(number, started_ms, way))
        _finish_lap(race, car, lap, way, plan)
        if is_stopped is not None:
            _wait_in_lane(car, lap, is_stopped)


def _way(
    race: Race,
    car: RaceCar,
    lap: int,
    slow: tuple[SlowPeriod, ...],
    ahead: list[CarAhead],
    *,
    into_pits: bool,
) -> tuple[LapWay, Interruption | None]:
    """Return a car's way among the others, and the red flag that sends it to the pits, if one does."""
    way = _free_way(race, car, lap, slow, into_pits=into_pits)
    held_up, overtakes = len(race.held_up), len(race.overtakes)
    if not into_pits and (not car.is_in_pits or car.released_ms is not None):
        way = behind_others(race, car, lap, way, ahead)
    red = _red_flag_in(race, car, way)
    if red is None:
        return way, None
    if not into_pits:
        del race.held_up[held_up:], race.overtakes[overtakes:]
        way = behind_others(race, car, lap, _free_way(race, car, lap, slow, into_pits=True), ahead)
    return way, red


def _red_flag_in(race: Race, car: RaceCar, way: LapWay) -> Interruption | None:
    """Return the red flag that a car meets in a lap for the first time. Null if none."""
    reds = [flag for flag in race.interruptions if flag.kind == "red_flag" and flag.start_ms < way.end_ms]
    return reds[car.red_flags_answered] if len(reds) > car.red_flags_answered else None


def _wait_in_lane(car: RaceCar, lap: int, red: Interruption) -> None:
    """Have a car wait for the restart, with other tyres; who is laps down leaves after the rest."""
    car.red_flags_answered += 1
    if red.ends_the_race:
        car.is_called_in = True
        return
    car.plan_change_under_red(lap)
    down = max(red.leader_lap - lap, 0)
    car.released_ms = (red.restart_ms or 0.0) + _LAPPED_LEAVE_AFTER_MS * down


def _later_in_lane(way: LapWay) -> LapWay:
    """Return a way into the pits that ends 7 ms later, so that no two cars cross the line as one."""
    *knots, last = way.knots
    return replace(way, knots=[*knots, (last[0] + 7, last[1])], end_ms=way.end_ms + 7)


def _slow_periods(race: Race, *, sets_the_pace: bool) -> tuple[SlowPeriod, ...]:
    return tuple(item.slow_period(sets_the_pace=sets_the_pace) for item in race.interruptions)


def _free_way(race: Race, car: RaceCar, lap: int, slow: tuple[SlowPeriod, ...], *, into_pits: bool) -> LapWay:
    draws, i, setup = race.draws, car.index, race.setup
    tyres = car.stints[car.stint + 1] if car.is_in_pits else car.plan
    age_laps = tyres.start_age_laps if car.is_in_pits else car.age_laps
    lap_s = free_lap_s(
        race.circuit.lap_s + PARAMETERS.race_gap_s,
        car.entry.pace_s,
        fuel_kg(lap, setup.laps, setup.fuel_kg),
        tyres.compound,
        age_laps + 1,
        race.wetness_at(max(car.line_ms, car.released_ms or 0.0) + 500.0 * race.circuit.lap_s),
    )
    lap_s += car.entry.lap_sigma_s * draws.noise[i][lap] + (
        PARAMETERS.cold_tyres_s if car.is_in_pits else 0.0
    )
    sectors = [1000.0 * lap_s * share for share in draws.sector_shares[i][lap]]
    standing = 1000.0 * draws.standing_s[i][lap]
    if car.is_in_pits and car.released_ms is None and _is_slow_stop(race, car):
        standing += 1000.0 * PARAMETERS.slow_stop_s
    return lap_way(car, lap, sectors, race.circuit, slow, PitPlan(into_pits, standing, car.released_ms))


def _is_slow_stop(race: Race, car: RaceCar) -> bool:
    return car is race.slow_stopper and not car.had_slow_stop and car.stint == len(car.stints) - 2


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
        car.had_slow_stop = car.had_slow_stop or (car.released_ms is None and _is_slow_stop(race, car))
        car.released_ms = None
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
