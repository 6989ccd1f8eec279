"""Differences between timing and the official result of a race or sprint, each with its rule."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from racing.best_lap_rules import explain_best_lap
from racing.discrepancy_rules import Discrepancy, Explanation, unexplained
from racing.race_evidence import (
    Race,
    RaceCar,
    excess_ms,
    is_excess_explained,
    official_gap_ms,
    timed_gap_ms,
)


def race_discrepancies(race: Race, laps: pl.DataFrame) -> Iterator[Discrepancy]:
    """Yield every difference between timing and the official result of one race.

    Args:
        race: The cars with the evidence about them.
        laps: Curated laps of the race.

    Source: docs/explanation/discrepancies.md.
    """
    for car in race.cars:
        yield from _entry(car)
        if car.entry is None or car.timed is None:
            continue
        yield from _last_row(car)
        yield from _laps_completed(race, car)
        yield from _gap(race, car)
        yield from _fastest_lap(race, car, laps.filter(pl.col("car_number") == car.subject))
    yield from _order(race)


def _found(measure: str, car: RaceCar, values: tuple[object, object], why: Explanation) -> Discrepancy:
    return Discrepancy(measure, car.subject, car.driver_key, values[0], values[1], why)


def _entry(car: RaceCar) -> Iterator[Discrepancy]:
    """A car that one side does not have, or a driver whose car number differs."""
    if car.timed is None and car.entry is not None:
        why = unexplained("The official result counts laps of a car that timing does not have.")
        if car.number("entry", "laps_completed") == 0 and car.cause is not None:
            why = car.cause
        yield _found("entry", car, (None, car.position_text), why)
    elif car.entry is None and car.timed is not None:
        laps = car.number("timed", "laps_completed")
        yield _found("entry", car, (f"{laps} laps", None), unexplained("No official entry names this car."))
    elif car.entry is not None and car.entry["car_number"] != car.subject:
        why = unexplained("The same driver has another number in the official result.")
        yield _found("car_number", car, (car.subject, car.entry["car_number"]), why)


def _last_row(car: RaceCar) -> Iterator[Discrepancy]:
    """The last lap that timing has a row for, where the car did not complete it."""
    last, completed = car.number("timed", "last_lap_number"), car.number("timed", "laps_run")
    official = car.number("entry", "laps_completed")
    if last is None or completed is None or last in {completed, official}:
        return
    why = unexplained(f"Timing has rows up to lap {last}, of which {completed} laps were completed.")
    if last == completed + 1:
        text = f"Lap {last} has neither a lap time nor a crossing; the last completed lap is {completed}."
        why = Explanation("retirement_partial_lap", text)
    yield _found("last_lap_number", car, (last, official), why)


def _laps_completed(race: Race, car: RaceCar) -> Iterator[Discrepancy]:
    timed, official = car.number("timed", "laps_run"), car.number("entry", "laps_completed")
    if timed == official:
        return
    why = unexplained("Neither a disqualification nor a stopped race explains the number of laps.")
    if car.cause is not None and car.cause.rule == "disqualification" and official == 0:
        why = Explanation("disqualification", f"{car.cause.text} It counts no lap; timing counted {timed}.")
    elif race.counted_back_to is not None and official == car.number("timed", "laps_completed"):
        text = (
            f"Counted back to the end of lap {race.counted_back_to} of the leader, for all placed cars alike."
        )
        why = Explanation(_countback_rule(race), text)
    yield _found("laps_completed", car, (timed, official), why)


def _gap(race: Race, car: RaceCar) -> Iterator[Discrepancy]:
    official, timed = official_gap_ms(race, car), timed_gap_ms(race, car)
    if official is None or timed is None or official == timed or car is race.winner:
        return
    yield _found("gap_to_winner_ms", car, (timed, official), _gap_rule(race, car, official, timed))


def _gap_rule(race: Race, car: RaceCar, official: int, timed: int) -> Explanation:
    added_s = car.added_s - race.winner.added_s
    rest = official - timed - added_s * 1000
    if is_excess_explained(race, car, added_s):
        if car.added_s and car.cause is not None:
            return car.cause
        if race.winner.added_s:
            text = f"The winner's own {race.winner.added_s} s are in the official time; {rest} ms remain."
            return Explanation("winners_time_penalty", text)
        by_message = excess_ms(race, car, "line_message_session_time_ms")
        text = f"{rest} ms differ by the laps since a lap without a clock, {by_message} ms by line messages."
        return Explanation("message_clock", text)
    ahead = _car_ahead(race, car)
    ahead_gap = None if ahead is None else official_gap_ms(race, ahead)
    if ahead is not None and ahead_gap is not None and official + ahead_gap == timed + added_s * 1000:
        text = (
            f"{official} ms behind car {ahead.subject}, which is {ahead_gap} ms behind: together {timed} ms."
        )
        return Explanation("gap_to_car_ahead", text)
    return unexplained(f"{rest} ms remain after {car.added_s} s of penalties.")


def _car_ahead(race: Race, car: RaceCar) -> RaceCar | None:
    place = race.cars.index(car)
    return race.cars[place - 1] if place > 0 else None


def _fastest_lap(race: Race, car: RaceCar, laps: pl.DataFrame) -> Iterator[Discrepancy]:
    times = [car.number(side, "fastest_lap_time_ms") for side in ("entry", "timed")]
    for name in ("fastest_lap_time_ms", "fastest_lap_number"):
        timed, official = car.number("timed", name), car.number("entry", name)
        if timed == official:
            continue
        why = _other_cars_lap(race, car) or explain_best_lap(laps, *times)
        if official is None and car.cause is not None and car.cause.rule == "disqualification":
            why = car.cause
        yield _found(name, car, (timed, official), why)


def _other_cars_lap(race: Race, car: RaceCar) -> Explanation | None:
    """Explain a fastest lap that is, in time and number, the fastest lap of another car."""
    names = ("fastest_lap_time_ms", "fastest_lap_number")
    official = tuple(car.number("entry", name) for name in names)
    owners = [
        other.subject
        for other in race.cars
        if other is not car and official == tuple(other.number("timed", name) for name in names)
    ]
    if None in official or not owners:
        return None
    text = f"{official[0]} ms in lap {official[1]} is the fastest lap of car {owners[0]}."
    return Explanation("fastest_lap_of_other_car", text)


def _order(race: Race) -> Iterator[Discrepancy]:
    """A car whose place differs; every car that it changed places with must have moved by a rule."""
    both = [car for car in race.cars if car.entry and car.timed]
    timed = sorted(both, key=lambda car: car.number("timed", "timing_order") or 0)
    for place, car in enumerate(both, 1):
        timed_place = timed.index(car) + 1
        if timed_place == place:
            continue
        swapped = [
            other
            for other in both
            if (both.index(other) < both.index(car)) != (timed.index(other) < timed.index(car))
        ]
        yield _found("finishing_order", car, (timed_place, place), _order_rule(race, car, swapped))


def _order_rule(race: Race, car: RaceCar, swapped: list[RaceCar]) -> Explanation:
    for other in swapped:
        first, second = sorted((car, other), key=race.cars.index)
        if not _is_ahead(first, second):
            return unexplained(f"Nothing puts car {first.subject} ahead of car {second.subject}.")
    if car.cause is not None:
        return car.cause
    movers = {other.subject: other.cause for other in swapped if other.cause is not None}
    if len(movers) == len(swapped):
        text = "; ".join(f"car {number}: {cause.rule}" for number, cause in movers.items())
        return Explanation("other_car_moved", f"Changed places only with {text}.")
    if race.counted_back_to is not None:
        text = f"The order at the end of lap {race.counted_back_to} of the leader counts, not a later one."
        return Explanation(_countback_rule(race), text)
    text = "The crossings are closer than the clock is sure after an untimed lap."
    return Explanation("message_clock", text)


def _countback_rule(race: Race) -> str:
    return "red_flag_countback" if race.is_stopped else "result_counted_back"


def _is_ahead(first: RaceCar, second: RaceCar) -> bool:
    """Return whether the evidence allows the first car to be ahead of the second in the official result."""
    if first.rank != second.rank:
        return first.rank < second.rank
    laps = tuple(car.number("timed", "laps_completed") or 0 for car in (first, second))
    if laps[0] != laps[1]:
        return laps[0] > laps[1]
    if laps[0] == 0:
        return True
    return any(
        finishes[0] is not None and finishes[1] is not None and finishes[0] <= finishes[1]
        for clock in ("finish_session_time_ms", "line_message_session_time_ms")
        if (finishes := (_finish_ms(first, clock), _finish_ms(second, clock)))
    )


def _finish_ms(car: RaceCar, clock: str) -> int | None:
    crossing = car.number("timed", clock)
    return None if crossing is None else crossing + car.added_s * 1000
