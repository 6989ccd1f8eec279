"""The two calendars of a season, and what they say of one weekend."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from assets.errors import UnknownWeekendError
from lake.tables.registry import ALL_TABLES
from racing.keys import session_key
from racing.weekends import jolpica_round_of, match_weekends
from sources.calendar_documents import CalendarSession, CalendarWeekend, weekends_of

FIRST_ANNOUNCED_SEASON = 2018
"""First season that the F1 calendar and the live-timing archive cover; earlier ones are Jolpica's alone."""


@dataclass(frozen=True)
class SeasonCalendars:
    """Both calendars of one season.

    Attributes:
        season: Year.
        schedule: Rows of ``processed.f1schedule__sessions``; empty before 2018.
        jolpica: Rows of ``processed.jolpica__calendar``; empty where there is no document.
    """

    season: int
    schedule: pl.DataFrame
    jolpica: pl.DataFrame

    @cached_property
    def matched(self) -> pl.DataFrame:
        """The weekends of the season under our key, as ``curated.weekends`` will have them.

        Raises:
            WeekendMismatchError: If two events fall on one date and nothing else of them agrees.
            AmbiguousWeekendError: If an event has several counterparts that fit equally well.
        """
        return match_weekends(self.schedule, self.jolpica, _no_sessions())

    def jolpica_round(self, weekend_key: str) -> int | None:
        """Return Jolpica's own round of a weekend; null where Jolpica does not have it."""
        return jolpica_round_of(self.matched, weekend_key)

    def weekends(self) -> list[CalendarWeekend]:
        """Return the season's weekends in order, sessions included."""
        if not self.schedule.is_empty():
            return weekends_of(self.schedule)
        return [_weekend_of_jolpica(row) for row in self._rounds()]

    def weekend(self, weekend_key: str) -> CalendarWeekend:
        """Return one weekend.

        Raises:
            UnknownWeekendError: If the season has none of that key; names those it has.
        """
        weekends = {weekend.weekend_key: weekend for weekend in self.weekends()}
        if weekend_key not in weekends:
            known = (
                f"it has {', '.join(weekends)}" if weekends else "the source has no calendar of that season"
            )
            raise UnknownWeekendError(f"the calendar of {self.season} has no weekend {weekend_key}: {known}")
        return weekends[weekend_key]

    def _rounds(self) -> list[dict[str, object]]:
        starts = self.jolpica.select("round_id_jolpica", "race_start_at", "qualifying_start_at")
        return self.matched.join(starts, on="round_id_jolpica", how="left").sort("weekend_key").to_dicts()


def _weekend_of_jolpica(row: dict[str, object]) -> CalendarWeekend:
    """Return a weekend of a season that only Jolpica knows: its qualifying and its race."""
    key = str(row["weekend_key"])
    sessions = tuple(
        CalendarSession(session_key(key, code), code, name, _instant(row[column]), None)
        for code, name, column in (("Q", "Qualifying", "qualifying_start_at"), ("R", "Race", "race_start_at"))
    )
    date = row["scheduled_date"]
    return CalendarWeekend(
        weekend_key=key,
        season=int(str(row["season"])),
        round_number=int(str(row["round_number"])),
        test_number=None,
        event_name=str(row["event_name"]),
        event_date=date if isinstance(date, dt.date) else None,
        sessions=sessions,
        country=_text(row["circuit_country"]),
        location=" ".join(filter(None, (_text(row["circuit_locality"]), _text(row["circuit_name"])))) or None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _instant(value: object) -> dt.datetime | None:
    return value if isinstance(value, dt.datetime) else None


def _no_sessions() -> pl.DataFrame:
    schema = ALL_TABLES["processed.fastf1__sessions"].arrow_schema
    return pl.DataFrame(pl.from_arrow(schema.empty_table()))
