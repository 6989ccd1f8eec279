"""A step's folder outside the tables: staged rows, and the plan that decides the step.

The plan is written under the writer lock, so a plan that the next holder of that lock finds belongs to a
dead process. A folder without a plan belongs to a step that is still computing, or to one that died
before it decided anything; the two are told apart by a lock on the folder.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from lake.contracts import TableContract
from lake.data_files import write_rows
from lake.errors import StagingError
from lake.plans import Plan, plan_from_json, plan_to_json

_PLAN = "plan.json"


class StagingFolder:
    """The folder of one step that is being computed by this process."""

    def __init__(self, root: Path) -> None:
        """Make the folder and mark it as in use.

        Args:
            root: Folder of all staged steps.

        Raises:
            StagingError: If the folder cannot be made.
        """
        self.step_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
        self.path = root / self.step_id
        # A step may be staged by more threads than one, and given up by another.
        self._alive = FileLock(_lock_file(self.path), thread_local=False)
        with _explained(self.path):
            root.mkdir(parents=True, exist_ok=True)
            # Locked before it exists, so that nobody takes the new folder for an abandoned one.
            self._alive.acquire()
            self.path.mkdir()
        self._files = 0

    def write_rows(self, contract: TableContract, rows: pa.Table) -> str:
        """Write rows to a new file of the folder, through to the disk, and return its name.

        Args:
            contract: Contract of the table that the rows are for; the file is one that the table can take.
            rows: The rows, in the table's order.

        Raises:
            StagingError: If the disk is full or the file cannot be written.
        """
        self._files += 1
        name = f"{self._files:04d}.parquet"
        with _explained(self.path), (self.path / name).open("wb") as file:
            write_rows(contract, rows, file)
            file.flush()
            os.fsync(file.fileno())
        return name

    def decide(self, plan: Plan) -> None:
        """Write the plan, at once or not at all; from here on the step will be committed.

        Raises:
            StagingError: If the plan cannot be written; the step is then not decided.
        """
        temporary = self.path / f"{_PLAN}.tmp"
        with _explained(self.path):
            with temporary.open("w", encoding="utf-8") as file:
                file.write(json.dumps(plan_to_json(plan)))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path / _PLAN)
            sync_folder(self.path)

    def withdraw(self) -> None:
        """Take the plan back, because the step is finished or did not begin."""
        (self.path / _PLAN).unlink(missing_ok=True)

    def close(self) -> None:
        """Give the folder up and delete it, unless a plan in it is still to be finished."""
        if not (self.path / _PLAN).exists():
            delete_step(self.path)
        self._alive.release()


def delete_step(path: Path) -> None:
    """Remove a step's folder; the plan goes first, so that a crash cannot leave a plan without its rows."""
    (path / _PLAN).unlink(missing_ok=True)
    if path.exists():
        shutil.rmtree(path)
    _lock_file(path).unlink(missing_ok=True)


def decided_steps(root: Path) -> list[Path]:
    """Return the folders of steps that were decided and are not finished, oldest first."""
    return sorted(path.parent for path in root.glob(f"*/{_PLAN}"))


def read_plan(path: Path) -> Plan:
    """Return the plan in a step's folder."""
    return plan_from_json(json.loads((path / _PLAN).read_text(encoding="utf-8")))


def read_rows(path: Path, name: str) -> pa.Table:
    """Return the rows of one staged file."""
    return pq.read_table(path / name)


def has_abandoned_steps(root: Path) -> bool:
    """Return whether a dead process left a folder without a plan, or the lock file of one."""
    return any(not _is_alive(path) for path in _undecided_steps(root))


def delete_abandoned_steps(root: Path) -> list[str]:
    """Delete the folders without a plan whose process is dead, and return their steps' ids."""
    deleted = []
    for path in _undecided_steps(root):
        # Held while deleting: a process that is just making this folder then notices and locks anew.
        lock = FileLock(_lock_file(path))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        delete_step(path)
        lock.release()
        deleted.append(path.name)
    return deleted


def _undecided_steps(root: Path) -> list[Path]:
    steps = {path.with_suffix("") for path in root.glob("*") if path.is_dir() or path.suffix == ".lock"}
    return [path for path in sorted(steps) if not (path / _PLAN).exists()]


def sync_folder(path: Path) -> None:
    """Make a folder's entries durable."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lock_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _is_alive(path: Path) -> bool:
    probe = FileLock(_lock_file(path))
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return True
    probe.release()
    return False


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StagingError(
            f"rows could not be staged in {path}: {error}. Nothing was committed and the lake is as it was. "
            "Free space (`f1lake maintain` deletes superseded files) or choose another F1LAKE_HOME, then run "
            "the step again."
        ) from error
