"""Which race weekends a text names: ``2024``, ``2024-08``, ``2024-monaco``, ``2023-05..2024-03``.

Reading a calendar is ``sources``; which weekends have started is decided here, because a key is registered
and frozen only then.
"""

import datetime as dt
import difflib
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
_NAMED = re.compile(r"^(?P<season>\d{4})[- ]+(?P<name>[^\W\d_]{2}.*)$")
_NEAR = 3
_COUNTRIES = (
    frozenset({"us", "usa", "united states", "united states of america"}),
    frozenset({"uk", "gb", "great britain", "united kingdom", "england"}),
    frozenset({"uae", "united arab emirates"}),
    frozenset({"holland", "netherlands"}),
)
"""Names of one country, as people and the calendars write them."""


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


def names_weekend(text: str) -> int | None:
    """Return the season of a text that is a season and a name, such as ``2024-monaco``; else null."""
    said = _NAMED.match(text.strip())
    return int(said["season"]) if said else None


def named_weekend(text: str, calendar: Calendar) -> CalendarWeekend | None:
    """Return the weekend that a season and a name say: ``2024-monaco``, ``2024-monza``, ``2024-brazil``.

    The name of the event counts before its town or circuit, both before the country, and whole words before
    parts of them. Tests are meant only where no race is.

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
    races = [weekend for weekend in weekends if weekend.test_number is None]
    tests = [weekend for weekend in weekends if weekend.test_number is not None]
    found = _called(said["name"], races) or _called(said["name"], tests)
    if len(found) == 1:
        return found[0]
    raise InvalidWeekendRangeError(_no_single_weekend(said["season"], said["name"], found, weekends))


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


def _called(name: str, weekends: Sequence[CalendarWeekend]) -> list[CalendarWeekend]:
    """Return the weekends that a name fits best; several only where it fits them equally well."""
    wanted = _plain(name)
    one_country = next((names for names in _COUNTRIES if wanted in names), frozenset({wanted}))

    def has_words(text: str) -> bool:
        return f" {wanted} " in f" {text} "

    ways: tuple[Callable[[CalendarWeekend], bool], ...] = (
        lambda weekend: has_words(_plain(weekend.event_name)),
        lambda weekend: has_words(_plain(weekend.location or "")),
        lambda weekend: _plain(weekend.country or "") in one_country,
        lambda weekend: wanted in _plain(weekend.event_name),
        lambda weekend: wanted in _plain(weekend.location or ""),
        lambda weekend: wanted in _plain(weekend.country or ""),
    )
    answers = ([weekend for weekend in weekends if fits(weekend)] for fits in ways)
    return next((found for found in answers if found), [])


def _no_single_weekend(
    season: str, name: str, found: Sequence[CalendarWeekend], weekends: Sequence[CalendarWeekend]
) -> str:
    if not weekends:
        return f"no weekend of {season} is called {name!r}: choose from another season"
    if found:
        return "\n".join([f"several weekends of {season} are called {name!r}: choose one", *_lines(found)])
    near = _near(name, weekends)
    meant = f"; did you mean {' or '.join(line.strip() for line in _lines(near))}?" if near else ""
    return "\n".join([f"no weekend of {season} is called {name!r}{meant}", "choose from", *_lines(weekends)])


def _near(name: str, weekends: Sequence[CalendarWeekend]) -> list[CalendarWeekend]:
    """Return the weekends whose name, town or country is nearest to a name, nearest first."""
    wanted = _plain(name)
    known: dict[str, list[CalendarWeekend]] = {}
    for weekend in weekends:
        short = _plain(weekend.event_name).removesuffix(" grand prix")
        for text in {short, _plain(weekend.location or ""), _plain(weekend.country or "")}:
            known.setdefault(text, []).append(weekend)
    texts = difflib.get_close_matches(wanted, known, n=_NEAR, cutoff=0.7)
    near = {weekend.weekend_key: weekend for text in texts for weekend in known[text]}
    return list(near.values())[:_NEAR]


def _lines(weekends: Iterable[CalendarWeekend]) -> list[str]:
    """Return a line for each weekend: key, name and where it is held."""
    lines = []
    for weekend in weekends:
        place = ", ".join(filter(None, (weekend.location, weekend.country)))
        lines.append(f"  {weekend.weekend_key} {weekend.event_name}" + (f" ({place})" if place else ""))
    return lines


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
