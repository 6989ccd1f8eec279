"""Hands built marts to a lake step, scope by scope. Building them is ``lake/dbt_build.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from lake.contracts import Scope, TableContract
from lake.dbt_build import MartsBuild
from lake.dbt_models import mart_logic_versions
from lake.scopes import ALL
from lake.tables.registry import ALL_TABLES
from racing.keys import season_of

InputsRecipe = Callable[[str, str], Mapping[str, str]]
"""Table and scope value to the inputs that the ledger records: input name to its digest."""


class StagingStep(Protocol):
    """The part of a lake step that publishing needs."""

    def stage(
        self,
        contract: TableContract,
        scope_value: str | int | None,
        rows: pa.Table,
        inputs: Mapping[str, str],
        logic_version: int,
    ) -> None:
        """Audit the rows that replace one scope and write them to the step's folder."""


def stage_marts(step: StagingStep, build: MartsBuild, inputs_recipe: InputsRecipe) -> None:
    """Stage every table of a build in a lake step; the caller commits.

    A weekend without rows is staged too, so that rows of an earlier build do not stay.

    Args:
        step: The step.
        build: Tables that passed their tests.
        inputs_recipe: Says what the ledger should record as the inputs of a table's scope.
    """
    versions = mart_logic_versions()
    for name, rows in build.tables.items():
        contract = ALL_TABLES[name]
        for scope_value in mart_scopes(contract, build.weekends):
            part = _rows_of(contract, rows, scope_value)
            step.stage(contract, scope_value, part, inputs_recipe(name, scope_value), versions[name])


def mart_scopes(contract: TableContract, weekends: Sequence[str]) -> list[str]:
    """Return the scope values of a mart that a build for these weekends writes."""
    if contract.scope is Scope.ALL:
        return [ALL]
    if contract.scope is Scope.SEASON:
        return [str(season) for season in sorted({season_of(weekend) for weekend in weekends})]
    return list(weekends)


def _rows_of(contract: TableContract, rows: pa.Table, scope_value: str) -> pa.Table:
    column = contract.scope.column
    if column is None:
        return rows
    return rows.filter(pc.equal(rows[column], pa.scalar(scope_value).cast(rows.schema.field(column).type)))
