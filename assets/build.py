"""The assets of the project: one multi-asset a zone, whose tables can be chosen one by one."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from assets.curated.checks import CURATED_CHECKS
from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.factory import asset_spec, check_specs, failed_checks, materializations
from assets.marts.reporting import DBT_RULE, marts_step_report
from assets.marts.step import MARTS, MartsOptions, compute_marts
from assets.partitions import RACE_WEEKEND
from assets.processed.declarations import PROCESSED
from assets.processed.step import compute_processed
from assets.raw.step import RAW, fetch_raw
from assets.run_options import read_options
from lake.dbt_models import mart_inputs
from lake.errors import AuditFailedError
from lake.lake import Lake
from sources.open_source import Source


def build_assets() -> list[dg.AssetsDefinition]:
    """Return the four zones' assets, in the order data flows."""
    return [_raw(), _processed(), _curated(), _marts()]


def _selected(context: dg.AssetExecutionContext, names: tuple[str, ...]) -> list[str]:
    """Return the zone's tables that the run asked for, in the zone's order."""
    wanted = {".".join(key.path) for key in context.selected_asset_keys}
    return [name for name in names if name in wanted]


def _raw() -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="raw",
        specs=[asset_spec(name, ()) for name in RAW],
        can_subset=True,
        partitions_def=RACE_WEEKEND,
    )
    def raw(
        context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], source: dg.ResourceParam[Source]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        options = read_options(context.run.run_id, context.partition_key, context.run.tags)
        report = fetch_raw(lake, options, source, on_progress=_progress(context))
        _log_notes(context, report.notes)
        yield from materializations(report, _selected(context, RAW), ())

    return raw


def _processed() -> dg.AssetsDefinition:
    names = tuple(table.table for table in PROCESSED)

    @dg.multi_asset(
        name="processed",
        specs=[asset_spec(table.table, table.raw_tables) for table in PROCESSED],
        check_specs=[spec for name in names for spec in check_specs(name, ())],
        can_subset=True,
        partitions_def=RACE_WEEKEND,
    )
    def processed(
        context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake], source: dg.ResourceParam[Source]
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        options = read_options(context.run.run_id, context.partition_key, context.run.tags)
        selected = _selected(context, names)
        try:
            report = compute_processed(lake, options, source, selected)
        except AuditFailedError as error:
            yield from failed_checks(error, context.selected_asset_check_keys)
            raise
        _log_notes(context, report.notes)
        yield from materializations(report, selected, context.selected_asset_check_keys)

    return processed


def _curated() -> dg.AssetsDefinition:
    names = tuple(table.table for table in CURATED)
    rules = {name: [check for check in CURATED_CHECKS if check.tables[0] == name] for name in names}

    @dg.multi_asset(
        name="curated",
        specs=[
            asset_spec(table.table, [source.table for source in table.inputs.values()]) for table in CURATED
        ],
        check_specs=[spec for name in names for spec in check_specs(name, rules[name])],
        can_subset=True,
        partitions_def=RACE_WEEKEND,
    )
    def curated(
        context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        options = read_options(context.run.run_id, context.partition_key, context.run.tags)
        selected = _selected(context, names)
        try:
            report = compute_curated(lake, options, CURATED, selected)
        except AuditFailedError as error:
            yield from failed_checks(error, context.selected_asset_check_keys)
            raise
        yield from materializations(report, selected, context.selected_asset_check_keys)

    return curated


def _marts() -> dg.AssetsDefinition:
    inputs = mart_inputs()

    @dg.multi_asset(
        name="marts",
        specs=[asset_spec(name, inputs[name]) for name in MARTS],
        check_specs=[spec for name in MARTS for spec in check_specs(name, [DBT_RULE])],
        can_subset=True,
        partitions_def=RACE_WEEKEND,
    )
    def marts(
        context: dg.AssetExecutionContext, lake: dg.ResourceParam[Lake]
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        options = read_options(context.run.run_id, context.partition_key, context.run.tags)
        selected = _selected(context, MARTS)
        wanted = MartsOptions(
            context.run.run_id, (options.weekend_key,), options.is_forced, frozenset(selected)
        )
        try:
            done = compute_marts(lake, wanted)
        except AuditFailedError as error:
            yield from failed_checks(error, context.selected_asset_check_keys)
            raise
        report = marts_step_report(lake, done, options.weekend_key)
        yield from materializations(report, selected, context.selected_asset_check_keys)

    return marts


def _log_notes(context: dg.AssetExecutionContext, notes: tuple[str, ...]) -> None:
    for note in notes:
        context.log.info(note)


def _progress(context: dg.AssetExecutionContext) -> Callable[[int, int, str], None]:
    every = 20

    def on_progress(done: int, expected: int, what: str) -> None:
        if done % every == 0:
            context.log.debug(f"{done} of about {expected} documents: {what}")

    return on_progress
