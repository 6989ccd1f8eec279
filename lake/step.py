"""A step: rows staged and audited table by table, then committed together as one release.

Until ``commit`` nothing but the step's own folder is touched; leaving the ``with`` block without it, or
by an exception, deletes that folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, Self

import polars as pl
import pyarrow as pa

from lake.audit import audited
from lake.checks import Check, CheckOutcome, run_checks
from lake.contracts import TableContract
from lake.digests import chained_digest, in_order, recipe_digest, rows_digest
from lake.errors import AuditFailedError, RawIsAppendOnlyError, StagedTwiceError, StepClosedError
from lake.ledger import Ledger
from lake.plans import ScopeWrite
from lake.scopes import scope_text
from lake.staging import StagingFolder

RAW = "raw"

Action = Literal["replaced", "appended", "unchanged"]
"""What became of a staged scope."""


@dataclass(frozen=True)
class StepNames:
    """What a step is called.

    Attributes:
        run_id: The run it belongs to.
        step: Its name, such as ``processed``.
        weekend_key: The race weekend it is about, if it is about one.
    """

    run_id: str
    step: str
    weekend_key: str | None = None


@dataclass(frozen=True)
class StagedScope:
    """One scope of one table, staged and audited.

    Attributes:
        contract: The table's contract.
        mode: Whether the rows replace the scope or are appended, or are there already.
        write: Digests and the staged file.
        rows: The rows.
        may_confirm: Whether the same rows from other inputs need no commit.
    """

    contract: TableContract
    mode: Literal["replace", "append", "confirm"]
    write: ScopeWrite
    rows: pa.Table
    may_confirm: bool = False


@dataclass(frozen=True)
class WriteOutcome:
    """What became of one staged scope.

    Attributes:
        table: The table.
        scope_value: The scope.
        action: ``replaced``, ``appended``, or ``unchanged`` where the same rows were there already.
        row_count: Rows staged.
        recipe_digest: What dependants name as their input.
        rows_digest: Digest of the rows.
        snapshot_id: Snapshot that holds the rows; null where the table has none.
    """

    table: str
    scope_value: str
    action: Action
    row_count: int
    recipe_digest: str
    rows_digest: str
    snapshot_id: int | None


@dataclass(frozen=True)
class StepOutcome:
    """What a step's commit did.

    Attributes:
        release_id: The release it made; null where nothing changed.
        writes: What became of each staged scope, in the order staged.
        checks: What each rule said, contract audits first.
    """

    release_id: int | None
    writes: tuple[WriteOutcome, ...]
    checks: tuple[CheckOutcome, ...]


CommitStaged = Callable[[StagingFolder, "Step"], tuple[int | None, tuple[WriteOutcome, ...]]]
"""Commits a step's staged scopes and takes over its folder; see ``lake/deciding.py``."""


