"""The jobs: a weekend down to the marts, the marts of many weekends at once, looking after the lake."""

import datetime as dt
from collections.abc import Iterator, Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from pydantic import Field

from assets.factory import materializations
from assets.marts.reporting import marts_step_report
from assets.marts.step import MartsOptions, MartsReport, compute_marts
from assets.run_options import FORCE_TAG
from lake.lake import Lake
from orchestration.upkeep_report import maintenance_sentence

INGEST_WEEKEND = "ingest_weekend"
BUILD_MARTS = "build_marts"
MAINTAIN_LAKE = "maintain_lake"

MARTS_ZONE = "marts"

_OP = "marts_of_weekends"


class WeekendsConfig(dg.Config):
    """Which weekends the marts are built for."""

    weekend_keys: list[str]


class MaintenanceConfig(dg.Config):
    """How the lake is looked after."""

    dry_run: bool = Field(default=False, description="Only say what would be done.")
    older_than_hours: float = Field(
        default=24.0, ge=1.0, description="Files nothing refers to are deleted once they are older."
    )


def build_jobs(
    assets: Sequence[dg.AssetsDefinition],
) -> list[dg.JobDefinition | UnresolvedAssetJobDefinition]:
    """Return all jobs.

    Args:
        assets: The zones' assets.
    """
    ingest = dg.define_asset_job(
        INGEST_WEEKEND,
        selection=dg.AssetSelection.assets(*assets),
        description="One race weekend from the source through all zones to the marts.",
    )
    return [ingest, _build_marts_job(), _maintain_job()]


def marts_config(weekend_keys: Sequence[str]) -> dict[str, object]:
    """Return the op configuration of ``build_marts`` for some weekends."""
    return {_OP: {"config": {"weekend_keys": list(weekend_keys)}}}


def _build_marts_job() -> dg.JobDefinition:
    @dg.op(name=_OP, out=dg.Out(dg.Nothing))
    def marts_of_weekends(
        context: dg.OpExecutionContext, config: WeekendsConfig, lake: dg.ResourceParam[Lake]
    ) -> None:
        """Build the marts once for many weekends; each weekend is shown as materialised."""
        is_forced = context.run.tags.get(FORCE_TAG, "") == "true"
        options = MartsOptions(context.run.run_id, tuple(config.weekend_keys), is_forced)
        done = compute_marts(lake, options)
        for weekend_key in config.weekend_keys:
            for event in _materialized(lake, done, weekend_key):
                context.log_event(event)

    @dg.job(name=BUILD_MARTS, description="The marts of many weekends in one go, after their ingest.")
    def build_marts() -> None:
        marts_of_weekends()

    return build_marts


def _materialized(lake: Lake, done: MartsReport, weekend_key: str) -> Iterator[dg.AssetMaterialization]:
    report = marts_step_report(lake, done, weekend_key)
    for result in materializations(report, list(report.tables), ()):
        if result.asset_key is not None:
            yield dg.AssetMaterialization(result.asset_key, metadata=result.metadata, partition=weekend_key)


def _maintain_job() -> dg.JobDefinition:
    @dg.op(out=dg.Out(dg.Nothing))
    def maintenance(
        context: dg.OpExecutionContext, config: MaintenanceConfig, lake: dg.ResourceParam[Lake]
    ) -> None:
        """Merge files, forget snapshots that no kept release needs, delete files nothing refers to."""
        report = lake.maintain(dry_run=config.dry_run, orphan_age=dt.timedelta(hours=config.older_than_hours))
        for table in report.tables:
            context.log.info(maintenance_sentence(table, is_dry=config.dry_run))
        if report.refusals:
            raise dg.Failure("\n".join(report.refusals), allow_retries=False)

    @dg.job(
        name=MAINTAIN_LAKE,
        description="Merges files, expires snapshots and deletes orphan files of all tables.",
    )
    def maintain_lake() -> None:
        maintenance()

    return maintain_lake
