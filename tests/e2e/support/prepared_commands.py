"""The command line in processes of its own that do not each load Dagster, dbt and FastF1 first.

Loading is a third of the work of a small ingest. One process loads; every command is forked from it, with
memory, signals and an end of its own. The demo and the wheel are tested with the installed ``f1lake``.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerProcess
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "orchestration.cli.ingest",
        "orchestration.cli.progress",
        "orchestration.definitions",
        "orchestration.workplace",
        "charts.race_trace",
        "charts.rendering",
        "dagster._core.storage.base_storage",
        "dbt.adapters.duckdb",
        "dbt.cli.main",
        "dbt.parser.manifest",
        "dbt.task.build",
        "fastf1",
        "matplotlib.backends.backend_agg",
        "matplotlib.figure",
        "upath.implementations.local",
    ]
)


@dataclass(frozen=True)
class Command:
    """A command that was started.

    Attributes:
        process: Its process.
        _printed: File of what it prints, errors among it.
    """

    process: ForkServerProcess
    _printed: Path

    def wait(self, timeout: float | None = None) -> int | None:
        """Return how it ended, a signal as a negative number; null if it still runs after that time."""
        self.process.join(timeout)
        return self.process.exitcode

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.join()

    @property
    def printed(self) -> str:
        """What it has printed."""
        return self._printed.read_text(encoding="utf-8")


def start_command(
    printed: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> Command:
    """Start ``f1lake``.

    Args:
        printed: File to be made, for what it prints.
        arguments: Arguments of the command.
        environment: All variables that it sees; null for those of this process.
    """
    _load()
    given = (printed, [str(argument) for argument in arguments], dict(environment or os.environ))
    process = _FORKS.Process(target=_run, args=given)
    process.start()
    return Command(process, printed)


def run_command(printed: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Run ``f1lake`` and return what it prints; it must succeed."""
    command = start_command(printed, *arguments, environment=environment)
    assert command.wait() == 0, command.printed
    return command.printed


@cache
def _load() -> None:
    """Wait until the process that all are forked from has loaded what they need."""
    process = _FORKS.Process(target=int)
    process.start()
    process.join()


def _run(printed: Path, arguments: list[str], environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with printed.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["f1lake", *arguments]
    from orchestration.cli.start import run

    run()
