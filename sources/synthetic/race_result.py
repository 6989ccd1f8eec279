"""From the laps that were run to the race: the flag, the way home, and what the stewards do afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sources.synthetic.field import Entry
from sources.synthetic.options import WeekendOptions
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.race_model import RACE_START_MS, run_laps
from sources.synthetic.race_setup import RaceSetup, race_setup
from sources.synthetic.race_state import Race
from sources.synthetic.race_story import RaceStory
from sources.synthetic.session_run import (
    Disqualification,
    Lap,
    Penalty,
    PitVisit,
    RaceEvents,
    SessionRun,
)
from sources.synthetic.timetable import local_clock, session_t0
from sources.synthetic.trace import drive, pit_lane, trace_of

_PENALTY_S = 5
_FIRST_TEN = 10

Laps = Mapping[str, tuple[Lap, ...]]


def run_race(options: WeekendOptions, grid: tuple[Entry, ...], code: str = "R") -> SessionRun:
    """Return the invented race or sprint.

    Args:
        options: Seed, distance, and what goes wrong.
        grid: Entries in grid order.
        code: ``R`` or ``S``.
    """
    setup = race_setup(options, code)
    race = run_laps(setup, grid)
    final = next((item for item in race.interruptions if item.ends_the_race), None)
    if final is not None:
        flag_ms = round(final.until_ms)
    else:
        flag_ms = min(car.lap_ends[-1] for car in race.cars if len(car.lap_ends) == setup.laps)
    for car in race.cars:
        if car.is_called_in:
            car.knots += pit_lane(
                car.knots[-1][0], 0.0, race.circuit.pit_box_m, float(len(car.laps)), race.circuit
            )
        elif not car.stopped:
            _flag_and_home(race, car, flag_ms)
    laps, deleted = _delete_one_lap(setup, {car.entry.number: tuple(car.laps) for car in race.cars})
    penalties = _penalty(setup, laps, flag_ms) if setup.has_penalty else ()
    end = round(max(flag_ms + 320_000, *(car.knots[-1][0] for car in race.cars))) + 20_000
    for car in race.cars:
        car.knots.append((float(end), car.knots[-1][1]))
    story = RaceStory(race, laps, flag_ms, local_clock(options, code, 0))
    story.tell(penalties, deleted)
    return SessionRun(
        code=code,
        entries=grid,
        circuit=race.circuit,
        t0_at=session_t0(options, code),
        start_ms=RACE_START_MS,
        finished_ms=flag_ms,
        end_ms=end,
        traces={car.entry.number: trace_of(car.knots) for car in race.cars},
        laps=laps,
        tyre_sets=tuple(tyres for car in race.cars for tyres in car.sets),
        pit_visits=tuple(visit for car in race.cars for visit in _closed_visits(car)),
        retirements=tuple(race.retirements),
        penalties=penalties,
        control=story.control,
        track_status=story.status,
        total_laps=setup.laps,
        tow_laps=frozenset(race.tow_laps),
        events=_events(race, laps, penalties),
    )


def road_order(laps: Laps, retired: set[str]) -> list[str]:
    """Return the cars as they crossed the line: by laps, then by time; the retired last, by laps."""
    return sorted(
        laps,
        key=lambda number: (
            number in retired,
            -len(laps[number]),
            laps[number][-1].end_ms if laps[number] else 0,
        ),
    )


def _flag_and_home(race: Race, car: RaceCar, flag_ms: int) -> None:
    """End a car's race at its first line after the flag, and drive it to the pits."""
    count = next(i for i, end in enumerate(car.lap_ends) if end >= flag_ms) + 1
    last_set = car.laps[count - 1].stint_number
    end_ms = car.lap_ends[count - 1]
    car.laps, car.knots = car.laps[:count], car.knots[: car.knot_counts[count - 1]]
    car.sets = [tyres for tyres in car.sets if tyres.stint_number <= last_set]
    car.visits = [visit for visit in car.visits if visit.out_ms is None or visit.out_ms <= end_ms]
    circuit, base = race.circuit, float(count)
    slow = [1.5 * circuit.lap_s * 1000 * share for share in circuit.sector_shares]
    car.knots += drive(car.knots[-1], base + circuit.pit_entry_progress, slow, circuit, ())
    lane = pit_lane(car.knots[-1][0], circuit.pit_entry_m, circuit.length_m, base, circuit)
    car.knots += [*lane, *pit_lane(lane[-1][0], 0.0, circuit.pit_box_m, base + 1, circuit)]


