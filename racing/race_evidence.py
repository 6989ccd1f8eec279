"""What timing and race control say about the cars of a race beside what the official result says.

The evidence that the rules of ``racing/race_discrepancies.py`` test: which timed car is which entry, how far
the clock can be trusted, which seconds were added to a car's time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from racing.discrepancy_rules import Explanation
from racing.official_status import is_disqualified
from racing.penalties import Penalty, announced_penalties, can_sum_to, unserved_seconds
from racing.timing_order import finishing_order

MESSAGE_LATENESS_MS = 250
"""How far apart two line messages may be in lateness; docs/explanation/discrepancies.md measures it."""

_PENALTY_STEP_S = 5


@dataclass(frozen=True)
class RaceCar:
    """One car of a race, as timing and as the official result have it.

    Attributes:
        subject: Car number.
        driver_key: Driver.
        entry: Row of the official result, or null.
        timed: Row of ``finishing_order``, or null.
        added_s: Seconds that the official time has more than timing, as far as a rule explains them.
        cause: Why the car's time, laps or place differ, where a rule of its own says so.
    """

    subject: str
    driver_key: str | None
    entry: dict[str, object] | None
    timed: dict[str, object] | None
    added_s: int = 0
    cause: Explanation | None = None

    def number(self, side: str, name: str) -> int | None:
        """Return a whole number of one side (entry or timed), or null."""
        row = self.entry if side == "entry" else self.timed
        value = None if row is None else row.get(name)
        return value if isinstance(value, int) else None

    @property
    def position_text(self) -> str:
        """Position text of the official result; empty where there is no entry."""
        return str(self.entry["position_text"]) if self.entry else ""

    @property
    def is_placed(self) -> bool:
        """Whether the official result gives the entry a position."""
        return self.position_text.isdigit() and not self.is_disqualified

    @property
    def is_disqualified(self) -> bool:
        """Whether the official result disqualifies the entry, by its position text or its status."""
        return self.entry is not None and is_disqualified(self.position_text, str(self.entry["status"]))


@dataclass(frozen=True)
class Race:
    """The cars of one race with the evidence about them.

    Attributes:
        cars: All cars of either side, in the order of the official result, then of timing.
        penalties: What race control announced.
        counted_back_to: Lap after which the official result was taken, where it was counted back; else null.
    """

    cars: tuple[RaceCar, ...]
    penalties: tuple[Penalty, ...]
    counted_back_to: int | None

    @property
    def winner(self) -> RaceCar:
        """First car of the official result."""
        return self.cars[0]

    def is_clock_doubt(self, car: RaceCar, rest_ms: int, rest_by_message_ms: int | None) -> bool:
        """Return whether what remains of a difference is only the clock's.

        The chain of laps is exact unless it broke, or began under a safety car. Then, or where the messages
        of the line are at least twice as near to the official gap as the chain is, the messages decide: they
        must put the gap where the official result has it, as far as messages can.

        Args:
            car: Car whose gap to the winner is in question.
            rest_ms: Official gap less timed gap less penalties, by the chain of laps.
            rest_by_message_ms: The same by the messages of the line; null where one is missing.
        """
        if rest_ms == 0:
            return True
        pair = (car, self.winner)
        is_loose = any(
            one.timed is not None
            and (one.timed["clock_break_count"] or one.timed["is_first_lap_neutralised"])
            for one in pair
        )
        if rest_by_message_ms is None:
            return is_loose and abs(rest_ms) <= MESSAGE_LATENESS_MS
        is_nearer = 2 * abs(rest_by_message_ms) <= abs(rest_ms)
        return (is_loose or is_nearer) and abs(rest_by_message_ms) <= MESSAGE_LATENESS_MS


def gather_race(
    laps: pl.DataFrame,
    official: pl.DataFrame,
    race_control_messages: pl.DataFrame,
    track_status: pl.DataFrame,
) -> Race:
    """Return the cars of a race with all that can explain a difference.

    Args:
        laps: Curated laps of the race; not empty.
        official: Jolpica's entries of the race; not empty.
        race_control_messages: Messages of race control; may be empty.
        track_status: Changes of the state of the track; may be empty.
    """
    penalties = announced_penalties(race_control_messages)
    counted_back_to = _countback_lap(laps, official, track_status)
    run = finishing_order(laps).select("car_number", laps_run="laps_completed")
    timed = finishing_order(laps, final_lap=counted_back_to).join(run, on="car_number", maintain_order="left")
    cars = _paired(timed, official)
    race = Race(cars, penalties, counted_back_to)
    winners_s = _winners_seconds(race)
    return replace(race, cars=tuple(_with_cause(race, car, winners_s) for car in race.cars))


def official_gap_ms(race: Race, car: RaceCar) -> int | None:
    """Return the gap to the winner that the official result gives a car; null where it gives none."""
    own, winners = car.number("entry", "race_time_ms"), race.winner.number("entry", "race_time_ms")
    return None if own is None or winners is None else own - winners


def timed_gap_ms(race: Race, car: RaceCar, clock: str = "finish_session_time_ms") -> int | None:
    """Return the gap to the official winner that timing gives a car; null where either never crossed.

    Args:
        race: The race.
        car: The car.
        clock: finish_session_time_ms (the chain of laps) or line_message_session_time_ms.
    """
    own, winners = car.number("timed", clock), race.winner.number("timed", clock)
    return None if own is None or winners is None else own - winners


def excess_ms(race: Race, car: RaceCar, clock: str = "finish_session_time_ms") -> int | None:
    """Return the official gap less the timed gap; null where one of them is missing."""
    official, timed = official_gap_ms(race, car), timed_gap_ms(race, car, clock)
    return None if official is None or timed is None else official - timed


def is_excess_explained(race: Race, car: RaceCar, seconds: int) -> bool:
    """Return whether the official gap is the timed gap and so many seconds, as far as the clock knows."""
    rest, by_message = excess_ms(race, car), excess_ms(race, car, "line_message_session_time_ms")
    if rest is None:
        return False
    by_message = None if by_message is None else by_message - seconds * 1000
    return race.is_clock_doubt(car, rest - seconds * 1000, by_message)


def _paired(timed: pl.DataFrame, official: pl.DataFrame) -> tuple[RaceCar, ...]:
    by_driver = {row["driver_key"]: row for row in timed.iter_rows(named=True)}
    by_number = {row["car_number"]: row for row in timed.iter_rows(named=True)}
    cars: list[RaceCar] = []
    for entry in official.sort("result_order").iter_rows(named=True):
        row = by_driver.get(entry["driver_id_jolpica"]) or by_number.get(entry["car_number"])
        number = row["car_number"] if row else entry["car_number"] or entry["driver_id_jolpica"]
        cars.append(RaceCar(number, entry["driver_id_jolpica"], entry, row))
    known = {car.subject for car in cars if car.timed}
    cars += [
        RaceCar(number, row["driver_key"], None, row)
        for number, row in by_number.items()
        if number not in known
    ]
    return tuple(cars)


def _countback_lap(laps: pl.DataFrame, official: pl.DataFrame, track_status: pl.DataFrame) -> int | None:
    """Return the lap to which a stopped race was counted back, if every placed car's laps then agree."""
    counted = laps.filter(pl.col("is_lap_counted"))
    last = counted["lap_number"].max()
    winning = official.sort("result_order")["laps_completed"][0]
    if not isinstance(last, int) or winning is None or not 0 < winning < last:
        return None
    flag = counted.filter(pl.col("lap_number") == winning)["lap_end_session_time_ms"].min()
    red = track_status.filter((pl.col("status_code") == "5") & (pl.col("session_time_ms") > flag))
    if red.is_empty():
        return None
    placed = [car for car in _paired(finishing_order(laps, final_lap=winning), official) if car.is_placed]
    agree = all(
        car.number("entry", "laps_completed") == car.number("timed", "laps_completed") for car in placed
    )
    return winning if agree else None


