"""Which race weekends a text names: ``2024``, ``2024-08``, ``2024-monaco``, ``2023-05..2024-03``.

Reading a calendar is ``sources``; which weekends have started is decided here, because a key is registered
and frozen only then.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from orchestration.errors import InvalidWeekendRangeError
from racing.errors import InvalidKeyError
from racing.keys import season_of, split_weekend_key
from sources.calendar_documents import CalendarWeekend

FIRST_SEASON = 1950

Calendar = Callable[[int], Sequence[CalendarWeekend]]
"""Season to its weekends, in the order of the calendar."""

_SEASON = re.compile(r"^\d{4}$")
_NAMED = re.compile(r"^(?P<season>\d{4})[- ]+(?P<name>[^\W\d_]{3}.*)$")


@dataclass(frozen=True)
class WeekendRange:
    """A stretch of weekends, both ends included.

    Attributes:
        first: Season (``2024``) or weekend (``2024-08``) where it begins.
        last: Season or weekend where it ends.
    """

    first: str
    last: str

    @property
    def seasons(self) -> range:
        """Seasons that the range touches."""
        return range(_season(self.first), _season(self.last) + 1)

    def __contains__(self, weekend_key: str) -> bool:
        """Return whether a weekend lies in the range."""
        return _position(self.first, is_end=False) <= _position(weekend_key) <= _position(self.last)


def read_range(text: str) -> WeekendRange:
    """Return the range that a text names.

    Raises:
        InvalidWeekendRangeError: If it is none, or ends before it begins.
    """
    first, dots, last = text.strip().partition("..")
    chosen = WeekendRange(_endpoint(first, text), _endpoint(last if dots else first, text))
    if _position(chosen.first, is_end=False) > _position(chosen.last):
        raise InvalidWeekendRangeError(f"{text!r} ends before it begins: write {last}..{first}")
    return chosen


def weekends_in(chosen: WeekendRange, calendar: Calendar) -> list[CalendarWeekend]:
    """Return the weekends of a range, in order. Pre-season tests are only in it where an end names one."""
    wants_tests = any("-T" in end for end in (chosen.first, chosen.last))
    return [
        weekend
        for season in chosen.seasons
        for weekend in calendar(season)
        if weekend.weekend_key in chosen and (wants_tests or weekend.test_number is None)
    ]


def named_weekend(text: str, calendar: Calendar) -> CalendarWeekend | None:
    """Return the weekend that a season and a part of its name say, such as ``2024-monaco``.

    Args:
        text: What a person wrote.
        calendar: Season to its weekends.

    Returns:
        The weekend; null where the text is not a season and a name.

    Raises:
        InvalidWeekendRangeError: If no weekend of the season is called so, or several are; they are named.
    """
    said = _NAMED.match(text.strip())
    if said is None:
        return None
    weekends = calendar(int(said["season"]))
    wanted = _plain(said["name"])
    found = [weekend for weekend in weekends if wanted in _plain(weekend.event_name)]
    if len(found) == 1:
        return found[0]
    those = ", ".join(f"{weekend.weekend_key} {weekend.event_name}" for weekend in found or weekends)
    what = "several weekends" if found else "no weekend"
    verb = "are" if found else "is"
    raise InvalidWeekendRangeError(
        f"{what} of {said['season']} {verb} called {said['name']!r}: choose from {those or 'another season'}"
    )


def has_started(weekend: CalendarWeekend, now: dt.datetime) -> bool:
    """Return whether the first session of a weekend has started.

    Where the calendar has no instants (seasons before 2018), the day after the date counts.
    """
    starts = [session.scheduled_start_at for session in weekend.sessions if session.scheduled_start_at]
    if starts:
        return min(starts) <= now
    return weekend.event_date is not None and weekend.event_date < now.date()


def split_by_start(
    weekends: Iterable[CalendarWeekend], now: dt.datetime
) -> tuple[list[CalendarWeekend], list[CalendarWeekend]]:
    """Return the weekends that have started, and those that have not."""
    started: list[CalendarWeekend] = []
    coming: list[CalendarWeekend] = []
    for weekend in weekends:
        (started if has_started(weekend, now) else coming).append(weekend)
    return started, coming


def _plain(name: str) -> str:
    """Return a name without accents, capitals and hyphens, as people type it."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.replace("-", " ").split())


def _endpoint(text: str, whole: str) -> str:
    end = text.strip()
    if _SEASON.match(end):
        if int(end) < FIRST_SEASON:
            raise InvalidWeekendRangeError(f"there was no championship in {end}: it began in {FIRST_SEASON}")
        return end
    try:
        split_weekend_key(end)
    except InvalidKeyError as error:
        raise InvalidWeekendRangeError(
            f"{whole!r} names no weekends: write a season (2024), a weekend (2024-08 or 2024-monaco), "
            "or a range (2023-05..2024-03, 1950..1960)"
        ) from error
    return end


def _season(end: str) -> int:
    return int(end) if _SEASON.match(end) else season_of(end)


def _position(end: str, *, is_end: bool = True) -> tuple[int, int, int]:
    """Return where an end stands in time; tests come before the first round."""
    if _SEASON.match(end):
        return (int(end), 2 if is_end else 0, 0)
    season, round_number, test_number = split_weekend_key(end)
    return (season, 0, test_number or 0) if round_number is None else (season, 1, round_number)
