"""Pairs of events of two calendars of one season, by date and circuit and never by round number.

What a calendar's event is, and which events are the same; the table of weekends is
``racing/weekends.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from racing.errors import AmbiguousWeekendError, WeekendMismatchError
from racing.places import Place, agreement, contradicts

SAME_DATE_DAYS = 1
"""Calendars may differ by a day: one writes the local date, the other UTC's (Las Vegas)."""


@dataclass(frozen=True)
class CalendarEvent:
    """One Grand Prix in one calendar.

    Attributes:
        calendar: Whose calendar, for messages: ``F1`` or ``Jolpica``.
        round_number: Round in that calendar's own numbering.
        date: Date of the race in that calendar; null where it has none.
        place: Where it is.
    """

    calendar: str
    round_number: int
    date: date | None
    place: Place

    def __str__(self) -> str:
        """Return the event in words for a message."""
        where = ", ".join(text for text in (self.place.locality, self.place.country) if text)
        return f"{self.calendar} round {self.round_number} {self.place.event_name} ({where}) on {self.date}"


@dataclass(frozen=True)
class Match:
    """Two events that are the same weekend, and what says so.

    Attributes:
        left: Event of the first calendar.
        right: Event of the second.
        matched_by: ``date_and_circuit``, ``circuit`` or ``date``.
    """

    left: CalendarEvent
    right: CalendarEvent
    matched_by: str


def match_events(left: list[CalendarEvent], right: list[CalendarEvent]) -> list[Match]:
    """Return the pairs of events that are the same weekend.

    Events that agree in date and circuit are paired first. Then those that agree in the circuit: one calendar
    has moved the event. Then those that share a date where a calendar does not say enough of the circuit.
    Events that have no counterpart are in no pair.

    Args:
        left: Events of one season in the first calendar.
        right: Events of the same season in the second.

    Raises:
        AmbiguousWeekendError: If an event has several counterparts that fit equally well.
        WeekendMismatchError: If two events fall on one date and nothing else of them agrees.

    Source: docs/glossary.md#weekend.
    """
    matches: list[Match] = []
    rest_left, rest_right = list(left), list(right)
    for matched_by, score in _PASSES:
        pairs = _pair(rest_left, rest_right, score)
        for one, other in pairs:
            if contradicts(one.place, other.place):
                raise WeekendMismatchError(f"the calendars disagree on one date: {one}, but {other}")
            rest_left.remove(one)
            rest_right.remove(other)
            matches.append(Match(one, other, matched_by))
    return matches


def _days_apart(one: CalendarEvent, other: CalendarEvent) -> int:
    if one.date is None or other.date is None:
        return SAME_DATE_DAYS + 1
    return abs((one.date - other.date).days)


def _score_by_date_and_circuit(one: CalendarEvent, other: CalendarEvent) -> int:
    days = _days_apart(one, other)
    if days > SAME_DATE_DAYS:  # most pairs; comparing places costs a hundred times as much
        return 0
    agreed = agreement(one.place, other.place)
    return 10 - days * 5 + agreed if agreed else 0


def _score_by_circuit(one: CalendarEvent, other: CalendarEvent) -> int:
    agreed = agreement(one.place, other.place)
    return agreed if agreed >= 2 else 0


def _score_by_date(one: CalendarEvent, other: CalendarEvent) -> int:
    return max(0, SAME_DATE_DAYS + 1 - _days_apart(one, other))


_PASSES = (
    ("date_and_circuit", _score_by_date_and_circuit),
    ("circuit", _score_by_circuit),
    ("date", _score_by_date),
)


def _pair(
    left: list[CalendarEvent],
    right: list[CalendarEvent],
    score: Callable[[CalendarEvent, CalendarEvent], int],
) -> list[tuple[CalendarEvent, CalendarEvent]]:
    """Return each event of the left with its best counterpart, best pairs first."""
    scores = {(i, k): score(one, other) for i, one in enumerate(left) for k, other in enumerate(right)}
    candidates = sorted((pair for pair, value in scores.items() if value), key=lambda pair: -scores[pair])
    taken: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for i, k in candidates:
        if i in taken[0] or k in taken[1]:
            continue
        rivals = [(a, b) for a, b in candidates if (a == i or b == k) and scores[a, b] == scores[i, k]]
        open_rivals = [(a, b) for a, b in rivals if a not in taken[0] and b not in taken[1]]
        if len(open_rivals) > 1:
            _refuse(left, right, open_rivals)
        taken[0].add(i)
        taken[1].add(k)
        pairs.append((left[i], right[k]))
    return pairs


def _refuse(left: list[CalendarEvent], right: list[CalendarEvent], rivals: list[tuple[int, int]]) -> None:
    ones = " or ".join(str(left[i]) for i in Counter(i for i, _ in rivals))
    others = " or ".join(str(right[k]) for k in Counter(k for _, k in rivals))
    raise AmbiguousWeekendError(f"several events fit equally well: {ones} may be {others}")
