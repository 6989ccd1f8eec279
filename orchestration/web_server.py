"""Runs Dagster's web server and daemon on a home, in the foreground, and stops what it started.

``dagster dev`` does the same and more, but started in the background it ignores SIGTERM and leaves its
children running; here each child leads a process group that is ended with its own children.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.environments import Settings
from orchestration.errors import PortTakenError, WebServerStoppedError
from orchestration.instance import open_instance, prepare_instance
from orchestration.run_records import close_dead_runs

DEFINITIONS_MODULE = "orchestration.definitions"

_START_S = 120.0
_STOP_S = 15.0
_LOG_LINES = 15
_DEAD_RUNS_S = 30.0


@dataclass(frozen=True)
class Child:
    """A started process and the file that holds what it printed."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        """Return the last lines of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LOG_LINES:])


def serve(settings: Settings, port: int, started: Callable[[str], None]) -> None:
    """Serve the UI until the process is told to stop (Ctrl-C or SIGTERM).

    Args:
        settings: Settings of this process; its children read the same.
        port: Port on this machine.
        started: Called with the address once it answers.

    Raises:
        PortTakenError: If something else listens on the port.
        WebServerStoppedError: If a child ends by itself; the message holds its last words.
    """
    _check_port(port)
    prepare_instance(settings)
    url = f"http://127.0.0.1:{port}"
    web = ["-m", "dagster_webserver", "-m", DEFINITIONS_MODULE, "-h", "127.0.0.1", "-p", str(port)]
    daemon = ["-m", "dagster._daemon", "run", "-m", DEFINITIONS_MODULE]
    with (
        _sigterm_interrupts(),
        open_instance(settings) as instance,
        _child("webserver", web, settings) as web_server,
        _child("daemon", daemon, settings) as daemon_process,
    ):
        children = (web_server, daemon_process)
        # A run that nobody works on would stand in the way of all others, which wait for it in the queue.
        close_dead_runs(settings, instance)
        _wait_until_answering(url, children)
        started(url)
        looked_at = time.monotonic()
        while True:
            _check_running(children)
            time.sleep(0.5)
            if time.monotonic() - looked_at > _DEAD_RUNS_S:
                close_dead_runs(settings, instance)
                looked_at = time.monotonic()


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTakenError(
                f"port {port} is taken: choose another, such as `f1lake ui --port {port + 1}`"
            ) from error


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Answer SIGTERM as Ctrl-C, so that the children are stopped on both."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _child(name: str, arguments: list[str], settings: Settings) -> Iterator[Child]:
    log = settings.logs / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-P", *arguments],
            # Not the caller's folder, whose files could be taken for modules of the same name.
            cwd=settings.home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Child(name, process, log)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process group: ask, then insist."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if not _signal_group(process.pid, number):
            break
        try:
            process.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            continue
        # The leader is gone; what it started gets the same word, then no more time.
        if _signal_group(process.pid, signal.SIGTERM):
            time.sleep(1.0)
            _signal_group(process.pid, signal.SIGKILL)
        break
    process.wait()


def _signal_group(group: int, number: signal.Signals) -> bool:
    """Send a signal to a process group; return whether anybody was there."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _wait_until_answering(url: str, children: tuple[Child, ...]) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        _check_running(children)
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise WebServerStoppedError(
        f"the web server did not answer within {_START_S:.0f} s; see {children[0].log}"
    )


def _check_running(children: tuple[Child, ...]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise WebServerStoppedError(
                f"the {child.name} stopped with code {code}; the end of {child.log}:\n{child.last_words()}"
            )
