"""Weekends in order, each its own run: a failed one is reported, the rest go on, marts come last.

Some may run in further processes (``orchestration/worker_process.py``). What a run does is
``orchestration/runs.py``; showing the progress is ``orchestration/cli/progress.py``.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from assets.marts.step import are_marts_needed
from orchestration.errors import WorkerProcessError
from orchestration.jobs import MARTS_ZONE, marts_config
from orchestration.open_home import OpenHome
from orchestration.outcomes import REMARK, BackfillSummary, RunOutcome, RunStatus, WeekendOutcome
from orchestration.run_records import close_dead_runs
from orchestration.runs import ingest_tags, register_weekends
from orchestration.weekend_runs import IngestOptions, WeekendWork
from orchestration.worker_process import WorkerProcess, worker_process

_WORTH_A_PROCESS = 3
"""Weekends for each process: with fewer, loading one takes longer than it saves."""


def usual_process_count() -> int:
    """Return how many processes a backfill uses where nobody says: two where there are two cores."""
    return min(2, os.cpu_count() or 1)


class BackfillListener(Protocol):
    """Is told how far a backfill has come; by several threads, where several processes work."""

    def weekends_started(self, total: int) -> None:
        """That many weekends are about to be run."""

    def weekend_started(self, weekend_key: str) -> None:
        """A weekend begins."""

    def step(self, weekend_key: str, event_type: str, text: str) -> None:
        """A step begins or ends, or there is a remark; of no weekend where it is of all."""

    def weekend_ended(self, outcome: WeekendOutcome) -> None:
        """A weekend is through."""

    def marts_started(self, total: int) -> None:
        """The marts are built for that many weekends."""


@dataclass(frozen=True)
class WeekendJobs:
    """The jobs of a backfill at one home.

    Attributes:
        home: The opened home.
    """

    home: OpenHome

    def run(
        self, weekend_keys: Sequence[str], options: IngestOptions, listener: BackfillListener
    ) -> BackfillSummary:
        """Ingest weekends, then build their marts.

        Args:
            weekend_keys: Weekends whose first session has started, in the order in which they begin.
            options: How they are ingested.
            listener: Told how far it has come.

        Raises:
            KeyboardInterrupt: If the user stopped it; what was committed stays.
        """
        register_weekends(self.home.instance, weekend_keys)
        if len(weekend_keys) == 1:
            work = WeekendWork(options, (*options.zones, MARTS_ZONE), has_pictures=True)
            return self._run_each(weekend_keys, work, listener)
        ingested = self._run_each(
            weekend_keys, WeekendWork(options, options.zones, has_pictures=False), listener
        )
        return self._build_marts(ingested, options, listener)

    def _run_each(
        self, weekend_keys: Sequence[str], work: WeekendWork, listener: BackfillListener
    ) -> BackfillSummary:
        weekends = _Weekends(deque(weekend_keys), listener)
        listener.weekends_started(len(weekend_keys))
        with self._helped(weekends, work):
            for key in weekends.left():
                weekends.ended(work.run(self.home, key, partial(listener.step, key)))
        return weekends.summary(weekend_keys)

    @contextmanager
    def _helped(self, weekends: "_Weekends", work: WeekendWork) -> Iterator[None]:
        """Have further processes take weekends too, for a ``with`` block, where there are enough of them."""
        count = min(work.options.process_count, len(weekends.waiting) // _WORTH_A_PROCESS) - 1
        if count < 1:
            yield
            return
        with ThreadPoolExecutor(count, thread_name_prefix="worker") as beside, ExitStack() as processes:
            workers = [
                processes.enter_context(worker_process(self.home.settings, work)) for _ in range(count)
            ]
            helping = [beside.submit(self._help, worker, weekends) for worker in workers]
            try:
                yield
            except BaseException:
                weekends.stop()
                raise
            for helped in helping:
                helped.result()

    def _help(self, worker: WorkerProcess, weekends: "_Weekends") -> None:
        """Hand weekends to a process until none is left; where it ends early, the others go on."""
        listener = weekends.listener
        try:
            worker.wait_until_ready(partial(listener.step, ""))
        except WorkerProcessError as error:
            if not weekends.is_stopped:
                listener.step("", REMARK, f"a further process could not begin, going on without it: {error}")
            return
        for key in weekends.left():
            try:
                weekends.ended(worker.run(key, partial(listener.step, key)))
            except WorkerProcessError as error:
                if not weekends.is_stopped:
                    weekends.ended(self._lost(key, error))
                return

    def _lost(self, weekend_key: str, error: WorkerProcessError) -> WeekendOutcome:
        """Return the outcome of a weekend whose process is gone, after its run is shown as failed."""
        settings = self.home.settings
        run_id = next(iter(close_dead_runs(settings, self.home.instance)), "")
        log = settings.logs / f"{run_id}.log" if run_id else settings.logs
        return WeekendOutcome(weekend_key, RunOutcome(run_id, RunStatus.FAILED, 0.0, str(error), log))

    def _build_marts(
        self, ingested: BackfillSummary, options: IngestOptions, listener: BackfillListener
    ) -> BackfillSummary:
        """Build the marts once for all weekends; one by one where that fails, to find the culprit."""
        keys = [outcome.weekend_key for outcome in ingested.done]
        if not keys or not (options.force or are_marts_needed(self.home.lake, keys)):
            return ingested
        listener.marts_started(len(keys))
        together = self.home.marts.run(
            listener=partial(listener.step, ""),
            tags=ingest_tags((), force=options.force),
            ops=marts_config(keys),
        )
        if together.is_success:
            return ingested
        # By one process: dbt takes more memory than all else.
        alone = replace(options, process_count=1)
        single = self._run_each(keys, WeekendWork(alone, (MARTS_ZONE,), has_pictures=False), listener)
        return BackfillSummary(done=single.done, failed=[*ingested.failed, *single.failed])


@dataclass
class _Weekends:
    """The weekends that wait for a process, and what became of the others."""

    waiting: deque[str]
    listener: BackfillListener
    outcomes: dict[str, WeekendOutcome] = field(default_factory=dict)
    is_stopped: bool = False

    def left(self) -> Iterator[str]:
        """Yield the next weekend until none waits; several threads may ask."""
        while True:
            try:
                key = self.waiting.popleft()
            except IndexError:
                return
            self.listener.weekend_started(key)
            yield key

    def ended(self, outcome: WeekendOutcome) -> None:
        """File what became of a weekend."""
        self.outcomes[outcome.weekend_key] = outcome
        self.listener.weekend_ended(outcome)

    def stop(self) -> None:
        """Let none begin any more."""
        self.is_stopped = True
        self.waiting.clear()

    def summary(self, weekend_keys: Sequence[str]) -> BackfillSummary:
        """Return the outcomes in order."""
        summary = BackfillSummary()
        for key in weekend_keys:
            summary.add(self.outcomes[key])
        return summary
