"""Turns tables into Dagster assets: one multi-asset a zone, reporting done once for all.

What a zone's step does is in ``assets/<zone>/step.py`` and knows nothing of Dagster; here are asset specs,
checks, and how a report becomes materialisations.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import dagster as dg

from assets.partitions import RACE_WEEKEND
from assets.previews import picture, preview_metadata
from assets.reports import StepReport, TableReport
from assets.zones import ZONES
from lake.checks import Check, CheckOutcome
from lake.errors import AuditFailedError
from lake.tables.registry import ALL_TABLES

CONTRACT_CHECK = "rows_keep_their_contract"
"""Check of every table that is computed: types, nulls, keys and closed lists of its contract."""

_SHOWN_VIOLATIONS = 20


def asset_key(table: str) -> dg.AssetKey:
    """Return the asset key of a table: ``["curated", "stints"]`` for ``curated.stints``."""
    return dg.AssetKey(table.split("."))


def asset_spec(table: str, inputs: Iterable[str]) -> dg.AssetSpec:
    """Return the spec of a table's asset.

    Args:
        table: Name of the table.
        inputs: Names of the tables it is computed from.
    """
    contract = ALL_TABLES[table]
    zone = ZONES[contract.zone]
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            column.description,
            constraints=dg.TableColumnConstraints(nullable=column.nullable),
        )
        for column in contract.columns
    ]
    return dg.AssetSpec(
        asset_key(table),
        deps=[asset_key(name) for name in dict.fromkeys(inputs)],
        description=contract.description,
        group_name=zone.name,
        owners=list(zone.owners),
        kinds=set(zone.kinds),
        partitions_def=RACE_WEEKEND,
        metadata={
            "dagster/column_schema": dg.TableSchema(columns=columns),
            "dagster/table_name": table,
            "key": ", ".join(contract.key),
            "written by": contract.scope.value,
        },
    )


def check_specs(table: str, rules: Iterable[Check]) -> list[dg.AssetCheckSpec]:
    """Return the specs of a table's checks.

    Args:
        table: Name of the table.
        rules: Further rules that are shown at the table.
    """
    contract_check = dg.AssetCheckSpec(
        CONTRACT_CHECK,
        asset=asset_key(table),
        blocking=True,
        description="Types, nulls, unique key, closed lists and scope are as the contract says.",
    )
    rule_checks = [
        dg.AssetCheckSpec(
            rule.name,
            asset=asset_key(table),
            blocking=rule.is_blocking,
            description=rule.description or _sentence(rule.name),
        )
        for rule in rules
    ]
    return [contract_check, *rule_checks]


def materializations(
    report: StepReport, selected: Sequence[str], checks: Iterable[dg.AssetCheckKey]
) -> Iterator[dg.MaterializeResult[Any]]:
    """Yield what became of each selected table, with its checks.

    Args:
        report: What the step did.
        selected: Tables that the run asked for.
        checks: Checks that the run asked for.
    """
    wanted = set(checks)
    for table in selected:
        outcome = report.tables[table]
        yield dg.MaterializeResult(
            asset_key=asset_key(table),
            metadata=_metadata(report, outcome),
            data_version=dg.DataVersion(outcome.identity[:200]),
            check_results=list(_check_results(outcome, wanted)),
        )


def failed_checks(
    error: AuditFailedError, checks: Iterable[dg.AssetCheckKey]
) -> Iterator[dg.AssetCheckResult]:
    """Yield the checks that stopped a step, so that a person sees them red at the table."""
    wanted = set(checks)
    for outcome in error.checks:
        if not outcome.has_passed and _check_key(outcome) in wanted:
            yield _check_result(outcome)


def _metadata(report: StepReport, outcome: TableReport) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "dagster/partition_row_count": outcome.row_count,
        "written": "new snapshot" if outcome.is_changed else "unchanged: same inputs, same logic",
    }
    if outcome.snapshot_id is not None:
        metadata["snapshot id"] = str(outcome.snapshot_id)
    if report.release_id is not None:
        metadata["release"] = report.release_id
    if outcome.inputs:
        metadata["inputs"] = dg.MetadataValue.json(dict(outcome.inputs))
    if outcome.preview is not None and outcome.is_changed:
        metadata |= preview_metadata(outcome)
    if outcome.table in report.pictures:
        metadata["picture"] = picture(report.pictures[outcome.table], outcome.table)
    return metadata


def _check_results(outcome: TableReport, wanted: set[dg.AssetCheckKey]) -> Iterator[dg.AssetCheckResult]:
    ran = {check.name: check for check in outcome.checks}
    for key in wanted:
        if key.asset_key != asset_key(outcome.table):
            continue
        check = ran.get(key.name)
        if check is not None:
            yield _check_result(check)
        else:
            yield dg.AssetCheckResult(
                passed=True,
                asset_key=key.asset_key,
                check_name=key.name,
                description="Nothing was written: the rows that are there passed when they were.",
            )


def _check_result(outcome: CheckOutcome) -> dg.AssetCheckResult:
    key = _check_key(outcome)
    shown = outcome.violations[:_SHOWN_VIOLATIONS]
    return dg.AssetCheckResult(
        passed=outcome.has_passed,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.ERROR if outcome.is_blocking else dg.AssetCheckSeverity.WARN,
        metadata={}
        if outcome.has_passed
        else {"violations": dg.MetadataValue.md("\n".join(f"- {v}" for v in shown))},
    )


def _check_key(outcome: CheckOutcome) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(asset_key(outcome.table), outcome.name)


def _sentence(name: str) -> str:
    return name.replace("_", " ").capitalize() + "."
