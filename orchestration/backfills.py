"""Weekends in order, each its own run: a failed one is reported, the rest go on, marts come last.

Some may run in further processes (``orchestration/worker_process.py``). What a run does is
``orchestration/runs.py``; showing the progress is ``orchestration/cli/progress.py``.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from assets.marts.step import are_marts_needed
from lake.views_file import refresh_views_file
from orchestration.errors import WorkerGoneError, WorkerProcessError
from orchestration.jobs import MARTS_ZONE, marts_config
from orchestration.open_home import OpenHome
from orchestration.outcomes import REMARK, BackfillSummary, RunOutcome, RunStatus, WeekendOutcome
from orchestration.run_records import close_dead_runs, log_file, newest_run
from orchestration.runs import ingest_tags, register_weekends
from orchestration.weekend_runs import IngestOptions, WeekendWork
from orchestration.worker_process import WorkerProcess, worker_process

_WORTH_A_PROCESS = 3
"""Weekends for each process: with fewer, loading one takes longer than it saves."""


def _usual_process_count() -> int:
    """Return how many processes a backfill uses where nobody says: two where it may use two cores."""
    granted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(2, granted)


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
        with ExitStack() as processes:
            helping: list[Future[None]] = []
            try:
                for key in self._left(weekends, helping):
                    tell = partial(listener.step, key)
                    outcome = work.unchanged(self.home, key, tell)
                    if outcome is None:
                        # Not before: one process looks at what has not changed quicker than two load.
                        if not helping:
                            helping += self._begin_helping(weekends, work, processes)
                        outcome = work.run(self.home, key, tell)
                    weekends.ended(outcome)
            except BaseException:
                weekends.stop()
                raise
        return weekends.summary(weekend_keys)

    def _left(self, weekends: "_Weekends", helping: Sequence["Future[None]"]) -> Iterator[str]:
        """Yield weekends until none waits, and then, once the others have ended, what they gave back."""
        yield from weekends.left()
        for helped in helping:
            helped.result()
        yield from weekends.left()

    def _begin_helping(
        self, weekends: "_Weekends", work: WeekendWork, processes: ExitStack
    ) -> list["Future[None]"]:
        """Have further processes take weekends too, where they are asked for or there are enough weekends."""
        left = len(weekends.waiting) + 1
        wanted = work.options.process_count
        count = min(wanted, left) if wanted else min(_usual_process_count(), left // _WORTH_A_PROCESS)
        if count < 2:
            return []
        beside = processes.enter_context(ThreadPoolExecutor(count - 1, thread_name_prefix="worker"))
        workers = [
            processes.enter_context(worker_process(self.home.settings, work)) for _ in range(count - 1)
        ]
        return [beside.submit(self._help, worker, weekends) for worker in workers]

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
            except WorkerGoneError:
                weekends.give_back(key)
                return
            except WorkerProcessError as error:
                if not weekends.is_stopped:
                    weekends.ended(self._lost(key, error))
                return

    def _lost(self, weekend_key: str, error: WorkerProcessError) -> WeekendOutcome:
        """Return the outcome of a weekend whose process is gone, after its run is shown as failed."""
        home = self.home
        close_dead_runs(home.settings, home.instance)
        run = newest_run(home.instance, weekend_key)
        run_id, log = (
            ("", home.settings.logs) if run is None else (run.run_id, log_file(home.settings, run.run_id))
        )
        return WeekendOutcome(weekend_key, RunOutcome(run_id, RunStatus.FAILED, 0.0, str(error), log))

    def _build_marts(
        self, ingested: BackfillSummary, options: IngestOptions, listener: BackfillListener
    ) -> BackfillSummary:
        """Build the marts once for all weekends; one by one where that fails, to find the culprit."""
        keys = [outcome.weekend_key for outcome in ingested.done]
        if not keys or not (options.force or are_marts_needed(self.home.lake, keys)):
            # Building the marts does it otherwise; tables that no mart is made of may have changed.
            refresh_views_file(self.home.lake)
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

    def give_back(self, weekend_key: str) -> None:
        """Let a weekend wait again that was not begun."""
        self.waiting.appendleft(weekend_key)

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
