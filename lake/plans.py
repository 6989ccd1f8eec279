"""The plan of a step: everything needed to commit it, or to finish committing it after a crash.

A plan names staged files and carries the contracts they were audited against, so that finishing it does
not depend on the code that is installed by then. Files and folders are ``lake/staging.py``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from lake.contracts import Column, Scope, TableContract

FORMAT = 1

Mode = Literal["replace", "append", "confirm", "remove_weekend", "forget", "drop", "compact"]
"""Replace scopes by the staged rows; append the staged rows; record in the ledger only that other inputs
gave the same rows; take a weekend's rows out of a table of wider
scope; forget in the ledger only; drop the whole table; merge its data files, the rows as they are."""


@dataclass(frozen=True)
class ScopeWrite:
    """What one scope of one table becomes, and from what.

    Attributes:
        scope_value: The scope, as text.
        recipe_digest: Digest of what the rows were computed from; null where the scope is removed.
        rows_digest: Digest of the rows; null where the scope is removed.
        row_count: Rows staged.
        inputs: Input name to digest.
        logic_version: Version of the computing function.
        file: Name of the staged file in the step's folder; null where there are no rows.
        snapshot_id: For ``confirm``: the snapshot that holds the rows already.
    """

    scope_value: str
    recipe_digest: str | None
    rows_digest: str | None
    row_count: int = 0
    inputs: dict[str, str] = dataclasses.field(default_factory=dict)
    logic_version: int = 0
    file: str | None = None
    snapshot_id: int | None = None


@dataclass(frozen=True)
class TableWrite:
    """One commit of one table.

    Attributes:
        contract: The contract the rows were audited against.
        mode: What happens to the scopes.
        scopes: The scopes, each once.
        weekend_key: For ``remove_weekend``: the weekend.
    """

    contract: TableContract
    mode: Mode
    scopes: tuple[ScopeWrite, ...]
    weekend_key: str | None = None

    @property
    def scope_values(self) -> tuple[str, ...]:
        """The scopes' values."""
        return tuple(scope.scope_value for scope in self.scopes)


@dataclass(frozen=True)
class Plan:
    """A step that has been decided: it will be committed, now or by the next writer.

    Attributes:
        step_id: Unique; stands in every snapshot the step makes.
        run_id: The run the step belongs to.
        step: Name of the step.
        weekend_key: Race weekend of the step, if it is about one.
        created_at: When the step was decided.
        tables: The commits, in order.
    """

    step_id: str
    run_id: str
    step: str
    weekend_key: str | None
    created_at: datetime
    tables: tuple[TableWrite, ...]


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values."""
    return {"format": FORMAT, **dataclasses.asdict(plan), "created_at": plan.created_at.isoformat()}


def plan_from_json(text: dict[str, Any]) -> Plan:
    """Return the plan that ``plan_to_json`` wrote."""
    return Plan(
        step_id=text["step_id"],
        run_id=text["run_id"],
        step=text["step"],
        weekend_key=text["weekend_key"],
        created_at=datetime.fromisoformat(text["created_at"]),
        tables=tuple(_table_write(write) for write in text["tables"]),
    )


def _table_write(write: dict[str, Any]) -> TableWrite:
    return TableWrite(
        contract=_contract(write["contract"]),
        mode=write["mode"],
        scopes=tuple(ScopeWrite(**scope) for scope in write["scopes"]),
        weekend_key=write["weekend_key"],
    )


def _contract(written: dict[str, Any]) -> TableContract:
    columns = tuple(
        Column(**{**column, "values": None if column["values"] is None else tuple(column["values"])})
        for column in written["columns"]
    )
    return TableContract(
        **{
            **written,
            "columns": columns,
            "scope": Scope(written["scope"]),
            "key": tuple(written["key"]),
            "partition_by": tuple(written["partition_by"]),
            "sort_by": tuple(written["sort_by"]),
        }
    )
