"""Commits one table once, marked with the step that did it, and retried where other machines write too.

What the files of a commit are is ``lake/table_files.py``; the order of commits is ``lake/finishing.py``.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pyiceberg.exceptions import CommitFailedException, ValidationException
from pyiceberg.expressions import BooleanExpression
from pyiceberg.table import Table

from lake.contracts import TableContract
from lake.errors import ConcurrentWriteError
from lake.store import Store
from lake.table_files import Exchange
from lake.transactions import replace_files

WRITE_ID = "f1lake.write_id"
"""Snapshot property that names the step; finishing a step looks for it."""

_ATTEMPTS = 6
_FIRST_WAIT_S = 0.1
_SPARE_SNAPSHOTS = 4

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Commit:
    """What to commit to one table.

    Attributes:
        contract: The table's contract.
        write_id: The step.
        exchange: Computes the files from the freshly loaded table; called again on a retry.
        watched: Rows that nobody else may change meanwhile; null for an append.
        needed: Snapshots that a kept release needs.
    """

    contract: TableContract
    write_id: str
    exchange: Callable[[Table], Exchange]
    watched: BooleanExpression | None
    needed: Collection[int] = ()


def commit_once(store: Store, commit: Commit) -> Table:
    """Commit unless the step already has, and return the table as it is then.

    A commit that would change nothing makes no snapshot.

    Raises:
        ConcurrentWriteError: If other machines kept changing the same rows.
    """
    wait_s = _FIRST_WAIT_S
    for attempt in range(1, _ATTEMPTS + 1):
        table = store.ensure(commit.contract)
        if snapshot_of(table, commit.write_id) is not None:
            return table
        exchange = commit.exchange(table)
        if not exchange.taken and not exchange.put:
            return table
        try:
            replace_files(
                table,
                taken=exchange.taken,
                put=exchange.put,
                watched=commit.watched,
                properties={WRITE_ID: commit.write_id},
                expired=expendable_snapshots(table, commit.needed),
            )
        except (CommitFailedException, ValidationException) as error:
            if attempt == _ATTEMPTS:
                raise ConcurrentWriteError(
                    f"{commit.contract.name}: another machine changed the same rows {_ATTEMPTS} times while "
                    f"this one tried to ({error}). Run one writer per weekend and run the step again."
                ) from error
            _logger.warning("%s: somebody else was faster, trying again (%s)", commit.contract.name, error)
            time.sleep(wait_s * random.uniform(1, 2))  # noqa: S311 - spreads retries, not a secret
            wait_s *= 2
        else:
            break
    return table


def snapshot_of(table: Table, write_id: str) -> int | None:
    """Return the snapshot that a step made in a table; null where it made none."""
    for snapshot in reversed(table.metadata.snapshots):
        if snapshot.summary is not None and snapshot.summary.additional_properties.get(WRITE_ID) == write_id:
            found: int = snapshot.snapshot_id
            return found
    return None


def expendable_snapshots(table: Table, needed: Collection[int], spare: int = _SPARE_SNAPSHOTS) -> list[int]:
    """Return the snapshots to forget, once so many have piled up that it pays.

    Args:
        table: The table.
        needed: Snapshots that must stay, besides the current one.
        spare: How many others may stay before any is forgotten.
    """
    keep = {*needed, table.metadata.current_snapshot_id}
    others = [
        snapshot.snapshot_id for snapshot in table.metadata.snapshots if snapshot.snapshot_id not in keep
    ]
    return others if len(others) > spare else []
