"""What a run leaves behind while it goes: a log file, a lock that says it is alive, and where it stands.

A run whose process was killed stays "started" in Dagster for ever; the lock tells that nobody works on it.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG
from filelock import FileLock, Timeout

from orchestration.environments import Settings
from orchestration.outcomes import REMARK

LOGGER_KEY = "run_file"
"""Name of the logger in the definitions; choosing it in a run's config replaces Dagster's console logger."""

StepListener = Callable[[str, str], None]
"""Called with a Dagster event type and the step's name, or a remark and its text, as the run goes."""

CUT_OFF = "The process of this run ended before the run did."
"""What is said of a run whose process was killed."""

_PREFIX = "f1lake.run."

_WITH_A_PROCESS = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]

_BEFORE_ITS_LOCK = dt.timedelta(minutes=5)
"""How long a run may be without its lock: a process of the UI loads all code before it takes it."""


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
def run_lock(settings: Settings, run_id: str) -> Iterator[None]:
    """Hold a run's lock, which says that its process lives; it ends with the process."""
    with FileLock(_lock_path(settings, run_id)):
        yield
    _lock_path(settings, run_id).unlink(missing_ok=True)


@contextmanager
def run_record(settings: Settings, run_id: str, listener: StepListener) -> Iterator[None]:
    """Keep a run's log in a file and its lock held, and tell the listener which step is at work."""
    logger = _logger(run_id)
    handlers = (_file_handler(log_file(settings, run_id)), _StepHandler(listener))
    with run_lock(settings, run_id):
        for handler in handlers:
            logger.addHandler(handler)
        try:
            yield
        finally:
            for handler in handlers:
                logger.removeHandler(handler)
                handler.close()


def close_dead_runs(settings: Settings, instance: dg.DagsterInstance) -> list[str]:
    """Mark the runs of dead processes as failed, and return their run ids.

    A run whose lock nobody holds is dead. One without a lock may be about to take it, so it is given some
    minutes. A run that waits in the queue has no process and is left alone.

    Args:
        settings: Settings of this process; they say where locks are.
        instance: The persistent instance.
    """
    closed = dead_runs(settings, instance)
    for run in closed:
        instance.report_run_failed(run, CUT_OFF)
    for path in sorted(_lock_folder(settings).glob("*.lock")):
        # Whoever has no run yet holds its lock already.
        run_found = instance.get_run_by_id(path.stem)
        if run_found is not None and run_found.is_finished and _is_released(path):
            path.unlink(missing_ok=True)
    return [run.run_id for run in closed]


def dead_runs(settings: Settings, instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the runs that are shown as going and whose process is gone; nothing is changed.

    Args:
        settings: Settings of this process; they say where locks are.
        instance: The persistent instance.
    """
    found = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=_WITH_A_PROCESS)):
        path = _lock_path(settings, record.dagster_run.run_id)
        if path.exists():
            is_dead = _is_released(path)
        else:
            is_dead = dt.datetime.now(dt.UTC) - _in_utc(record.update_timestamp) > _BEFORE_ITS_LOCK
        if is_dead:
            found.append(record.dagster_run)
    return found


def newest_run(instance: dg.DagsterInstance, weekend_key: str) -> dg.DagsterRun | None:
    """Return the newest run for a weekend, of whatever job or of single tables; null where there was none."""
    wanted = dg.RunsFilter(tags={PARTITION_NAME_TAG: weekend_key})
    return next(iter(instance.get_runs(wanted, limit=1)), None)


def _in_utc(moment: dt.datetime) -> dt.datetime:
    """Return a time of Dagster's storage, which is in UTC and may not say so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


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