def _winners_seconds(race: Race) -> int:
    """Return the seconds of the winner's own penalty: what most other gaps are smaller by, if announced."""
    open_s = unserved_seconds(race.penalties, race.winner.subject)
    if not open_s:
        return 0
    differences = [
        difference
        for car in race.cars[1:]
        if car.is_placed and (difference := excess_ms(race, car)) is not None
    ]
    if not differences:
        return 0
    seconds = -round(sorted(differences)[len(differences) // 2] / 1000)
    return seconds if can_sum_to(seconds, open_s) else 0


def _with_cause(race: Race, car: RaceCar, winners_s: int) -> RaceCar:
    if car.entry is None:
        return car
    if car.is_disqualified:
        text = f"The official result lists car {car.subject} as {car.entry['status']}."
        return replace(car, cause=Explanation("disqualification", text))
    if not car.number("timed", "laps_completed"):
        text = f"Car {car.subject} never crossed the line; the official result says {car.entry['status']}."
        return replace(car, cause=Explanation("no_lap_completed", text))
    if car is race.winner:
        return replace(car, added_s=winners_s)
    return _with_penalty(race, car, winners_s)


def _with_penalty(race: Race, car: RaceCar, winners_s: int) -> RaceCar:
    excess = excess_ms(race, car)
    if excess is None:
        return car
    seconds = round(excess / 1000) + winners_s
    if seconds <= 0 or not is_excess_explained(race, car, seconds - winners_s):
        return car
    announced = unserved_seconds(race.penalties, car.subject)
    proof = f"official gap less timed gap is {excess} ms"
    if can_sum_to(seconds, announced):
        text = f"{seconds} s of the {'+'.join(map(str, announced))} s announced were not served: {proof}."
        return replace(car, added_s=seconds, cause=Explanation("time_penalty", text))
    if seconds % _PENALTY_STEP_S == 0:
        text = f"{seconds} s were added after the race (announced: {list(announced)}): {proof}."
        return replace(car, added_s=seconds, cause=Explanation("time_penalty_after_race", text))
    return car
