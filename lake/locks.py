"""Locks between processes: one writer commits at a time, one computes a scope of a table at a time.

They are locks of the operating system on files under the lake's home, so they end with the process that
holds them, however it ends. They do not reach other homes; ``lake/catalog_lock.py`` does.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from lake.errors import LockTimeoutError

_SILENT_S = 2.0

FILES_STAY = "the lake's files"
"""Name of the lock under which no file of a table is deleted: held by a backup while it copies."""

OnWait = Callable[[str], None]
"""Called once with a sentence when a lock is not free after a moment."""


@dataclass(frozen=True)
class LockState:
    """Who holds a lock, or held it last.

    Attributes:
        path: The lock's file.
        process_id: The holder's process; null where it did not say.
        purpose: What it is, or was, held for.
        since: When it was taken; ISO 8601.
        is_held: Whether it is held now.
        is_alive: Whether a process of that number is there on this machine.
    """

    path: Path
    process_id: int | None
    purpose: str
    since: str
    is_held: bool
    is_alive: bool


def lock_states(folder: Path) -> list[LockState]:
    """Return the state of every lock of a lake, by file name; taking none for longer than a look."""
    return [_state(path) for path in sorted(folder.glob("*.lock"))]


@contextmanager
def held_lock(folder: Path, name: str, purpose: str, timeout_s: float, on_wait: OnWait) -> Iterator[None]:
    """Hold a lock for the length of a ``with`` block.

    Args:
        folder: Folder of lock files.
        name: What is locked.
        purpose: What it is held for, told to those who wait.
        timeout_s: Seconds to wait before giving up.
        on_wait: Told once when waiting takes longer than two seconds.

    Raises:
        LockTimeoutError: If another process still holds it after ``timeout_s``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_file_name(name)}.lock"
    lock = FileLock(path)
    _acquire(lock, path, name, timeout_s, on_wait)
    try:
        _holder_file(path).write_text(
            json.dumps({"pid": os.getpid(), "purpose": purpose, "since": datetime.now(UTC).isoformat()}),
            encoding="utf-8",
        )
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, path: Path, name: str, timeout_s: float, on_wait: OnWait) -> None:
    try:
        lock.acquire(timeout=min(_SILENT_S, timeout_s))
    except Timeout:
        on_wait(f"waiting for {name}, held by {_holder(path)}")
    else:
        return
    try:
        lock.acquire(timeout=max(0.0, timeout_s - _SILENT_S))
    except Timeout:
        raise LockTimeoutError(
            f"{name} is still held by {_holder(path)} after {timeout_s:.0f} s. If that process hangs, end "
            "it: its work is finished or undone by the next writer."
        ) from None


def _holder(path: Path) -> str:
    try:
        written = json.loads(_holder_file(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        # The holder has the lock already, and has not written its name yet.
        return "another process"
    return f"process {written['pid']} ({written['purpose']}, since {written['since']})"


def _state(path: Path) -> LockState:
    try:
        written = json.loads(_holder_file(path).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        written = {"pid": None, "purpose": "unknown", "since": "unknown"}
    probe = FileLock(path)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        is_held = True
    else:
        is_held = False
        probe.release()
    pid = written["pid"]
    return LockState(
        path, pid, written["purpose"], written["since"], is_held, pid is not None and is_running(pid)
    )


def is_running(process_id: int) -> bool:
    """Return whether this machine has a process of that number."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _holder_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _file_name(name: str) -> str:
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    return f"{readable[:80]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
