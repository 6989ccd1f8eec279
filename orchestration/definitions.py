"""Everything Dagster is told about the project. ``workspace.yaml`` and the installed package both load this.

Importing it reads nothing: Dagster calls ``defs`` when it loads the code location, and only then are the
settings read.
"""

from collections.abc import Mapping

import dagster as dg

from assets.build import build_assets
from assets.resources import LakeResource, SourceResource
from orchestration.environments import Settings, prepare_process, read_settings
from orchestration.jobs import build_jobs
from orchestration.run_executor import locking_executor
from orchestration.run_records import LOGGER_KEY, run_file_logger


def build_definitions(
    settings: Settings | None = None, resources: Mapping[str, object] | None = None
) -> dg.Definitions:
    """Return the definitions.

    Args:
        settings: Settings of the process; null reads them from the environment.
        resources: Resources to use instead of those that the settings describe: ``lake``, ``source``.
    """
    if settings is None:
        settings = read_settings()
        prepare_process(settings)
    assets = build_assets()
    return dg.Definitions(
        assets=assets,
        jobs=build_jobs(assets),
        resources={**_resources(settings), **(resources or {})},
        loggers={LOGGER_KEY: run_file_logger()},
        # A process per step costs 7 s a step, for steps that wait for the same lake anyway.
        executor=locking_executor(settings),
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the definitions for Dagster's own processes."""
    return build_definitions()


def _resources(settings: Settings) -> dict[str, object]:
    return {
        "lake": LakeResource(
            home=str(settings.home),
            cache=str(settings.cache),
            catalog=settings.catalog,
            uri=settings.catalog_uri,
            warehouse=settings.catalog_warehouse,
            properties=dict(settings.catalog_properties),
            memory_limit=settings.memory_limit,
        ),
        "source": SourceResource(
            value=settings.source,
            home=str(settings.home),
            username=settings.formula1_username,
            password=settings.formula1_password,
        ),
    }