def _closed_visits(car: RaceCar) -> list[PitVisit]:
    """Return a car's visits to the pits, the one that it did not leave included."""
    last = car.laps[-1] if car.laps else None
    if (car.stopped or car.is_called_in) and last is not None and last.pit_in_ms is not None:
        return [*car.visits, PitVisit(car.entry.number, last.pit_in_ms, None, last.lap_number)]
    return car.visits


def _events(race: Race, laps: Laps, penalties: tuple[Penalty, ...]) -> RaceEvents:
    """Return what happened in laps that count: some cars were run on after their flag."""

    def counts(number: str, lap: int) -> bool:
        return lap <= len(laps[number])

    return RaceEvents(
        race.rain,
        race.interruptions,
        tuple(event for event in race.overtakes if counts(event.car_number, event.lap_number)),
        tuple(event for event in race.held_up if counts(event.car_number, event.lap_number)),
        tuple(event for event in race.undercuts if counts(event.car_number, event.lap_number)),
        _disqualified(race, laps, penalties) if race.setup.disqualification else (),
    )


def _disqualified(race: Race, laps: Laps, penalties: tuple[Penalty, ...]) -> tuple[Disqualification, ...]:
    """Return the car that is taken out of the result: one of the first ten without a penalty."""
    rng = np.random.default_rng(race.setup.stream(11))
    retired = {stop.car_number for stop in race.retirements}
    punished = {penalty.car_number for penalty in penalties}
    order = [number for number in road_order(laps, retired)[:_FIRST_TEN] if number not in punished | retired]
    if not order:
        return ()
    return (Disqualification(order[int(rng.integers(len(order)))], "SKID BLOCK"),)


def _delete_one_lap(setup: RaceSetup, laps: dict[str, tuple[Lap, ...]]) -> tuple[Laps, Lap | None]:
    """Return the laps with one of them deleted for track limits (it counts in the race all the same)."""
    rng = np.random.default_rng(setup.stream(6))
    able = [
        lap
        for car_laps in laps.values()
        for lap in car_laps
        if lap.lap_number > 1 and lap.pit_in_ms is None and lap.pit_out_ms is None
        and sum(other.lap_ms == lap.lap_ms for other in car_laps) == 1
    ]  # fmt: skip
    if not able:
        return laps, None
    chosen = able[int(rng.integers(len(able)))]
    deleted = replace(chosen, is_deleted=True)
    car_laps = tuple(deleted if lap is chosen else lap for lap in laps[chosen.car_number])
    return {**laps, chosen.car_number: car_laps}, deleted


def _penalty(setup: RaceSetup, laps: Laps, flag_ms: int) -> tuple[Penalty, ...]:
    """Return a penalty that costs its car a place: 5 s, or 10 s where nobody is within 5 s of anybody.

    The car is the first of the two with the full distance that are nearest to 2.5 s apart at the flag. None
    in a field so spread out that 10 s change nothing.
    """
    whole = {number: car_laps for number, car_laps in laps.items() if len(car_laps) == setup.laps}
    order = road_order(whole, set())
    gaps = [(whole[behind][-1].end_ms - whole[car][-1].end_ms, car) for car, behind in pairwise(order)]
    if not gaps:
        return ()
    gap, car = min(gaps, key=lambda pair: abs(pair[0] - 2_500))
    seconds = _PENALTY_S * (gap // (_PENALTY_S * 1000) + 1)
    if seconds > 2 * _PENALTY_S:
        return ()
    announced = max(flag_ms - 240_000, RACE_START_MS + 60_000)
    return (Penalty(car, int(seconds), announced, "SPEEDING IN THE PIT LANE"),)
