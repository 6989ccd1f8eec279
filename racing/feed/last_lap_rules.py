"""Why a last-lap value on the wire is not the time of a lap, as named rules.

Each rule is something FastF1's lap parser does on purpose, or a habit of the feed, and holds only where the
rows show it. Matching values to laps, and asking these rules in order, is ``lap_reconciliation.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

SLOW_LAP_MS = 150_000
"""From here FastF1 takes a value only if the sectors of its lap add up to it exactly."""

CORRECTED_WITHIN_MS = 10_000
"""Two values of a car that come within this time cannot be two laps."""

SLOW_BEFORE_SECTORS = "slow_before_its_sectors"

NEAR_MS = 60_000
"""A value belongs to the lap that ended nearest to its arrival, if that is within a minute."""


@dataclass(frozen=True)
class CarTiming:
    """Values and laps of one car.

    Attributes:
        values: Rows of ``LastLapValues.values``, in order of arrival.
        laps: Rows of the laps frame, by lap number.
        lap_of: Lap number that each value was matched to, by the value's place; absent where none.
    """

    values: list[Row]
    laps: list[Row]
    lap_of: dict[int, int]

    def lap_near(self, value: Row) -> Row | None:
        """Return the lap that ended nearest to the value's arrival, or null if none did within a minute."""
        arrival = value["session_time_ms"]
        ended = [lap for lap in self.laps if lap["lap_end_session_time_ms"] is not None]
        nearest = min(ended, key=lambda lap: abs(lap["lap_end_session_time_ms"] - arrival), default=None)
        if nearest is None or abs(nearest["lap_end_session_time_ms"] - arrival) > NEAR_MS:
            return None
        return nearest


def sector_times(lap: Row) -> list[int]:
    """Return the known sector times of a lap."""
    sectors = (lap["sector_1_ms"], lap["sector_2_ms"], lap["sector_3_ms"])
    return [sector for sector in sectors if sector is not None]


def is_taken_back(value: Row, place: int, timing: CarTiming) -> bool:  # noqa: ARG001 - all rules are called alike
    """Return whether the text is empty: the feed takes the time of the last lap off the screen."""
    return not value["text"].strip()


def is_before_first_exit(value: Row, place: int, timing: CarTiming) -> bool:  # noqa: ARG001
    """Return whether the feed had not said yet that the car left the pits.

    It is from before the session, or the recording began later: FastF1 counts laps from that exit on.
    """
    return not value["has_left_pits"]


def is_sent_again(value: Row, place: int, timing: CarTiming) -> bool:
    """Return whether the same value came before at the same lap count of the car."""
    return any(
        earlier["text"] == value["text"] and earlier["feed_lap_count"] == value["feed_lap_count"]
        for earlier in timing.values[:place]
    )


def is_of_a_lap_gone_by(value: Row, place: int, timing: CarTiming) -> bool:  # noqa: ARG001
    """Return whether the feed had counted back by then, which FastF1 leaves out until it is level again."""
    count, highest = value["feed_lap_count"], value["highest_feed_lap_count"]
    return count is not None and count < highest


def is_slow_without_sectors(value: Row, place: int, timing: CarTiming) -> bool:
    """Return whether the value is 150 s or more and no three sectors add up to it, then or later.

    Between the parts of qualifying and after pauses, the feed sends the time since the lap before.
    """
    lap = timing.lap_near(value)
    sectors = sector_times(lap) if lap else []
    is_lap = len(sectors) == 3 and sum(sectors) == value["lap_time_ms"]
    return not is_lap and is_slow_before_sectors(value, place, timing)


def is_slow_before_sectors(value: Row, place: int, timing: CarTiming) -> bool:  # noqa: ARG001
    """Return whether the value is 150 s or more and the sectors shown when it came did not add up to it.

    A slow lap, then, whose last sector came after its lap time: FastF1 looks only when the value comes.
    """
    slow = value["lap_time_ms"] is not None and value["lap_time_ms"] >= SLOW_LAP_MS
    return slow and value["sector_sum_ms"] != value["lap_time_ms"]


def is_shorter_than_sectors(value: Row, place: int, timing: CarTiming) -> bool:  # noqa: ARG001
    """Return whether the known sectors of its lap add up to more than the value, so FastF1 drops it."""
    lap = timing.lap_near(value)
    return lap is not None and lap["lap_time_ms"] is None and sum(sector_times(lap)) > value["lap_time_ms"]


def is_replaced(value: Row, place: int, timing: CarTiming) -> bool:
    """Return whether another time followed sooner than a lap can be driven: the feed corrected itself."""
    return any(
        later["session_time_ms"] - value["session_time_ms"] <= CORRECTED_WITHIN_MS
        and later["lap_time_ms"] not in {None, value["lap_time_ms"]}
        for later in timing.values[place + 1 :]
    )


Rule = Callable[[Row, int, CarTiming], bool]

VALUE_RULES: tuple[tuple[str, Rule], ...] = (
    ("taken_back", is_taken_back),
    ("before_first_exit", is_before_first_exit),
    ("sent_again", is_sent_again),
    ("lap_gone_by", is_of_a_lap_gone_by),
    ("slow_without_sectors", is_slow_without_sectors),
    (SLOW_BEFORE_SECTORS, is_slow_before_sectors),
    ("shorter_than_sectors", is_shorter_than_sectors),
    ("replaced", is_replaced),
)
"""Rules in the order they are asked; the first that holds names the value."""
