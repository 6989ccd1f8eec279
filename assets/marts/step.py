"""The marts step: dbt builds the marts of some weekends, and what passed its tests is committed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from assets.lineage import identity, write_lineage
from assets.table_asset import Input
from assets.weekend_tables import WeekendTables
from lake.contracts import Scope, TableContract
from lake.dbt_models import mart_inputs, mart_logic_versions
from lake.dbt_publish import mart_scopes
from lake.dbt_tests import TestOutcome
from lake.lake import Lake
from lake.step import Step, StepOutcome
from lake.tables.registry import ALL_TABLES
from lake.views_file import refresh_views_file

MARTS: tuple[str, ...] = tuple(name for name, contract in ALL_TABLES.items() if contract.zone == "marts")
"""Tables of the zone."""


@dataclass(frozen=True)
class MartsReport:
    """What a build of marts did.

    Attributes:
        outcome: What the commit did.
        tests: What dbt's tests said; none where nothing had changed.
        timings: Seconds of each part of the build.
    """

    outcome: StepOutcome
    tests: tuple[TestOutcome, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class MartsOptions:
    """Options of a build.

    Attributes:
        run_id: Dagster's run.
        weekends: Weekends to build facts for; never none.
        is_forced: Whether unchanged marts are built again.
        selected: Names of the marts to build; null builds all.
    """

    run_id: str
    weekends: tuple[str, ...]
    is_forced: bool = False
    selected: frozenset[str] | None = None


def compute_marts(lake: Lake, options: MartsOptions) -> MartsReport:
    """Build and commit the marts whose inputs have changed; then the file of views is of that release.

    Args:
        lake: The lake; the newest release of its curated tables is read.
        options: What to build.

    Raises:
        MartsBuildError: If a model could not be built.
        MartsTestsFailedError: If a test failed; nothing is committed.
        AuditFailedError: If rows break their contract; nothing is committed.
    """
    report = _compute(lake, options)
    refresh_views_file(lake)
    return report


def are_marts_needed(lake: Lake, weekends: Sequence[str]) -> bool:
    """Return whether any mart of weekends, of their seasons or of all seasons has to be built.

    Args:
        lake: The lake.
        weekends: Weekend keys.
    """
    with lake.step(run_id="", name="marts") as step:
        return bool(_needed(step, _Recipes(lake), MARTS, weekends))


def _compute(lake: Lake, options: MartsOptions) -> MartsReport:
    names = [name for name in MARTS if options.selected is None or name in options.selected]
    with ExitStack() as stack:
        for name in names:
            contract = ALL_TABLES[name]
            if contract.scope in (Scope.SEASON, Scope.ALL):
                for value in mart_scopes(contract, options.weekends):
                    stack.enter_context(lake.scope_lock(name, value))
        step = stack.enter_context(
            lake.step(
                run_id=options.run_id,
                name="marts",
                weekend_key=options.weekends[0] if len(options.weekends) == 1 else None,
                force=options.is_forced,
            )
        )
        recipes = _Recipes(lake)
        needed = _needed(step, recipes, names, options.weekends)
        if not needed:
            return MartsReport(step.commit())
        return _build(lake, step, recipes, needed, options)


def _build(
    lake: Lake, step: Step, recipes: _Recipes, needed: Collection[str], options: MartsOptions
) -> MartsReport:
    # dbt takes seconds to import, and most runs over unchanged weekends never get here.
    from lake.dbt_build import build_marts
    from lake.dbt_publish import stage_marts

    build = build_marts(
        lake,
        options.weekends,
        workdir=lake.settings.home / "dbt",
        parsed=lake.settings.parsed_projects,
        threads=lake.settings.threads,
        memory_limit=lake.settings.memory_limit,
        select=sorted(needed),
    )
    stage_marts(step, build, recipes.inputs)
    return MartsReport(step.commit(), tuple(build.tests), build.timings)


def _needed(step: Step, recipes: _Recipes, names: Sequence[str], weekends: Sequence[str]) -> list[str]:
    versions = mart_logic_versions()
    return [
        name
        for name in names
        if any(
            step.is_needed(ALL_TABLES[name], value, recipes.inputs(name, value), versions[name])
            for value in mart_scopes(ALL_TABLES[name], weekends)
        )
    ]


class _Recipes:
    """The inputs of each scope of each mart, as the ledger records them."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._ledger = lake.ledger
        self._sources = mart_inputs()
        self._weekends: dict[str, WeekendTables] = {}
        self._known: dict[tuple[str, Scope, str], dict[str, str]] = {}

    def inputs(self, name: str, scope_value: str) -> dict[str, str]:
        """Return ``table@scope`` to identity of everything that one scope of a mart is computed from."""
        contract = ALL_TABLES[name]
        merged: dict[str, str] = {}
        for source in self._sources[name]:
            key = (source, contract.scope, scope_value)
            if key not in self._known:
                self._known[key] = self._identities(ALL_TABLES[source], contract.scope, scope_value)
            merged |= self._known[key]
        return merged

    def _identities(self, source: TableContract, scope: Scope, scope_value: str) -> dict[str, str]:
        if scope is Scope.WEEKEND:
            return self._tables(scope_value).identities(Input(source.name), scope, scope_value)
        prefix = scope_value if scope is Scope.SEASON else ""
        writes = [
            write
            for value in self._ledger.scopes(source.name)
            if value.startswith(prefix) and (write := self._ledger.newest(source.name, value)) is not None
        ]
        rows = [(write.scope_value, write.rows_digest) for write in writes]
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()
        lineages = sorted({write_lineage(write) for write in writes})
        return {f"{source.name}@{scope_value}": identity(digest, ",".join(lineages))}

    def _tables(self, weekend_key: str) -> WeekendTables:
        if weekend_key not in self._weekends:
            self._weekends[weekend_key] = WeekendTables(self._lake, weekend_key)
        return self._weekends[weekend_key]
