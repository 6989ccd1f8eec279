"""Finds out, before Dagster is loaded, whether weekends are as their newest runs left them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from assets.calendars import SeasonCalendars
from assets.errors import AssetsError
from assets.processed.season import read_calendars
from assets.raw.documents import RawDocuments
from assets.run_options import RunOptions
from assets.unchanged import is_unchanged
from lake.errors import LakeError
from lake.lake import Lake
from orchestration.environments import Settings
from orchestration.errors import OrchestrationError
from orchestration.expectations import Expectation
from orchestration.outcomes import BackfillSummary, RunOutcome, RunStatus, WeekendOutcome
from orchestration.session_choice import require_sessions, sessions_of
from orchestration.settled import are_settled
from orchestration.source_access import open_settings_source
from orchestration.weekend_choice import WeekendChoice
from racing.errors import RacingError
from racing.keys import weekend_key
from sources.errors import SourceError
from sources.unasking_layer import without_asking

EXPECTED_ERRORS = (OrchestrationError, AssetsError, SourceError, LakeError, RacingError)
"""What asking may raise that a run would raise, too."""

_ZONES = ("raw", "processed", "curated", "marts")

_FEW = 5
"""Weekends up to which it is done here, one after another: of more, a person wants to see the progress."""


@dataclass(frozen=True)
class Unchanged:
    """Weekends of which a run would do nothing.

    Attributes:
        expectation: What was asked of the upstreams: nothing.
        summary: One outcome each, as of a run.
    """

    expectation: Expectation
    summary: BackfillSummary


def unchanged_weekends(
    settings: Settings, lake: Lake, texts: Sequence[str], sessions: Sequence[str]
) -> Unchanged | None:
    """Return what to say of a few weekends where none has changed since its run; null where one may have.

    Each must be named by itself: what a range holds is told by calendars as the source has them now, which
    the raw zone need not have yet.

    Args:
        settings: Settings of this process.
        lake: The lake, open to read.
        texts: Weekends, seasons, ranges.
        sessions: Session codes that are wanted; empty means all.

    Raises:
        OrchestrationError: If a text names nothing, or a weekend lacks a session.
        AssetsError: If a season has no such weekend.
        SourceError: If the source cannot be opened, or something that is there cannot be read.
        LakeError: If the lake cannot be read.
    """
    if lake.needs_recovery:
        return None
    source = without_asking(open_settings_source(settings, _never_waits))
    choice = WeekendChoice(source, partial(stored_calendars, lake))
    named = [choice.single(text) for text in texts]
    weekends = list({weekend.weekend_key: weekend for weekend in named if weekend is not None}.values())
    if None in named or len(weekends) > _FEW:
        return None
    for weekend in weekends:
        require_sessions(weekend, sessions)
    if not are_settled(settings, [weekend.weekend_key for weekend in weekends]):
        return None
    summary = BackfillSummary()
    for weekend in weekends:
        began = time.monotonic()
        options = RunOptions("", weekend.weekend_key, sessions_of(weekend, sessions) or None)
        if not is_unchanged(lake, options, source, _ZONES):
            return None
        seconds = time.monotonic() - began
        run = RunOutcome("", RunStatus.SUCCEEDED, seconds, None, settings.logs, is_unchanged=True)
        summary.add(WeekendOutcome(weekend.weekend_key, run))
    return Unchanged(Expectation(len(weekends), 0, 0, 0.0), summary)


def stored_calendars(lake: Lake, season: int) -> SeasonCalendars:
    """Return the calendars of a season as the raw zone has them; nobody is asked.

    Args:
        lake: The lake.
        season: Year.
    """
    any_weekend = weekend_key(season, 1)  # documents of the season are kept beside those of any weekend
    return read_calendars(lake, RawDocuments(lake, any_weekend), season)


def _never_waits(_seconds: float, _reason: str) -> None:
    """Be told of waits, of which there are none where nobody is asked."""
