"""Runs a run's steps one after another in its own process, with the run's lock held meanwhile.

Runs from the UI go through it; the lock is how anybody tells later that the process is gone
(``orchestration/run_records.py``). Runs of the command line hold the lock themselves.
"""

from collections.abc import Iterator
from typing import Any, cast

import dagster as dg
from dagster._core.definitions.executor_definition import IN_PROC_CONFIG
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor
from dagster._core.storage.tags import PARTITION_NAME_TAG

from orchestration.environments import Settings
from orchestration.run_records import run_lock
from orchestration.settled import unsettle


class LockingExecutor(InProcessExecutor):
    """Dagster's in-process executor, holding the lock of its run."""

    def __init__(self, settings: Settings, retries: RetryMode) -> None:
        """Hold nothing yet.

        Args:
            settings: Settings of the process; they say where locks are.
            retries: Whether failed steps are tried again.
        """
        super().__init__(retries)
        self._settings = settings

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Execute the steps of a run and yield its events."""
        weekend_key = plan_context.dagster_run.tags.get(PARTITION_NAME_TAG)
        if weekend_key is not None:
            unsettle(self._settings, weekend_key)
        with run_lock(self._settings, plan_context.run_id):
            yield from super().execute(plan_context, execution_plan)
        if weekend_key is not None:
            # An older run may have ended well, and said so, while this one was going.
            unsettle(self._settings, weekend_key)


def locking_executor(settings: Settings) -> dg.ExecutorDefinition:
    """Return the executor for all jobs of a home.

    Args:
        settings: Settings of the process.
    """

    @dg.executor(name="in_process", config_schema=IN_PROC_CONFIG)
    def in_process(context: dg.InitExecutorContext) -> LockingExecutor:
        """Execute all steps in the run's process, one after another."""
        chosen = cast("dict[str, dict[str, Any]]", context.executor_config["retries"])
        return LockingExecutor(settings, RetryMode.from_config(chosen) or RetryMode.DISABLED)

    return in_process
