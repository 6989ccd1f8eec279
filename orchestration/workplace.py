"""Everything that ingesting from the command line needs, opened once: instance, lake, source and jobs.

Running weekends is ``orchestration/backfills.py``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import dagster as dg

from lake.lake import Lake
from orchestration.backfills import WeekendJobs
from orchestration.calendars import season_calendars
from orchestration.environments import Settings
from orchestration.expectations import Expectation
from orchestration.jobs import INGEST_WEEKEND, MARTS_ZONE
from orchestration.lake_status import last_runs
from orchestration.open_home import open_home
from orchestration.weekend_choice import Remark, WeekendChoice
from sources.calendar_documents import CalendarWeekend


@dataclass(frozen=True)
class Workplace:
    """An opened home.

    Attributes:
        instance: The persistent Dagster instance.
        lake: The lake, open to write.
        choice: Chooses weekends, by calendars that are fetched where need be.
        jobs: The jobs, with this lake and the settings' source.
    """

    instance: dg.DagsterInstance
    lake: Lake
    choice: WeekendChoice
    jobs: WeekendJobs

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
            sessions: Session codes that are wanted; empty means all.
            only_unfinished: Leave out weekends whose last run succeeded and whose marts are there.

        Raises:
            InvalidWeekendRangeError: If a text names none.
            UnknownWeekendError: If a weekend is named that the season does not have.
            UnknownSessionOfWeekendError: If a weekend that is named by itself lacks a session that is wanted,
                or all of a range lack all of them.
            NothingToDoError: If nothing of it has started, or no calendar has any of it.
        """
        started = self.choice.started(texts, remark, sessions)
        if not only_unfinished:
            return started
        runs = last_runs(self.instance, INGEST_WEEKEND)
        with_marts = {
            write.weekend_key for write in self.lake.ledger if write.table_name.startswith(f"{MARTS_ZONE}.")
        }
        done = {key for key, run in runs.items() if run.status == "success" and key in with_marts}
        return [weekend for weekend in started if weekend.weekend_key not in done]

    def expectation(self, weekends: Sequence[CalendarWeekend], codes: Sequence[str]) -> Expectation:
        """Return what ingesting weekends will ask of the upstreams."""
        return self.choice.expectation(self.lake, weekends, codes)


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
        choice = WeekendChoice(home.source, partial(season_calendars, home.lake, home.source))
        yield Workplace(home.instance, home.lake, choice, WeekendJobs(home))
