"""Finishes what dead processes had decided, and clears away what they had not.

The caller holds the writer lock: whatever plan stands in the staging folder then has no living owner.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lake.books import Books
from lake.errors import RecoveryError
from lake.finishing import Checkpoint, Finished, finish, staged_rows
from lake.staging import (
    decided_steps,
    delete_abandoned_steps,
    delete_step,
    has_abandoned_steps,
    read_plan,
)
from lake.store import Store

_logger = logging.getLogger(__name__)


def needs_recovery(store: Store) -> bool:
    """Return whether a step was decided and is not finished, or a dead process left rows behind."""
    return bool(decided_steps(store.settings.staging)) or has_abandoned_steps(store.settings.staging)


def roll_forward(store: Store, books: Books, checkpoint: Checkpoint) -> Sequence[Finished]:
    """Finish every decided step, oldest first, and delete the folders that dead processes left.

    Args:
        store: The lake's tables.
        books: The ledger and the releases.
        checkpoint: Told after each part.

    Returns:
        What was finished.

    Raises:
        RecoveryError: If a step cannot be finished; it stays and is tried again by the next writer.
    """
    finished = []
    for folder in decided_steps(store.settings.staging):
        plan = read_plan(folder)
        _logger.warning("finishing step %s (%s) that was interrupted", plan.step_id, plan.step)
        try:
            finished.append(finish(store, books, plan, staged_rows(folder), checkpoint))
        except Exception as error:
            raise RecoveryError(
                f"step {plan.step_id} ({plan.step}, run {plan.run_id}) was interrupted and cannot be "
                f"finished: {type(error).__name__}: {error}. Nothing is lost: readers see the release "
                "before it. Remove the cause and start again; the plan is "
                f"{folder}/plan.json."
            ) from error
        delete_step(folder)
    for step_id in delete_abandoned_steps(store.settings.staging):
        _logger.info("deleted the staged rows of step %s, which was never decided", step_id)
    return finished
