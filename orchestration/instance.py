"""The persistent Dagster instance under the home: what the command line writes, the UI shows.

``dagster.yaml`` is written here and read by every process on this home. The event log's storage is
``orchestration/event_log.py``; running jobs on the instance is ``orchestration/runs.py``.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from filelock import FileLock

from orchestration.environments import Settings, prepare_process

CONFIG_FILE = "dagster.yaml"

# One run at a time: each is a process of its own, which takes 0.4 GB and more and as long to load as to work.
_CONFIG = """\
# Written once by f1lake, and yours to change; delete it to get the defaults back.
telemetry:
  enabled: false
nux:
  enabled: false
event_log_storage:
  module: orchestration.event_log
  class: KeptEventLogStorage
  config:
    base_dir: {events}
run_storage:
  module: orchestration.event_log
  class: KeptRunStorage
  config:
    base_dir: {runs}
concurrency:
  runs:
    max_concurrent_runs: 1
"""

_NO_CAPTURE = {
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    }
}


def instance_config(dagster_home: Path) -> str:
    """Return the text of ``dagster.yaml`` for an instance in this folder."""
    return _CONFIG.format(
        events=json.dumps(str(dagster_home / "events")), runs=json.dumps(str(dagster_home / "runs"))
    )


def prepare_instance(settings: Settings) -> None:
    """Make the instance's folder and its ``dagster.yaml``; a file that is there is kept as it is.

    A person may have changed the file, for instance to let more runs go at once.
    """
    prepare_process(settings)
    path = settings.dagster_home / CONFIG_FILE
    if not path.exists():
        # Of its own name: two processes may make a home at once, and both write the same text.
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(instance_config(settings.dagster_home), encoding="utf-8")
        temporary.replace(path)


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Return the instance of this home for runs inside this process.

    The streams of this process are not captured: a capture would swallow our own progress and start four
    helper processes per run. What a run logs goes to the event log and to a file under ``logs``.
    """
    prepare_instance(settings)
    reference = InstanceRef.from_dir(str(settings.dagster_home), overrides=_NO_CAPTURE)
    # Of two processes that start together, one makes the tables.
    with FileLock(settings.dagster_home / "open.lock"):
        opened = dg.DagsterInstance.from_ref(reference)
    with opened as instance:
        yield instance
