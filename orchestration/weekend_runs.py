"""What is done with one weekend, and what became of it; a value, so that it can be handed to another process.

Which weekends, in what order and by how many processes is ``orchestration/backfills.py``.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import dagster as dg

from assets.run_options import read_options
from assets.unchanged import is_unchanged
from orchestration.open_home import OpenHome
from orchestration.outcomes import REMARK, RunOutcome, RunStatus, WeekendOutcome
from orchestration.run_records import StepListener, log_file, newest_run
from orchestration.runs import ingest_tags
from orchestration.settled import settle
from orchestration.unchanged import EXPECTED_ERRORS


@dataclass(frozen=True)
class IngestOptions:
    """How weekends are ingested.

    Attributes:
        sessions: Session codes; empty means all that have started.
        force: Whether unchanged input is computed and written again.
        zones: Zones to compute before the marts.
        sessions_of: Weekend to those of the session codes that it has; ``sessions`` where it is not in it.
        process_count: How many processes work on weekends at once; null leaves it to us.
    """

    sessions: tuple[str, ...] = ()
    force: bool = False
    zones: tuple[str, ...] = ("raw", "processed", "curated")
    sessions_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    process_count: int | None = None


@dataclass(frozen=True)
class WeekendWork:
    """What each of some weekends is run for.

    Attributes:
        options: How they are ingested.
        zones: Zones to compute.
        has_pictures: Whether materialisations show charts.
    """

    options: IngestOptions
    zones: tuple[str, ...]
    has_pictures: bool

    def run(self, home: OpenHome, weekend_key: str, listener: StepListener) -> WeekendOutcome:
        """Run a weekend, and return what became of it.

        Args:
            home: The opened home.
            weekend_key: The weekend; registered before.
            listener: Told which step is at work.

        Raises:
            KeyboardInterrupt: If the user stopped it; the run is shown as canceled.
        """
        keys = home.ingest.job.asset_layer.executable_asset_keys
        chosen = (key for key in keys if key.path[0] in self.zones)
        run = home.ingest.run(
            listener=listener,
            weekend_key=weekend_key,
            tags=self.tags(weekend_key),
            asset_keys=sorted(chosen, key=dg.AssetKey.to_user_string),
        )
        return WeekendOutcome(weekend_key, run)

    def tags(self, weekend_key: str) -> dict[str, str]:
        """Return the tags of a weekend's run."""
        options = self.options
        sessions = options.sessions_of.get(weekend_key, options.sessions)
        return ingest_tags(sessions, force=options.force, pictures=self.has_pictures)

    def unchanged(self, home: OpenHome, weekend_key: str, listener: StepListener) -> WeekendOutcome | None:
        """Return the outcome of a weekend's newest run where another would do nothing, else null.

        Args:
            home: The opened home.
            weekend_key: The weekend.
            listener: Told where that could not be found out for an unexpected reason.
        """
        started = time.monotonic()
        newest = None if self.options.force else newest_run(home.instance, weekend_key)
        if newest is None or newest.status is not dg.DagsterRunStatus.SUCCESS:
            return None
        options = read_options(newest.run_id, weekend_key, self.tags(weekend_key))
        try:
            if not is_unchanged(home.lake, options, home.source, self.zones):
                return None
        except EXPECTED_ERRORS:
            return None  # the run meets it too, fails of it and says so
        except Exception as error:  # noqa: BLE001 - a backfill goes on
            reason = f"{type(error).__name__}: {error}"
            listener(REMARK, f"{weekend_key}: whether anything has changed could not be told: {reason}")
            return None
        settle(home.settings, weekend_key)
        log = log_file(home.settings, newest.run_id)
        seconds = time.monotonic() - started
        run = RunOutcome(newest.run_id, RunStatus.SUCCEEDED, seconds, None, log, is_unchanged=True)
        return WeekendOutcome(weekend_key, run)
