"""What became of runs, of weekends and of a backfill: plain values, to be read without Dagster."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

REMARK = "REMARK"
"""Event type under which a listener is told a run's remarks: the warnings it logs."""


class RunStatus(StrEnum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class RunOutcome:
    """What became of a run.

    Attributes:
        run_id: Dagster's id of the run.
        status: How it ended.
        seconds: How long it took.
        reason: Why it failed, in one sentence or a few lines; null where it did not.
        log: File with the run's whole log.
        is_unchanged: Whether no run was made, because nothing has changed since this one.
    """

    run_id: str
    status: RunStatus
    seconds: float
    reason: str | None
    log: Path
    is_unchanged: bool = False

    @property
    def is_success(self) -> bool:
        """Whether everything the run was asked for is done."""
        return self.status is RunStatus.SUCCEEDED


@dataclass(frozen=True)
class WeekendOutcome:
    """What became of one weekend.

    Attributes:
        weekend_key: The weekend.
        run: The run that decided it; an earlier one where nothing has changed since.
    """

    weekend_key: str
    run: RunOutcome


@dataclass
class BackfillSummary:
    """What became of all weekends, in the order in which they were asked for."""

    done: list[WeekendOutcome] = field(default_factory=list)
    failed: list[WeekendOutcome] = field(default_factory=list)

    def add(self, outcome: WeekendOutcome) -> None:
        """File an outcome."""
        (self.done if outcome.run.is_success else self.failed).append(outcome)
