"""What is done with one weekend, and what became of it; a value, so that it can be handed to another process.

Which weekends, in what order and by how many processes is ``orchestration/backfills.py``.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import dagster as dg

from assets.run_options import read_options
from assets.unchanged import is_unchanged
from orchestration.jobs import INGEST_WEEKEND
from orchestration.open_home import OpenHome
from orchestration.outcomes import RunOutcome, RunStatus, WeekendOutcome
from orchestration.run_records import StepListener, log_file, newest_run
from orchestration.runs import ingest_tags


@dataclass(frozen=True)
class IngestOptions:
    """How weekends are ingested.

    Attributes:
        sessions: Session codes; empty means all that have started.
        force: Whether unchanged input is computed and written again.
        zones: Zones to compute before the marts.
        sessions_of: Weekend to those of the session codes that it has; ``sessions`` where it is not in it.
        process_count: How many processes work on weekends at once.
    """

    sessions: tuple[str, ...] = ()
    force: bool = False
    zones: tuple[str, ...] = ("raw", "processed", "curated")
    sessions_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    process_count: int = 1


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
        """Run a weekend where anything of it has changed, and return what became of it.

        Args:
            home: The opened home.
            weekend_key: The weekend; registered before.
            listener: Told which step is at work.

        Raises:
            KeyboardInterrupt: If the user stopped it; the run is shown as canceled.
        """
        tags = self.tags(weekend_key)
        unchanged = self._unchanged_since(home, weekend_key, tags)
        if unchanged is not None:
            return WeekendOutcome(weekend_key, unchanged)
        keys = home.ingest.job.asset_layer.executable_asset_keys
        chosen = (key for key in keys if key.path[0] in self.zones)
        run = home.ingest.run(
            listener=listener,
            weekend_key=weekend_key,
            tags=tags,
            asset_keys=sorted(chosen, key=dg.AssetKey.to_user_string),
        )
        return WeekendOutcome(weekend_key, run)

    def tags(self, weekend_key: str) -> dict[str, str]:
        """Return the tags of a weekend's run."""
        options = self.options
        sessions = options.sessions_of.get(weekend_key, options.sessions)
        return ingest_tags(sessions, force=options.force, pictures=self.has_pictures)

    def _unchanged_since(self, home: OpenHome, weekend_key: str, tags: dict[str, str]) -> RunOutcome | None:
        """Return the outcome of the weekend's newest run where another would do nothing, else null."""
        started = time.monotonic()
        newest = None if self.options.force else newest_run(home.instance, INGEST_WEEKEND, weekend_key)
        if newest is None or newest.status is not dg.DagsterRunStatus.SUCCESS:
            return None
        try:
            if not is_unchanged(
                home.lake, read_options(newest.run_id, weekend_key, tags), home.source, self.zones
            ):
                return None
        except Exception:  # noqa: BLE001 - the run meets it too, fails of it and says so
            return None
        return RunOutcome(
            run_id=newest.run_id,
            status=RunStatus.SUCCEEDED,
            seconds=time.monotonic() - started,
            reason=None,
            log=log_file(home.settings, newest.run_id),
            is_unchanged=True,
        )
