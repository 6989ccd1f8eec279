"""Round numbers and the order of a calendar never decide which weekends are the same."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from racing.calendar_matching import CalendarEvent, match_events
from racing.places import Place

DAYS = st.lists(st.integers(0, 45), min_size=1, max_size=12, unique=True)
START = dt.date(2024, 3, 1)


def calendar(name: str, weeks: list[int], *, shift_days: int = 0) -> list[CalendarEvent]:
    return [
        CalendarEvent(
            name,
            number,
            START + dt.timedelta(days=7 * week + shift_days),
            Place(f"Country {week % 5}", f"Town {week}", f"Grand Prix of Town {week}"),
        )
        for number, week in enumerate(weeks, start=1)
    ]


@settings(deadline=None)
@given(DAYS, st.randoms(use_true_random=False), st.sampled_from([-1, 0, 1]))
def test_any_numbering_and_a_day_apart_match_completely(
    weeks: list[int], chance: random.Random, shift_days: int
) -> None:
    other = list(weeks)
    chance.shuffle(other)
    matches = match_events(calendar("F1", weeks), calendar("Jolpica", other, shift_days=shift_days))
    assert {match.left.place for match in matches} == {event.place for event in calendar("F1", weeks)}
    assert all(match.left.place == match.right.place for match in matches)
    assert {match.matched_by for match in matches} == {"date_and_circuit"}


@settings(deadline=None)
@given(DAYS, st.integers(10, 20))
def test_moved_season_is_matched_by_circuit(weeks: list[int], days: int) -> None:
    left, right = calendar("F1", weeks), calendar("Jolpica", weeks, shift_days=7 * 52 + days)
    matches = match_events(left, right)
    assert len(matches) == len(weeks)
    assert all(match.left.place == match.right.place for match in matches)
    assert {match.matched_by for match in matches} == {"circuit"}
