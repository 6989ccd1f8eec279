"""Which weekends a person means, and what ingesting them will ask of the upstreams."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assets.calendars import SeasonCalendars
from lake.lake import Lake
from orchestration.errors import NothingToDoError
from orchestration.expectations import Expectation, expected_requests
from orchestration.session_choice import require_sessions, with_any_session
from orchestration.weekend_ranges import named_weekend, read_range, split_by_start, weekends_in
from sources.calendar_documents import CalendarWeekend
from sources.open_source import Source

Remark = Callable[[str], None]
"""Told, in a sentence, what a person should know: a wait, an interrupted step that was finished."""


@dataclass(frozen=True)
class WeekendChoice:
    """Chooses weekends by the calendars of their seasons.

    Attributes:
        source: Where documents come from.
        read_calendars: Returns the calendars of a season; called once for each.
    """

    source: Source
    read_calendars: Callable[[int], SeasonCalendars]
    _calendars: dict[int, SeasonCalendars] = field(default_factory=dict)

    def calendars(self, season: int) -> SeasonCalendars:
        """Return the calendars of a season, read once."""
        if season not in self._calendars:
            self._calendars[season] = self.read_calendars(season)
        return self._calendars[season]

    def started(
        self, texts: Sequence[str], remark: Remark, sessions: Sequence[str] = ()
    ) -> list[CalendarWeekend]:
        """Return the weekends that texts name and whose first session has started, in order.

        Args:
            texts: Weekends, seasons, ranges.
            remark: Told what is left out and why.
            sessions: Session codes that are wanted; empty means all. What has none of them is left out of a
                range.

        Raises:
            InvalidWeekendRangeError: If a text names none.
            UnknownWeekendError: If a weekend is named that the season does not have.
            UnknownSessionOfWeekendError: If a weekend that is named by itself lacks a session that is wanted,
                or all of a range lack all of them.
            NothingToDoError: If nothing of it has started, or no calendar has any of it.
        """
        found: dict[str, CalendarWeekend] = {}
        for text in texts:
            single = self.single(text)
            if single is not None:
                require_sessions(single, sessions)
                weekends = [single]
            else:
                in_range = weekends_in(read_range(text), lambda season: self.calendars(season).weekends())
                weekends = with_any_session(in_range, sessions, remark)
            found |= {weekend.weekend_key: weekend for weekend in weekends}
        started, coming = split_by_start(found.values(), dt.datetime.now(dt.UTC))
        if coming:
            remark(f"not started yet: {', '.join(weekend.weekend_key for weekend in coming)}")
        if not started:
            raise NothingToDoError(
                f"no weekend of {' '.join(texts)} has started: the calendars of {self.source.name} have "
                f"{len(found)} of them. Choose an earlier one, or another --source"
            )
        return started

    def expectation(
        self, lake: Lake, weekends: Sequence[CalendarWeekend], codes: Sequence[str]
    ) -> Expectation:
        """Return what ingesting weekends will ask of the upstreams."""
        rounds = {
            weekend.weekend_key: self.calendars(weekend.season).jolpica_round(weekend.weekend_key)
            for weekend in weekends
        }
        return expected_requests(lake, self.source, weekends, codes, rounds)

    def single(self, text: str) -> CalendarWeekend | None:
        """Return the weekend that a text names by its key or its name; null where it says a range.

        Raises:
            InvalidWeekendRangeError: If the text is neither.
            UnknownWeekendError: If the season does not have the weekend.
        """
        named = named_weekend(text, lambda season: self.calendars(season).weekends())
        if named is not None:
            return named
        chosen = read_range(text)
        if "-" in chosen.first and chosen.first == chosen.last:
            return self.calendars(chosen.seasons[0]).weekend(chosen.first)
        return None
