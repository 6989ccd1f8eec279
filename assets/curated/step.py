"""The curated step of one weekend: every declared table whose inputs changed is computed, then all commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import ExitStack

import polars as pl

from assets.curated.checks import CURATED_CHECKS
from assets.curated.pictures import draw_pictures
from assets.lineage import has_lineage, identity, lineage
from assets.reports import StepReport, report_tables, weekend_pieces
from assets.run_options import RunOptions
from assets.table_asset import TableAsset
from assets.weekend_tables import WeekendTables
from lake.contracts import Scope
from lake.lake import Lake
from lake.step import Step


def compute_curated(
    lake: Lake,
    options: RunOptions,
    declarations: Sequence[TableAsset],
    selected: Collection[str] | None = None,
) -> StepReport:
    """Compute and commit the curated tables of one weekend.

    Args:
        lake: The lake.
        options: The run's options.
        declarations: Tables of the zone in the order in which they are computed.
        selected: Names of the tables to compute; null computes all.

    Returns:
        What became of each table.

    Raises:
        AuditFailedError: If rows break their contract or an invariant; nothing is committed.
    """
    chosen = [table for table in declarations if selected is None or table.table in selected]
    shared = _of_the_season(chosen)
    previews: dict[str, pl.DataFrame] = {}
    with ExitStack() as locks, options.step(lake, "curated") as step:
        tables = WeekendTables(lake, options.weekend_key)
        for table in chosen:
            if table.table not in shared:
                previews |= _compute_table(step, tables, table)
        # Last, so that weekends of one season wait for each other's commits only, and from rows read under
        # the lock: another process may have written its weekend's meanwhile.
        tables.forget_season()
        for table in chosen:
            if table.contract.scope in (Scope.SEASON, Scope.ALL) and not options.is_asking:
                locks.enter_context(lake.scope_lock(table.table, str(options.season)))
        for table in chosen:
            if table.table in shared:
                previews |= _compute_table(step, tables, table)
        outcome = step.commit(CURATED_CHECKS)
    names = [table.table for table in chosen]
    pieces = weekend_pieces(lake.ledger, names, options.weekend_key)
    reports = report_tables(names, pieces, outcome, previews)
    pictures = draw_pictures(previews) if options.has_pictures else {}
    return StepReport("curated", reports, outcome.release_id, pictures=pictures)


def _of_the_season(declarations: Sequence[TableAsset]) -> frozenset[str]:
    """Return the tables that hold a season or more, and those computed from them."""
    found: set[str] = set()
    for table in declarations:
        is_wide = table.contract.scope in (Scope.SEASON, Scope.ALL)
        if is_wide or any(source.table in found for source in table.inputs.values()):
            found.add(table.table)
    return frozenset(found)


def _compute_table(step: Step, tables: WeekendTables, table: TableAsset) -> dict[str, pl.DataFrame]:
    """Stage every scope of a table whose inputs changed, and return the rows staged; none where none did."""
    contract = table.contract
    computed = []
    for value in _scope_values(tables, contract.scope):
        inputs = tables.inputs_of(table, value)
        if not step.is_needed(contract, value, inputs, table.logic_version):
            continue
        frames = {name: tables.frame(source, contract.scope, value) for name, source in table.inputs.items()}
        scope_argument = {str(contract.scope.column): value} if table.takes_scope else {}
        rows = table.compute(**frames, **scope_argument).select(contract.column_names)
        own_lineage = lineage(table.table, table.logic_version, contract.version, inputs)
        may_confirm = has_lineage(tables.lake.ledger.newest(table.table, value), own_lineage)
        step.stage(contract, value, rows, inputs, table.logic_version, may_confirm=may_confirm)
        staged = step.scopes[-1]
        typed = pl.DataFrame(pl.from_arrow(staged.rows))
        tables.put(contract, value, typed, identity(staged.write.rows_digest, own_lineage))
        computed.append(typed)
    return {table.table: pl.concat(computed)} if computed else {}


def _scope_values(tables: WeekendTables, scope: Scope) -> list[str]:
    if scope is Scope.SESSION:
        return tables.sessions()
    if scope is Scope.WEEKEND:
        return [tables.weekend_key]
    return [str(tables.season)] if scope is Scope.SEASON else ["all"]
