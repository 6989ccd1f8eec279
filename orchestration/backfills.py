"""Weekends one after another, each its own run: a failed one is reported, the rest go on, marts come last.

What a run does is ``orchestration/runs.py``; showing the progress is ``orchestration/cli/progress.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import dagster as dg

from orchestration.environments import Settings
from orchestration.jobs import BUILD_MARTS, INGEST_WEEKEND, MARTS_ZONE, marts_config
from orchestration.runs import JobRunner, RunOutcome, ingest_tags, register_weekends


@dataclass(frozen=True)
class IngestOptions:
    """How weekends are ingested.

    Attributes:
        sessions: Session codes; empty means all that have started.
        force: Whether unchanged input is computed and written again.
        zones: Zones to compute before the marts.
        sessions_of: Weekend to those of the session codes that it has; ``sessions`` where it is not in it.
    """

    sessions: tuple[str, ...] = ()
    force: bool = False
    zones: tuple[str, ...] = ("raw", "processed", "curated")
    sessions_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tags(self, weekend_key: str, *, pictures: bool) -> dict[str, str]:
        """Return the tags of a weekend's run."""
        sessions = self.sessions_of.get(weekend_key, self.sessions)
        return ingest_tags(sessions, force=self.force, pictures=pictures)


@dataclass(frozen=True)
class WeekendOutcome:
    """What became of one weekend.

    Attributes:
        weekend_key: The weekend.
        run: The run that decided it.
    """

    weekend_key: str
    run: RunOutcome


@dataclass
class BackfillSummary:
    """What became of all weekends, in the order in which they ran."""

    done: list[WeekendOutcome] = field(default_factory=list)
    failed: list[WeekendOutcome] = field(default_factory=list)

    def add(self, outcome: WeekendOutcome) -> None:
        """File an outcome."""
        (self.done if outcome.run.is_success else self.failed).append(outcome)


class BackfillListener(Protocol):
    """Is told how far a backfill has come."""

    def weekend_started(self, weekend_key: str, number: int, total: int) -> None:
        """A weekend begins."""

    def step(self, event_type: str, text: str) -> None:
        """A step of the current run begins or ends, or the run has a remark."""

    def weekend_ended(self, outcome: WeekendOutcome) -> None:
        """A weekend is through."""

    def marts_started(self, total: int) -> None:
        """The marts are built for that many weekends."""


@dataclass(frozen=True)
class WeekendJobs:
    """The jobs of a backfill on one instance.

    Attributes:
        ingest: Runs ``ingest_weekend``.
        marts: Runs ``build_marts``.
    """

    ingest: JobRunner
    marts: JobRunner

    def run(
        self, weekend_keys: Sequence[str], options: IngestOptions, listener: BackfillListener
    ) -> BackfillSummary:
        """Ingest weekends in order, then build their marts.

        Args:
            weekend_keys: Weekends whose first session has started.
            options: How they are ingested.
            listener: Told how far it has come.

        Raises:
            KeyboardInterrupt: If the user stopped it; what was committed stays.
        """
        register_weekends(self.ingest.instance, weekend_keys)
        if len(weekend_keys) == 1:
            zones = (*options.zones, MARTS_ZONE)
            return self._run_each(weekend_keys, options, zones, listener)
        ingested = self._run_each(weekend_keys, options, options.zones, listener)
        return self._build_marts(ingested, options, listener)

    def _run_each(
        self,
        weekend_keys: Sequence[str],
        options: IngestOptions,
        zones: Sequence[str],
        listener: BackfillListener,
    ) -> BackfillSummary:
        summary = BackfillSummary()
        for number, key in enumerate(weekend_keys, start=1):
            listener.weekend_started(key, number, len(weekend_keys))
            run = self.ingest.run(
                listener=listener.step,
                weekend_key=key,
                tags=options.tags(key, pictures=len(weekend_keys) == 1),
                asset_keys=self._assets_of(zones),
            )
            outcome = WeekendOutcome(key, run)
            summary.add(outcome)
            listener.weekend_ended(outcome)
        return summary

    def _build_marts(
        self, ingested: BackfillSummary, options: IngestOptions, listener: BackfillListener
    ) -> BackfillSummary:
        """Build the marts once for all weekends; one by one where that fails, to find the culprit."""
        if not ingested.done:
            return ingested
        keys = [outcome.weekend_key for outcome in ingested.done]
        listener.marts_started(len(keys))
        together = self.marts.run(
            listener=listener.step,
            tags=ingest_tags((), force=options.force),
            ops=marts_config(keys),
        )
        if together.is_success:
            return ingested
        single = self._run_each(keys, options, (MARTS_ZONE,), listener)
        return BackfillSummary(done=single.done, failed=[*ingested.failed, *single.failed])

    def _assets_of(self, zones: Sequence[str]) -> list[dg.AssetKey]:
        keys = self.ingest.job.asset_layer.executable_asset_keys
        return sorted((key for key in keys if key.path[0] in zones), key=dg.AssetKey.to_user_string)


def weekend_jobs(
    settings: Settings, instance: dg.DagsterInstance, definitions: dg.Definitions
) -> WeekendJobs:
    """Return the jobs of the definitions, to be run on an instance."""
    return WeekendJobs(
        ingest=JobRunner(settings, instance, definitions.resolve_job_def(INGEST_WEEKEND)),
        marts=JobRunner(settings, instance, definitions.resolve_job_def(BUILD_MARTS)),
    )
