"""When an invented car comes in: by plan, for the weather, behind a safety car, or to undercut another."""

from __future__ import annotations

from sources.synthetic.lap_model import PARAMETERS
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.race_events import UndercutTry
from sources.synthetic.race_state import Race
from sources.synthetic.rain import tyres_for

_STOP_EARLY_SHARE = 0.22
_UNDERCUT_LAPS, _UNDERCUT_TRIES = 4, 0.45


def goes_in(race: Race, car: RaceCar, lap: int, ahead: RaceCar | None) -> bool:
    """Return whether a car comes in at a lap's end; red flags apart. May change the car's plan.

    Args:
        race: The race.
        car: The car.
        lap: The lap that it begins.
        ahead: The car that began the lap just before it; its lap is run already. Null for the first.
    """
    plan = race.plans.get(car.entry.number)
    if plan is not None and plan.lap == lap:
        return not plan.on_track
    if lap == 1 or car.is_in_pits or lap >= race.setup.laps:
        return False
    if race.rain is not None and _changes_for_weather(race, car):
        return True
    stop = car.plan.stop_lap
    if stop is None:
        return False
    if lap == stop:
        return True
    return _stops_early(race, car, lap, stop) or _undercuts(race, car, lap, stop, ahead)


def _changes_for_weather(race: Race, car: RaceCar) -> bool:
    end_ms = car.line_ms + race.circuit.lap_s * 1000
    low, high = PARAMETERS.tolerated_water_s
    tolerated_s = low + (high - low) * race.draws.tactics[car.index][0]
    compound = tyres_for(car.plan.compound, race.wetness_at(end_ms), tolerated_s)
    if compound is None:
        return False
    car.replan(compound)
    return True


def _stops_early(race: Race, car: RaceCar, lap: int, stop: int) -> bool:
    """Return whether a car uses an interruption for a stop that was planned for later."""
    if lap > race.setup.laps - 2 or car is race.slow_stopper or stop < lap:
        return False
    moment = car.line_ms + 0.55 * race.circuit.lap_s * 1000
    is_slow = race.interruption_in(car.line_ms, moment) is not None
    return is_slow and stop - lap <= _STOP_EARLY_SHARE * race.setup.laps


def _undercuts(race: Race, car: RaceCar, lap: int, stop: int, ahead: RaceCar | None) -> bool:
    """Return whether a car stops some laps early in order to get past the one close ahead."""
    if ahead is None or ahead.is_in_pits or not 0 < stop - lap <= _UNDERCUT_LAPS:
        return False
    theirs = ahead.plan.stop_lap
    is_near = car.line_ms - ahead.lap_ends[lap - 2] <= 1000.0 * PARAMETERS.undercut_gap_s
    if theirs is None or theirs <= lap or ahead.stint != car.stint or not is_near:
        return False
    if race.draws.tactics[car.index][lap] > _UNDERCUT_TRIES:
        return False
    race.undercuts.append(UndercutTry(lap, car.entry.number, ahead.entry.number))
    return True


def judged(race: Race, tried: UndercutTry) -> UndercutTry:
    """Return an undercut with its outcome: who was ahead once both had left the pits after it."""
    laps = {car.entry.number: car.laps for car in race.cars}
    ours, theirs = laps[tried.car_number], laps[tried.against]
    back = next((lap.lap_number for lap in theirs[tried.lap_number :] if lap.pit_out_ms is not None), None)
    if back is None or len(ours) < back:
        return tried
    has = ours[back - 1].end_ms < theirs[back - 1].end_ms
    return UndercutTry(tried.lap_number, tried.car_number, tried.against, has)