class Step:
    """Stages rows and commits them together; used as a context manager."""

    def __init__(
        self,
        names: StepNames,
        folder: Callable[[], StagingFolder],
        ledger: Callable[[], Ledger],
        commit_staged: CommitStaged,
        *,
        force: bool,
    ) -> None:
        """Stage nothing yet.

        Args:
            names: What the step is called.
            folder: Makes the staging folder; called at the first staged row.
            ledger: Returns the ledger as it is now.
            commit_staged: Commits.
            force: Whether unchanged input is written again.
        """
        self.names = names
        self.is_forced = force
        self._make_folder = folder
        self._folder: StagingFolder | None = None
        self._ledger = ledger
        self._commit_staged = commit_staged
        self._staged: dict[tuple[str, str], StagedScope] = {}
        self._is_open = False

    def __enter__(self) -> Self:
        """Open the step."""
        self._is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the step; what was not committed is deleted."""
        self._is_open = False
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def is_needed(
        self,
        contract: TableContract,
        scope_value: str | int | None,
        inputs: Mapping[str, str],
        logic_version: int,
    ) -> bool:
        """Return whether a scope must be written: never written, or from another recipe, or forced.

        Args:
            contract: The table's contract.
            scope_value: What would be written.
            inputs: Input name to its recipe digest.
            logic_version: Version of the computing function.
        """
        scope = scope_text(contract, scope_value)
        recipe = recipe_digest(contract, scope, inputs, logic_version)
        is_needed = self.is_forced or self._ledger().recipe_digest(contract.name, scope) != recipe
        return self._answer(f"{contract.name} [{scope}]", is_needed=is_needed)

    def _answer(self, _what: str, *, is_needed: bool) -> bool:
        """Return whether something is needed; a step that only asks has an answer of its own."""
        return is_needed

    def recipe_digest(self, table: str, scope_value: str | int) -> str | None:
        """Return the digest a dependant names as input: of the staged rows, else of the newest write."""
        staged = self._staged.get((table, str(scope_value)))
        if staged is not None:
            return staged.write.recipe_digest
        return self._ledger().recipe_digest(table, scope_value)

    def stage(
        self,
        contract: TableContract,
        scope_value: str | int | None,
        rows: pa.Table | pl.DataFrame,
        inputs: Mapping[str, str],
        logic_version: int,
        *,
        may_confirm: bool = False,
    ) -> None:
        """Audit the rows that replace one scope and write them to the step's folder.

        Args:
            contract: The table's contract.
            scope_value: The scope replaced; null or ``all`` for a table of scope all.
            rows: Its new rows; none deletes the scope's rows.
            inputs: Input name to its recipe digest.
            logic_version: Version of the computing function.
            may_confirm: Whether only the ledger is written where the scope holds these very rows: other
                inputs gave the same, under the same logic all the way up.

        Raises:
            AuditFailedError: If the rows break the contract.
            RawIsAppendOnlyError: If the table is raw.
            StagedTwiceError: If the scope is staged already.
            StagingError: If the rows cannot be written.
        """
        if contract.zone == RAW:
            raise RawIsAppendOnlyError(f"{contract.name} is never rewritten: use append_raw")
        scope = scope_text(contract, scope_value)
        ordered = in_order(contract, audited(contract, scope, rows))
        recipe = recipe_digest(contract, scope, inputs, logic_version)
        write = ScopeWrite(
            scope_value=scope,
            recipe_digest=recipe,
            rows_digest=rows_digest(contract, ordered),
            row_count=ordered.num_rows,
            inputs=dict(inputs),
            logic_version=logic_version,
        )
        self._add(StagedScope(contract, "replace", write, ordered, may_confirm))

    def append_raw(self, contract: TableContract, rows: pa.Table | pl.DataFrame) -> None:
        """Audit rows that are added to a raw table and write them to the step's folder.

        Rows whose key the table already has are left out at commit, so appending twice is harmless.

        Args:
            contract: Contract of a raw table.
            rows: New rows, of any of the table's scopes.

        Raises:
            AuditFailedError: If the rows break the contract.
            RawIsAppendOnlyError: If the table is not raw.
            StagingError: If the rows cannot be written.
        """
        if contract.zone != RAW:
            raise RawIsAppendOnlyError(f"{contract.name} is not raw: use stage, which replaces a scope")
        typed = audited(contract, None, rows)
        column = contract.scope.column
        frame = pl.DataFrame(pl.from_arrow(typed))
        groups = [((None,), frame)] if column is None else frame.group_by(column, maintain_order=True)
        for (value,), group in groups:
            scope = scope_text(contract, value)
            ordered = in_order(contract, audited(contract, scope, group))
            digest = rows_digest(contract, ordered)
            before = self._ledger().recipe_digest(contract.name, scope)
            write = ScopeWrite(scope, chained_digest(before, digest), digest, ordered.num_rows)
            self._add(StagedScope(contract, "append", write, ordered))

    @property
    def scopes(self) -> tuple[StagedScope, ...]:
        """Everything staged, in the order staged."""
        return tuple(self._staged.values())

    def staged(self, table: str) -> pa.Table | None:
        """Return the rows staged for a table, of all scopes; null where none are."""
        parts = [scope.rows for (name, _), scope in self._staged.items() if name == table]
        return pa.concat_tables(parts) if parts else None

    def commit(self, checks: Sequence[Check] = ()) -> StepOutcome:
        """Run the rules over everything staged, then commit all of it as one release.

        Args:
            checks: Rules over the staged rows.

        Returns:
            What was done. Where nothing was staged, or only what is there already, nothing is.

        Raises:
            AuditFailedError: If a blocking rule is violated; nothing is committed.
            CommitInterruptedError: If the commit stopped between tables; the next writer finishes it.
        """
        self._require_open()
        outcomes = self._audits() + self._run(checks)
        broken = [outcome for outcome in outcomes if outcome.is_blocking and not outcome.has_passed]
        if broken:
            raise AuditFailedError(
                f"step {self.names.step}: {len(broken)} blocking rule(s) violated, nothing was committed.",
                tuple(f"{outcome.name}: {text}" for outcome in broken for text in outcome.violations),
                outcomes,
            )
        if self._folder is None:
            return StepOutcome(None, (), outcomes)
        folder, self._folder = self._folder, None
        self._is_open = False
        release_id, writes = self._commit_staged(folder, self)
        return StepOutcome(release_id, writes, outcomes)

    def _add(self, staged: StagedScope) -> None:
        self._require_open()
        key = (staged.contract.name, staged.write.scope_value)
        if key in self._staged:
            raise StagedTwiceError(
                f"{key[0]} [{key[1]}] is staged twice in step {self.names.step}: put its rows together first"
            )
        if self._folder is None:
            self._folder = self._make_folder()
        if staged.rows.num_rows:
            name = self._folder.write_rows(staged.contract, staged.rows)
            staged = replace(staged, write=replace(staged.write, file=name))
        self._staged[key] = staged

    def _require_open(self) -> None:
        if not self._is_open:
            raise StepClosedError(
                f"step {self.names.step} is closed: stage and commit once, inside `with lake.step(...)`"
            )

    def _audits(self) -> tuple[CheckOutcome, ...]:
        tables = dict.fromkeys(table for table, _ in self._staged)
        return tuple(CheckOutcome("rows_keep_their_contract", table, True, ()) for table in tables)  # noqa: FBT003

    def _run(self, checks: Sequence[Check]) -> tuple[CheckOutcome, ...]:
        if not checks:
            return ()
        frames = {table: pl.DataFrame(pl.from_arrow(self.staged(table))) for table, _ in self._staged}
        return run_checks(checks, frames)
