"""What a run leaves behind while it goes: a log file, a lock that says it is alive, and where it stands.

A run whose process was killed stays "started" in Dagster for ever; the lock tells that nobody works on it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from orchestration.environments import Settings

LOGGER_KEY = "run_file"
"""Name of the logger in the definitions; choosing it in a run's config replaces Dagster's console logger."""

REMARK = "REMARK"
"""Event type under which a listener is told a run's remarks: the warnings it logs."""

StepListener = Callable[[str, str], None]
"""Called with a Dagster event type and the step's name, or a remark and its text, as the run goes."""

_PREFIX = "f1lake.run."


def run_file_logger() -> dg.LoggerDefinition:
    """Return the logger that hands a run's log to the process that runs it."""
    return dg.LoggerDefinition(
        logger_fn=lambda context: _logger(context.run_id or "none"),
        description="Hands a run's log to the process that runs it; the command line keeps it in a file.",
    )


def log_file(settings: Settings, run_id: str) -> Path:
    """Return the log file of a run made by the command line."""
    return settings.logs / f"{run_id}.log"


@contextmanager
def run_record(settings: Settings, run_id: str, listener: StepListener) -> Iterator[None]:
    """Keep a run's log in a file and its lock held, and tell the listener which step is at work."""
    logger = _logger(run_id)
    handlers = (_file_handler(log_file(settings, run_id)), _StepHandler(listener))
    with FileLock(_lock_path(settings, run_id)):
        for handler in handlers:
            logger.addHandler(handler)
        try:
            yield
        finally:
            for handler in handlers:
                logger.removeHandler(handler)
                handler.close()
    _lock_path(settings, run_id).unlink(missing_ok=True)


def close_dead_runs(settings: Settings, instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs of killed processes as failed, and return their run ids."""
    closed = []
    for path in sorted(_lock_folder(settings).glob("*.lock")):
        run = instance.get_run_by_id(path.stem)
        if run is None or not _is_released(path):
            continue
        if not run.is_finished:
            instance.report_run_failed(run, "The process of this run ended before the run did.")
            closed.append(run.run_id)
        path.unlink(missing_ok=True)
    return closed


class _StepHandler(logging.Handler):
    """Passes step events on."""

    def __init__(self, listener: StepListener) -> None:
        super().__init__()
        self._listener = listener

    def emit(self, record: logging.LogRecord) -> None:
        """Tell the listener about a step event or a warning."""
        event = getattr(record, "dagster_event", None)
        if event is not None and event.step_key:
            self._listener(event.event_type_value, event.step_key)
        elif event is None and record.levelno == logging.WARNING:
            # Errors are Dagster's own words for what the run's outcome says better.
            self._listener(REMARK, record.__dict__["dagster_meta"]["orig_message"])


def _logger(run_id: str) -> logging.Logger:
    logger = logging.getLogger(_PREFIX + run_id)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger


def _file_handler(path: Path) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


def _lock_folder(settings: Settings) -> Path:
    folder = settings.state / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lock_path(settings: Settings, run_id: str) -> Path:
    return _lock_folder(settings) / f"{run_id}.lock"


def _is_released(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return True
    except Timeout:
        return False
