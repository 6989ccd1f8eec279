"""Why a car's official time or place is another one than timing gives: each cause is proved on its case."""

from __future__ import annotations

from dataclasses import replace

from racing.discrepancy_rules import Explanation
from racing.penalties import can_sum_to, unserved_seconds
from racing.race_evidence import Race, RaceCar, excess_ms, is_excess_explained

PENALTY_STEP_S = 5
"""Penalties decided after a race are multiples of this many seconds."""

_LONGEST_PENALTY_S = 60


def with_causes(race: Race) -> Race:
    """Return the race with the cause of each car that has one, and the seconds added to its time.

    A disqualification is read from the result. A penalty is proved by the official gap, to the millisecond
    where the clock allows; where the result gives no gap (lapped cars before 2024), by the places:
    the seconds must put the car behind all and ahead of all that it is behind and ahead of.

    Source: docs/explanation/discrepancies.md#time_penalty.
    """
    winners_s = _winners_seconds(race)
    race = replace(race, cars=tuple(_with_own_cause(race, car, winners_s) for car in race.cars))
    for car in sorted(race.cars, key=lambda one: not unserved_seconds(race.penalties, one.subject)):
        if _lacks_a_gap(race, car) and _moved_back(race, car):
            penalised = _with_penalty_by_place(race, car)
            race = replace(race, cars=tuple(penalised if one is car else one for one in race.cars))
    return race


def _winners_seconds(race: Race) -> int:
    """Return the seconds of the winner's own penalty: what most other gaps are smaller by, if announced."""
    open_s = unserved_seconds(race.penalties, race.winner.subject)
    differences = [
        difference
        for car in race.cars[1:]
        if car.is_placed and (difference := excess_ms(race, car)) is not None
    ]
    if not open_s or not differences:
        return 0
    seconds = -round(sorted(differences)[len(differences) // 2] / 1000)
    return seconds if can_sum_to(seconds, open_s) else 0


def _with_own_cause(race: Race, car: RaceCar, winners_s: int) -> RaceCar:
    if car.entry is None:
        return car
    if car.is_disqualified:
        text = f"The official result lists car {car.subject} as {car.entry['status']}."
        return replace(car, cause=Explanation("disqualification", text))
    if not car.number("timed", "laps_completed") and car.number("entry", "laps_completed") == 0:
        text = f"Car {car.subject} never crossed the line; the official result says {car.entry['status']}."
        return replace(car, cause=Explanation("no_lap_completed", text))
    if car is race.winner:
        return replace(car, added_s=winners_s)
    return _with_penalty_by_gap(race, car, winners_s)


def _with_penalty_by_gap(race: Race, car: RaceCar, winners_s: int) -> RaceCar:
    excess = excess_ms(race, car)
    if excess is None:
        return car
    seconds = round(excess / 1000) + winners_s
    if seconds <= 0 or not is_excess_explained(race, car, seconds - winners_s):
        return car
    proof = f"official gap less timed gap is {excess} ms"
    announced = unserved_seconds(race.penalties, car.subject)
    if can_sum_to(seconds, announced):
        text = f"{seconds} s of the {'+'.join(map(str, announced))} s announced were not served: {proof}."
        return replace(car, added_s=seconds, cause=Explanation("time_penalty", text))
    if seconds % PENALTY_STEP_S == 0:
        text = f"{seconds} s were added without a message (announced: {list(announced)}): {proof}."
        return replace(car, added_s=seconds, cause=Explanation("time_penalty_after_race", text))
    return car


def _lacks_a_gap(race: Race, car: RaceCar) -> bool:
    is_ranked = car.entry is not None and car.timed is not None and car.cause is None
    return is_ranked and excess_ms(race, car) is None


def _rivals(race: Race, car: RaceCar) -> tuple[list[RaceCar], list[RaceCar]]:
    """Return the cars with as many laps that the official result has ahead of and behind a car."""
    key = (car.rank, car.number("timed", "laps_completed"))
    same = [
        one for one in race.cars if one.entry and (one.rank, one.number("timed", "laps_completed")) == key
    ]
    place = same.index(car)
    return same[:place], same[place + 1 :]


def _finish_ms(car: RaceCar) -> int:
    return (car.number("timed", "finish_session_time_ms") or 0) + car.added_s * 1000


def _moved_back(race: Race, car: RaceCar) -> bool:
    """Return whether a car that crossed the line later is ahead of it in the result."""
    ahead, _ = _rivals(race, car)
    return any(_finish_ms(one) > _finish_ms(car) for one in ahead)


def _with_penalty_by_place(race: Race, car: RaceCar) -> RaceCar:
    ahead, behind = _rivals(race, car)
    least = max(_finish_ms(one) for one in ahead) - _finish_ms(car)
    # A car behind that itself moved back, and whose seconds are not known yet, says nothing.
    firm = [one for one in behind if one.cause is not None or not _moved_back(race, one)]
    most = min((_finish_ms(one) - _finish_ms(car) for one in firm), default=None)
    limit = _LONGEST_PENALTY_S * 1000 if most is None else most
    fitting = [s for s in range(1, _LONGEST_PENALTY_S + 1) if least <= s * 1000 <= limit]
    proof = f"to be where it is, the car must lose {least} ms" + ("" if most is None else f" to {most} ms")
    announced = unserved_seconds(race.penalties, car.subject)
    for seconds in fitting:
        if can_sum_to(seconds, announced):
            text = f"{seconds} s of the {'+'.join(map(str, announced))} s announced were not served: {proof}."
            return replace(car, added_s=seconds, cause=Explanation("time_penalty", text))
    decided = [seconds for seconds in fitting if seconds % PENALTY_STEP_S == 0]
    if decided and car.subject in race.investigated:
        text = f"{decided[0]} s or more were added after an investigation of the car: {proof}."
        return replace(car, added_s=decided[0], cause=Explanation("time_penalty_after_race", text))
    return car
