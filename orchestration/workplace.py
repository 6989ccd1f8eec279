"""Everything that ingesting from the command line needs, opened once: instance, lake, source and jobs.

Choosing weekends and saying what to expect are here; running them is ``orchestration/backfills.py``.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dagster as dg

from assets.calendars import SeasonCalendars
from lake.lake import Lake
from orchestration.backfills import WeekendJobs, weekend_jobs
from orchestration.calendars import season_calendars
from orchestration.collection import collect_as_usual
from orchestration.definitions import build_definitions
from orchestration.environments import Settings
from orchestration.errors import NothingToDoError
from orchestration.expectations import Expectation, expected_requests
from orchestration.instance import open_instance
from orchestration.jobs import INGEST_WEEKEND, MARTS_ZONE
from orchestration.lake_status import last_runs
from orchestration.lakes import open_lake
from orchestration.run_records import close_dead_runs
from orchestration.session_choice import require_sessions, with_any_session
from orchestration.source_access import open_settings_source
from orchestration.weekend_ranges import named_weekend, read_range, split_by_start, weekends_in
from sources.calendar_documents import CalendarWeekend
from sources.open_source import Source

Remark = Callable[[str], None]
"""Told, in a sentence, what a person should know: a wait, an interrupted step that was finished."""


@dataclass
class Workplace:
    """An opened home.

    Attributes:
        settings: Settings of this process.
        instance: The persistent Dagster instance.
        lake: The lake, open to write.
        source: Where documents come from.
        jobs: The jobs, with this lake and this source.
    """

    settings: Settings
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

    def announce(seconds: float, reason: str) -> None:
        remark(f"waiting {seconds:.0f} s: {reason}")

    source = open_settings_source(settings, announce)
    with open_instance(settings) as instance, _told_of_recovery(remark):
        for run_id in close_dead_runs(settings, instance):
            remark(f"run {run_id[:8]} was cut off and is now shown as failed")
        with open_lake(settings, on_wait=remark) as lake:
            definitions = build_definitions(settings, {"lake": lake, "source": source})
            collect_as_usual()
            yield Workplace(settings, instance, lake, source, weekend_jobs(settings, instance, definitions))


@contextmanager
def _told_of_recovery(remark: Remark) -> Iterator[None]:
    """Pass on what the lake says of interrupted steps that it finishes."""
    logger = logging.getLogger("lake.recovery")
    handler = _Remarks(remark)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Remarks(logging.Handler):
    """Makes remarks of warnings."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(logging.WARNING)
        self._remark = remark

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a warning on."""
        self._remark(record.getMessage())
