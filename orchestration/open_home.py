"""A home opened for running jobs: instance, lake, source, and the jobs that use them.

Choosing weekends is ``orchestration/workplace.py``.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg

from lake.lake import Lake
from orchestration.collection import collect_as_usual
from orchestration.definitions import build_definitions
from orchestration.environments import Settings
from orchestration.instance import open_instance
from orchestration.jobs import BUILD_MARTS, INGEST_WEEKEND
from orchestration.lakes import open_lake
from orchestration.run_records import close_dead_runs
from orchestration.runs import JobRunner
from orchestration.source_access import open_settings_source
from orchestration.weekend_choice import Remark
from sources.open_source import Source


@dataclass(frozen=True)
class OpenHome:
    """An opened home.

    Attributes:
        settings: Settings of this process.
        instance: The persistent Dagster instance.
        lake: The lake, open to write.
        source: Where documents come from.
        ingest: Runs ``ingest_weekend`` with this lake and this source.
        marts: Runs ``build_marts``.
    """

    settings: Settings
    instance: dg.DagsterInstance
    lake: Lake
    source: Source
    ingest: JobRunner
    marts: JobRunner


@contextmanager
def open_home(settings: Settings, remark: Remark) -> Iterator[OpenHome]:
    """Open a home for running jobs; what a killed process left is finished first.

    Args:
        settings: Settings of this process.
        remark: Told what a person should know.

    Raises:
        LakeError: If the lake cannot be opened.
        SourceError: If the source cannot be opened.
    """

    def announce(seconds: float, reason: str) -> None:
        remark(f"waiting {seconds:.0f} s: {reason}")

    source = open_settings_source(settings, announce)
    with open_instance(settings) as instance, _told_of_recovery(remark):
        for run_id in close_dead_runs(settings, instance):
            remark(f"run {run_id[:8]} was cut off and is now shown as failed")
        with open_lake(settings, on_wait=remark) as lake:
            definitions = build_definitions(settings, {"lake": lake, "source": source})
            collect_as_usual()
            ingest, marts = (
                JobRunner(settings, instance, definitions.resolve_job_def(name))
                for name in (INGEST_WEEKEND, BUILD_MARTS)
            )
            yield OpenHome(settings, instance, lake, source, ingest, marts)


@contextmanager
def _told_of_recovery(remark: Remark) -> Iterator[None]:
    """Pass on what the lake says of interrupted steps that it finishes."""
    logger = logging.getLogger("lake.recovery")
    handler = _Remarks(remark)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Remarks(logging.Handler):
    """Makes remarks of warnings."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(logging.WARNING)
        self._remark = remark

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a warning on."""
        self._remark(record.getMessage())
