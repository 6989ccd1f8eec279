"""Everything that ingesting from the command line needs, opened once: instance, lake, source and jobs.

Choosing weekends and saying what to expect are here; running them is ``orchestration/backfills.py``.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dagster as dg

from assets.calendars import SeasonCalendars
from lake.lake import Lake
from orchestration.backfills import WeekendJobs
from orchestration.calendars import season_calendars
from orchestration.environments import Settings
from orchestration.errors import NothingToDoError
from orchestration.expectations import Expectation, expected_requests
from orchestration.jobs import INGEST_WEEKEND, MARTS_ZONE
from orchestration.lake_status import last_runs
from orchestration.open_home import Remark, open_home
from orchestration.session_choice import require_sessions, with_any_session
from orchestration.weekend_ranges import named_weekend, read_range, split_by_start, weekends_in
from sources.calendar_documents import CalendarWeekend
from sources.open_source import Source


@dataclass
class Workplace:
    """An opened home.

    Attributes:
        instance: The persistent Dagster instance.
        lake: The lake, open to write.
        source: Where documents come from.
        jobs: The jobs, with this lake and this source.
    """

    instance: dg.DagsterInstance
    lake: Lake
    source: Source
    jobs: WeekendJobs
    _calendars: dict[int, SeasonCalendars] = field(default_factory=dict)

    def calendars(self, season: int) -> SeasonCalendars:
        """Return the calendars of a season, fetched once."""
        if season not in self._calendars:
            self._calendars[season] = season_calendars(self.lake, self.source, season)
        return self._calendars[season]

    def choose(
        self,
        texts: Sequence[str],
        remark: Remark,
        *,
        sessions: Sequence[str] = (),
        only_unfinished: bool = False,
    ) -> list[CalendarWeekend]:
        """Return the weekends that texts name and whose first session has started, in order.

        Args:
            texts: Weekends, seasons, ranges.
            remark: Told what is left out and why.
            sessions: Session codes that are wanted; empty means all. What has none of them is left out of a
                range.
            only_unfinished: Leave out weekends whose last run succeeded and whose marts are there.

        Raises:
            InvalidWeekendRangeError: If a text names none.
            UnknownWeekendError: If a weekend is named that the season does not have.
            UnknownSessionOfWeekendError: If a weekend that is named by itself lacks a session that is wanted,
                or all of a range lack all of them.
            NothingToDoError: If nothing of it has started, or no calendar has any of it.
        """
        found: dict[str, CalendarWeekend] = {}
        for text in texts:
            single = self._single(text)
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
        if not only_unfinished:
            return started
        runs = last_runs(self.instance, INGEST_WEEKEND)
        with_marts = {
            write.weekend_key for write in self.lake.ledger if write.table_name.startswith(f"{MARTS_ZONE}.")
        }
        done = {key for key, run in runs.items() if run.status == "success" and key in with_marts}
        return [weekend for weekend in started if weekend.weekend_key not in done]

    def _single(self, text: str) -> CalendarWeekend | None:
        """Return the weekend that a text names by its key or its name; null where it says a range."""
        named = named_weekend(text, lambda season: self.calendars(season).weekends())
        if named is not None:
            return named
        chosen = read_range(text)
        if "-" in chosen.first and chosen.first == chosen.last:
            return self.calendars(chosen.seasons[0]).weekend(chosen.first)
        return None

    def expectation(self, weekends: Sequence[CalendarWeekend], codes: Sequence[str]) -> Expectation:
        """Return what ingesting weekends will ask of the upstreams."""
        rounds = {
            weekend.weekend_key: self.calendars(weekend.season).jolpica_round(weekend.weekend_key)
            for weekend in weekends
        }
        return expected_requests(self.lake, self.source, weekends, codes, rounds)


@contextmanager
def open_workplace(settings: Settings, remark: Remark) -> Iterator[Workplace]:
    """Open a home for ingesting; what a killed process left is finished first.

    Args:
        settings: Settings of this process.
        remark: Told what a person should know.

    Raises:
        LakeError: If the lake cannot be opened.
        SourceError: If the source cannot be opened.
    """
    with open_home(settings, remark) as home:
        yield Workplace(home.instance, home.lake, home.source, WeekendJobs(home))
