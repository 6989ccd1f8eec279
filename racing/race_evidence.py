"""The cars of one race as timing and as the official result have them, and how far the clock can be trusted.

Who is who is found in ``racing/race_gathering.py``, why a car's time or place changed in
``racing/race_causes.py``; the differences themselves are ``racing/race_discrepancies.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from racing.discrepancy_rules import Explanation
from racing.final_crossings import NEARER_MS
from racing.official_status import is_disqualified
from racing.penalties import Penalty

MESSAGE_LATENESS_MS = 500
"""How far apart two line messages may be in lateness; docs/explanation/discrepancies.md measures it."""


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
    def rank(self) -> int:
        """Where the official list puts the entry: 0 placed, 1 not classified, 2 withdrawn, 3 disqualified."""
        if self.is_placed:
            return 0
        if self.is_disqualified:
            return 3
        return 2 if self.position_text in {"W", "F"} else 1

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
        investigated: Cars that race control named in connection with an investigation.
        counted_back_to: Lap after which the official result was taken, where it was counted back; else null.
        is_stopped: Whether a red flag came after that lap.
    """

    cars: tuple[RaceCar, ...]
    penalties: tuple[Penalty, ...]
    investigated: frozenset[str]
    counted_back_to: int | None
    is_stopped: bool

    @property
    def winner(self) -> RaceCar:
        """First car of the official result."""
        return self.cars[0]

    def is_clock_doubt(self, car: RaceCar, rest_ms: int, rest_by_message_ms: int | None) -> bool:
        """Return whether what remains of a difference is only the clock's.

        The chain of laps is exact unless it broke, or began under a safety car. Then, or where the chain is
        off by more than messages are and these are at least twice as near to the official gap, the messages
        decide: they must put the gap where the official result has it, as far as messages can.

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
        is_nearer = abs(rest_ms) > NEARER_MS and 2 * abs(rest_by_message_ms) <= abs(rest_ms)
        return (is_loose or is_nearer) and abs(rest_by_message_ms) <= MESSAGE_LATENESS_MS


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
