"""A further process of a backfill: it is handed one weekend after another and tells how they go.

The first process keeps the queue and shows the progress (``orchestration/backfills.py``). Both sides of what
they tell each other are here.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from orchestration.collection import collect_seldom
from orchestration.environments import Settings
from orchestration.errors import WorkerGoneError, WorkerProcessError
from orchestration.open_home import open_home
from orchestration.outcomes import REMARK, WeekendOutcome
from orchestration.run_records import StepListener
from orchestration.weekend_runs import WeekendWork

_END_WITHIN_S = 60


@dataclass(frozen=True)
class _Ready:
    """It has opened the home and can begin."""


@dataclass(frozen=True)
class _Step:
    """A step event of the weekend at hand, or a remark."""

    event_type: str
    text: str


@dataclass(frozen=True)
class _Broken:
    """It cannot go on."""

    reason: str


class WorkerProcess:
    """The first process's hold on a further one."""

    def __init__(self, process: SpawnProcess, connection: Connection) -> None:
        """Hold a process that was started.

        Args:
            process: The process.
            connection: Our end of what it is told by, and tells.
        """
        self._process = process
        self._connection = connection
        self._is_ready = False

    def wait_until_ready(self, listener: StepListener) -> None:
        """Wait until it has opened the home.

        Args:
            listener: Told its remarks.

        Raises:
            WorkerProcessError: If it could not, or ended.
        """
        self._hear(listener)
        self._is_ready = True

    def run(self, weekend_key: str, listener: StepListener) -> WeekendOutcome:
        """Have it run a weekend where that has changed, and return what became of it.

        Args:
            weekend_key: The weekend; registered before.
            listener: Told which step is at work.

        Raises:
            WorkerGoneError: If it ended before it was asked.
            WorkerProcessError: If it ended before the weekend did.
        """
        try:
            self._connection.send(weekend_key)
        except OSError as error:
            raise WorkerGoneError(self._how_it_ended()) from error
        outcome = self._hear(listener)
        if outcome is None:
            raise WorkerProcessError(f"it was asked for {weekend_key} and told of nothing")
        return outcome

    def interrupt(self) -> None:
        """Stop it as Ctrl-C would: its run is shown as canceled. One that has none yet is just ended."""
        if self._process.pid is None or not self._process.is_alive():
            return
        if self._is_ready:
            os.kill(self._process.pid, signal.SIGINT)
        else:
            self._process.terminate()

    def let_go(self) -> None:
        """Ask it for nothing more, and wait until it has ended."""
        with suppress(OSError):  # it may have ended already
            self._connection.send(None)
        self._process.join()
        self._connection.close()

    def _hear(self, listener: StepListener) -> WeekendOutcome | None:
        """Pass on what it tells until it is ready, which is null, or a weekend is through."""
        while True:
            try:
                heard = self._connection.recv()
            except (EOFError, OSError) as error:
                raise WorkerProcessError(self._how_it_ended()) from error
            match heard:
                case _Step():
                    listener(heard.event_type, heard.text)
                case WeekendOutcome():
                    return heard
                case _Broken():
                    raise WorkerProcessError(heard.reason)
                case _:
                    return None

    def _how_it_ended(self) -> str:
        self._process.join(_END_WITHIN_S)
        code = self._process.exitcode
        if code is not None and code < 0:
            memory = "; if memory ran out, --processes 1 takes half" if -code == signal.SIGKILL else ""
            return f"its process was ended by signal {-code} ({signal.Signals(-code).name}){memory}"
        return f"its process was stopped (code {code}); run it again"


@contextmanager
def worker_process(settings: Settings, work: WeekendWork) -> Iterator[WorkerProcess]:
    """Start a further process for the length of a ``with`` block; an exception in the block stops its run.

    Args:
        settings: Settings of this process, and so of the other.
        work: What it does with each weekend.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, settings, work), daemon=True)
    with _without_interrupts():
        process.start()
    theirs.close()
    worker = WorkerProcess(process, ours)
    try:
        yield worker
    except BaseException:
        worker.interrupt()
        raise
    finally:
        worker.let_go()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a process that starts meanwhile inherit that Ctrl-C is not for it: who started it passes it on."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _LeftAloneError(Exception):
    """The first process is gone."""


@dataclass(frozen=True)
class _FirstProcess:
    """A further process's hold on the first one."""

    connection: Connection

    def tell(self, told: object) -> None:
        """Tell it something."""
        try:
            self.connection.send(told)
        except OSError as error:
            raise _LeftAloneError from error

    def asks(self) -> Iterator[str]:
        """Yield the weekends that it asks for, until there are no more."""
        while True:
            try:
                weekend_key = self.connection.recv()
            except (EOFError, OSError) as error:
                raise _LeftAloneError from error
            if weekend_key is None:
                return
            yield weekend_key


def _work(connection: Connection, settings: Settings, work: WeekendWork) -> None:
    """Do what the first process asks until it asks for nothing more, or is gone."""
    # Ctrl-C in a terminal is for its whole group; here the first process passes it on, once.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    first = _FirstProcess(connection)
    with suppress(_LeftAloneError, KeyboardInterrupt):
        try:
            _run_weekends(first, settings, work)
        except _LeftAloneError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the first process says it
            first.tell(_Broken(f"{type(error).__name__}: {error}"))


def _run_weekends(first: _FirstProcess, settings: Settings, work: WeekendWork) -> None:
    collect_seldom()

    def tell(event_type: str, text: str) -> None:
        first.tell(_Step(event_type, text))

    def remark(text: str) -> None:
        tell(REMARK, text)

    with open_home(settings, remark) as home:
        first.tell(_Ready())
        for weekend_key in first.asks():
            first.tell(work.unchanged(home, weekend_key, tell) or work.run(home, weekend_key, tell))
