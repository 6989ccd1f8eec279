"""Runs a job for one race weekend inside this process, on the persistent instance, where the UI shows it.

This is the only place that launches a run. Which weekends, and what happens when one fails, is
``orchestration/backfills.py``.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import dagster as dg
from dagster._core import errors as dagster_errors
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG

from assets.partitions import RACE_WEEKEND
from assets.run_options import FORCE_TAG, PICTURES_TAG, SESSIONS_TAG
from orchestration.environments import Settings
from orchestration.outcomes import RunOutcome, RunStatus
from orchestration.run_records import LOGGER_KEY, StepListener, log_file, run_record
from orchestration.settled import settle, unsettle

# Runs carry it so that the job's own page in the UI lists them.
_REPOSITORY = "__repository__@orchestration.definitions"

# What Dagster puts around what a step raised. Below the first other error is only what that one answers.
_WRAPPERS = frozenset(
    found.__name__
    for found in vars(dagster_errors).values()
    if isinstance(found, type) and issubclass(found, dg.DagsterError)
)


@dataclass(frozen=True)
class JobRunner:
    """Runs one job on one instance.

    Attributes:
        settings: Settings of this process.
        instance: The persistent instance.
        job: The job, with its resources.
    """

    settings: Settings
    instance: dg.DagsterInstance
    job: dg.JobDefinition

    def run(
        self,
        *,
        listener: StepListener,
        weekend_key: str | None = None,
        tags: dict[str, str] | None = None,
        asset_keys: Sequence[dg.AssetKey] | None = None,
        ops: dict[str, object] | None = None,
    ) -> RunOutcome:
        """Run the job and return what became of it; a failure is an outcome, not an exception.

        Args:
            listener: Told which step is at work.
            weekend_key: Partition to run; registered before. Null for a job without partitions.
            tags: Options of the run.
            asset_keys: Assets to materialise; null for all of the job.
            ops: Op configuration.

        Raises:
            KeyboardInterrupt: If the user stopped it; the run is shown as canceled.
        """
        run_id = str(uuid.uuid4())
        started = time.monotonic()
        if weekend_key is not None:
            unsettle(self.settings, weekend_key)
        with run_record(self.settings, run_id, listener):
            try:
                result = self.job.execute_in_process(
                    run_id=run_id,
                    instance=self.instance,
                    partition_key=weekend_key,
                    asset_selection=asset_keys,
                    tags={**(tags or {}), REPOSITORY_LABEL_TAG: _REPOSITORY},
                    run_config={"loggers": {LOGGER_KEY: {}}, **({"ops": ops} if ops else {})},
                    raise_on_error=False,
                )
            except BaseException as error:
                self._close(run_id, canceled=isinstance(error, KeyboardInterrupt))
                raise
        if _was_interrupted(result):
            self._close(run_id, canceled=True)
            raise KeyboardInterrupt
        if weekend_key is not None:
            # Another run of the weekend may have gone well meanwhile: the newest one counts.
            (settle if result.success else unsettle)(self.settings, weekend_key)
        return RunOutcome(
            run_id=run_id,
            status=RunStatus.SUCCEEDED if result.success else RunStatus.FAILED,
            seconds=time.monotonic() - started,
            reason=None if result.success else failure_reason(result.all_events),
            log=log_file(self.settings, run_id),
        )

    def _close(self, run_id: str, *, canceled: bool) -> None:
        """Give a run that did not end by itself an end."""
        run = self.instance.get_run_by_id(run_id)
        if run is None:
            return
        if canceled:
            self.instance.report_run_canceled(run, "Stopped by Ctrl-C on the command line.")
        elif not run.is_finished:
            self.instance.report_run_failed(run, "The run ended before it was done.")


def register_weekends(instance: dg.DagsterInstance, weekend_keys: Iterable[str]) -> list[str]:
    """Register weekends as partitions; return the new ones. A key that is there stays as it is."""
    known = set(instance.get_dynamic_partitions(str(RACE_WEEKEND.name)))
    new = [key for key in weekend_keys if key not in known]
    if new:
        instance.add_dynamic_partitions(str(RACE_WEEKEND.name), new)
    return new


def ingest_tags(sessions: Sequence[str], *, force: bool, pictures: bool = True) -> dict[str, str]:
    """Return the tags that carry the options of an ingest to its assets."""
    tags = {SESSIONS_TAG: ",".join(sessions)} if sessions else {}
    if force:
        tags[FORCE_TAG] = "true"
    if not pictures:
        tags[PICTURES_TAG] = "false"
    return tags


def failure_reason(events: Sequence[dg.DagsterEvent]) -> str:
    """Return why a run failed: what the first failed step raised, without Dagster's wrapping."""
    for event in events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            while error.cause is not None and error.cls_name in _WRAPPERS:
                error = error.cause
            return f"{event.step_key}: {_without_class(error.message)}"
    for event in reversed(events):
        if event.is_failure and event.message:
            return event.message
    return "the run failed without saying why; see its log"


def _without_class(message: str) -> str:
    """Return an exception's text without the dotted name of its class, where the text says enough."""
    head, colon, tail = message.strip().partition(": ")
    is_ours = head.partition(".")[0] in {"assets", "lake", "racing", "sources", "charts", "orchestration"}
    return tail if colon and is_ours else message.strip()


def _was_interrupted(result: dg.ExecuteInProcessResult) -> bool:
    """Return whether the user stopped the run: inside a step, or between two."""
    names = {"KeyboardInterrupt", "DagsterExecutionInterruptedError"}
    errors = [
        event.step_failure_data.error if event.is_step_failure else event.job_failure_data.error
        for event in result.all_events
        if event.is_step_failure or event.is_job_failure
    ]
    return any(error is not None and error.cls_name in names for error in errors)
