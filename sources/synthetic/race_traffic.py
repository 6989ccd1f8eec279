"""Cars that meet: one passes the other, or stays behind and loses time.

A car that would catch another passes it with a probability that grows with the time it is faster by (a gain
of 1.3 s in a lap is a sure pass; TUM: 1.26 to 3.75 s), or stays 0.35 to 0.95 s behind. A pass costs 0.3 s
where there is that much to lose, and ends at least 0.15 s ahead. Nobody passes behind a safety car or under a
red flag. Cars that are laps apart do not meet: to be lapped costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sources.synthetic.lap_model import PARAMETERS
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.race_events import HeldUp, Overtake
from sources.synthetic.race_lap import LapWay
from sources.synthetic.race_state import Race

_QUEUE_GAP_MS, _CLEAR_MS = 700.0, 150


@dataclass(frozen=True)
class CarAhead:
    """A car that began a lap before another and stays on the track: its number, and its way."""

    car_number: str
    start_ms: float
    way: LapWay


def behind_others(race: Race, car: RaceCar, lap: int, way: LapWay, ahead: list[CarAhead]) -> LapWay:
    """Return a car's way after meeting the cars that began the lap before it.

    Args:
        race: The race; what happens is written down in it.
        car: The car.
        lap: The lap.
        way: Its way with nobody else there.
        ahead: Those that began the lap before it and stay on the track.
    """
    number, draws = car.entry.number, race.draws
    interruption = race.interruption_in(way.knots[0][0], way.end_ms)
    is_queue = interruption is not None and interruption.kind != "virtual_safety_car"
    gap = _QUEUE_GAP_MS if is_queue else 1000.0 * draws.following[car.index][lap]
    end = float(way.end_ms)
    passed: list[tuple[int, str]] = []
    for front in sorted(ahead, key=lambda item: -item.way.end_ms):
        other, name = front.way.end_ms, front.car_number
        if other + gap <= end:
            break
        gain = other - way.end_ms
        if (
            interruption is None
            and gain > _CLEAR_MS
            and gain / (1000.0 * PARAMETERS.sure_pass_s) > draws.duel[car.index][lap]
        ):
            passed.append((other, name))
            continue
        end = max(end, other + gap)
        if round(end) > way.end_ms:
            race.held_up.append(HeldUp(lap, number, name, round(end) - way.end_ms))
        if is_queue and front.start_ms < car.line_ms and way.is_like(front.way):
            return way.behind(front.way, (car.line_ms - front.start_ms, end - other))
        break
    passed = [(other, name) for other, name in passed if other > end]
    if passed:
        end = max(min(end + 1000.0 * PARAMETERS.duel_s, min(passed)[0] - _CLEAR_MS), end)
        race.overtakes += [Overtake(lap, number, name) for _, name in passed]
    return way if round(end) == way.end_ms else way.delayed_to(round(end))
