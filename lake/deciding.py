"""Decides a step under the writer lock: what of it is new, the plan, and carrying the plan out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lake.books import Books
from lake.committing import snapshot_of
from lake.errors import CommitInterruptedError
from lake.finishing import Checkpoint, Finished, RowsOf, finish, joined_rows
from lake.ledger import Ledger
from lake.plans import Plan, TableWrite
from lake.recovery import roll_forward
from lake.staging import StagingFolder
from lake.step import StagedScope, Step, StepNames, WriteOutcome
from lake.store import Store
from lake.table_files import StagedRows

_DONE: dict[Literal["replace", "append", "confirm"], Literal["replaced", "appended", "unchanged"]] = {
    "replace": "replaced",
    "append": "appended",
    "confirm": "unchanged",
}


@dataclass(frozen=True)
class Decider:
    """Decides and commits steps.

    Attributes:
        store: The lake's tables.
        books: The ledger and the releases.
        writer_lock: Holds the lake's writer lock for a purpose.
        checkpoint: Told after each part of a commit.
    """

    store: Store
    books: Books
    writer_lock: Callable[[str], AbstractContextManager[None]]
    checkpoint: Checkpoint

    def commit_step(self, folder: StagingFolder, step: Step) -> tuple[int | None, tuple[WriteOutcome, ...]]:
        """Commit a step's staged scopes, those left out whose rows and recipe are there already.

        Args:
            folder: The step's folder; deleted when the step is done.
            step: The step.

        Returns:
            The release and what became of each scope; no release where nothing was new.

        Raises:
            CommitInterruptedError: If the commit stopped between tables.
        """
        try:
            with self.writer_lock(f"commit of {step.names.step}"):
                roll_forward(self.store, self.books, self.checkpoint)
                ledger = self.books.ledger()
                new = [scope for scope in step.scopes if step.is_forced or not _is_there(ledger, scope)]
                if not step.is_forced:
                    new = [_confirmed(ledger, scope) for scope in new]
                release_id = None
                if new:
                    finished = self.carry_out(
                        folder, step.names, _table_writes(new), _rows_of(new, folder.path)
                    )
                    release_id = finished.release.release_id
                return release_id, _outcomes(step.scopes, new, self.books.ledger())
        finally:
            folder.close()

    def carry_out(
        self, folder: StagingFolder, names: StepNames, writes: Sequence[TableWrite], rows_of: RowsOf
    ) -> Finished:
        """Decide a plan and finish it; the caller holds the writer lock and has rolled forward.

        Args:
            folder: The step's folder, with the files that the writes name.
            names: What the step is called.
            writes: One commit per table, in order.
            rows_of: Gives the rows of a commit.

        Raises:
            CommitInterruptedError: If the commit stopped between tables.
        """
        for write in writes:
            if write.mode in ("replace", "append"):
                self.store.prepare(write.contract)
        plan = Plan(
            step_id=folder.step_id,
            run_id=names.run_id,
            step=names.step,
            weekend_key=names.weekend_key,
            created_at=self.books.next_time(),
            tables=tuple(writes),
        )
        folder.decide(plan)
        self.checkpoint("plan")
        try:
            finished = finish(self.store, self.books, plan, rows_of, self.checkpoint)
        except Exception as error:
            if self._is_untouched(plan):
                folder.withdraw()
                raise
            raise CommitInterruptedError(
                f"step {names.step} ({folder.step_id}) was interrupted between its tables: "
                f"{type(error).__name__}: {error}. Readers see the release before it. Remove the cause; "
                "the next write to this lake finishes the step first."
            ) from error
        folder.withdraw()
        return finished

    def _is_untouched(self, plan: Plan) -> bool:
        if any(write.mode == "drop" for write in plan.tables):
            return False
        for write in plan.tables:
            table = self.store.load(write.contract.name)
            if table is not None and snapshot_of(table, plan.step_id) is not None:
                return False
        return True


def _is_there(ledger: Ledger, scope: StagedScope) -> bool:
    newest = ledger.newest(scope.contract.name, scope.write.scope_value)
    return (
        newest is not None
        and newest.recipe_digest == scope.write.recipe_digest
        and newest.rows_digest == scope.write.rows_digest
    )


def _confirmed(ledger: Ledger, scope: StagedScope) -> StagedScope:
    """Return the scope as a mere ledger entry where its very rows are there already."""
    newest = ledger.newest(scope.contract.name, scope.write.scope_value)
    if (
        not scope.may_confirm
        or newest is None
        or newest.rows_digest != scope.write.rows_digest
        or newest.contract_version != scope.contract.version
    ):
        return scope
    return replace(
        scope, mode="confirm", write=replace(scope.write, snapshot_id=newest.snapshot_id, file=None)
    )


def _by_commit(scopes: Sequence[StagedScope]) -> dict[tuple[str, str], list[StagedScope]]:
    """Return the scopes of each commit: table and mode."""
    commits: dict[tuple[str, str], list[StagedScope]] = {}
    for scope in scopes:
        commits.setdefault((scope.contract.name, scope.mode), []).append(scope)
    return commits


def _table_writes(scopes: Sequence[StagedScope]) -> list[TableWrite]:
    return [
        TableWrite(group[0].contract, group[0].mode, tuple(scope.write for scope in group))
        for group in _by_commit(scopes).values()
    ]


def _rows_of(scopes: Sequence[StagedScope], folder: Path) -> RowsOf:
    groups = _by_commit(scopes)

    def rows_of(write: TableWrite) -> StagedRows:
        group = groups[write.contract.name, write.mode]
        return joined_rows(write, [scope.rows for scope in group], folder)

    return rows_of


def _outcomes(
    scopes: Sequence[StagedScope], new: Sequence[StagedScope], ledger: Ledger
) -> tuple[WriteOutcome, ...]:
    written = {(scope.contract.name, scope.write.scope_value): _DONE[scope.mode] for scope in new}
    outcomes = []
    for scope in scopes:
        name, value = scope.contract.name, scope.write.scope_value
        newest = ledger.newest(name, value)
        outcomes.append(
            WriteOutcome(
                table=name,
                scope_value=value,
                action=written.get((name, value), "unchanged"),
                row_count=scope.write.row_count,
                recipe_digest=str(scope.write.recipe_digest),
                rows_digest=str(scope.write.rows_digest),
                snapshot_id=newest.snapshot_id if newest is not None else None,
            )
        )
    return tuple(outcomes)
