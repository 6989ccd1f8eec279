"""One writer at a time for a catalog that several homes, or machines, share.

The lock of a home does not reach other homes. This one is kept where all of them look, in the catalog's
database: an advisory lock of PostgreSQL, or a lock on a file beside a SQLite file. Both end with their
process. Who holds it leaves a row, which stays when he dies: his decided step can be finished in his home
only, and until then nobody else may make a release, for it would name half of that step.
"""

from __future__ import annotations

import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Column, Engine, MetaData, String, Table, delete, insert, select, text

from lake.errors import LockLostError, LockTimeoutError, OtherHomeInterruptedError
from lake.locks import OnWait, held_lock
from lake.settings import LakeSettings
from lake.staging import decided_steps

_WRITERS = Table(
    "f1lake_writers",
    MetaData(),
    Column("catalog_name", String(255), primary_key=True),
    Column("home_id", String(64), primary_key=True),
    Column("machine", String(255), nullable=False),
    Column("home", String(4096), nullable=False),
    Column("purpose", String(255), nullable=False),
    Column("since", String(64), nullable=False),
)

_SILENT_S = 2.0
_POLL_S = 0.2


@dataclass(frozen=True)
class CatalogLock:
    """The writer lock of a shared catalog.

    Attributes:
        engine: The catalog's database.
        catalog_name: Name of the catalog in it.
        settings: This home's settings.
        on_wait: Told once when another home is waited for.
    """

    engine: Engine
    catalog_name: str
    settings: LakeSettings
    on_wait: OnWait

    @contextmanager
    def held(self, purpose: str) -> Iterator[None]:
        """Hold the lock for the length of a ``with`` block.

        Args:
            purpose: What it is held for, told to those who wait.

        Raises:
            LockTimeoutError: If another home still holds it after the settings' time.
            OtherHomeInterruptedError: If a writer of another home died before it was done.
            LockLostError: If the connection that held it was lost meanwhile.
        """
        with self._exclusive(purpose):
            _WRITERS.metadata.create_all(self.engine)
            self._require_no_other()
            self._sign_in(purpose)
            try:
                yield
            finally:
                # A step that is decided and not finished keeps the others out until it is.
                if not decided_steps(self.settings.staging):
                    self._sign_out()

    @contextmanager
    def _exclusive(self, purpose: str) -> Iterator[None]:
        if self.engine.dialect.name == "postgresql":
            with self._advisory_lock():
                yield
            return
        database = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not database or database == ":memory:":
            yield
            return
        path = Path(database).absolute()
        timeout_s, name = self.settings.lock_timeout_s, f"{path.name} writer"
        with held_lock(path.parent, name, purpose, timeout_s, self.on_wait):
            yield

    @contextmanager
    def _advisory_lock(self) -> Iterator[None]:
        digest = sha256(f"f1lake writer {self.catalog_name}".encode()).digest()
        key = {"key": int.from_bytes(digest[:8], "big", signed=True)}
        began, is_told = time.monotonic(), False
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(text("select pg_try_advisory_lock(:key)"), key):
                waited = time.monotonic() - began
                if waited > self.settings.lock_timeout_s:
                    raise LockTimeoutError(
                        f"the catalog's writer lock is still held by {self._holder()} after {waited:.0f} s"
                    )
                if waited > _SILENT_S and not is_told:
                    is_told = True
                    self.on_wait(f"waiting for the catalog's writer lock, held by {self._holder()}")
                time.sleep(_POLL_S)
            try:
                yield
            finally:
                # False where the server ended our session, and with it the lock, in between.
                is_ours = connection.scalar(text("select pg_advisory_unlock(:key)"), key)
            if not is_ours:
                raise LockLostError(
                    "the connection that held the catalog's writer lock was lost meanwhile: another machine "
                    "may have written at the same time. Run `f1lake doctor`."
                )

    def _holder(self) -> str:
        with self.engine.connect() as connection:
            row = connection.execute(
                select(_WRITERS).where(_WRITERS.c.catalog_name == self.catalog_name)
            ).first()
        return (
            "another home" if row is None else f"{row.machine}:{row.home} ({row.purpose}, since {row.since})"
        )

    def _require_no_other(self) -> None:
        others = select(_WRITERS).where(
            _WRITERS.c.catalog_name == self.catalog_name, _WRITERS.c.home_id != self._home_id()
        )
        with self.engine.connect() as connection:
            row = connection.execute(others).first()
        if row is not None:
            raise OtherHomeInterruptedError(
                f"a writer on {row.machine} with the home {row.home} died while it wrote ({row.purpose}, "
                f"since {row.since}), and only there can its step be finished. Run `f1lake maintain` with "
                "that home; until then readers see the release before it. If that home is lost for good: "
                f"delete its row from {_WRITERS.name}, and ingest its weekend again with --force."
            )

    def _sign_in(self, purpose: str) -> None:
        self._sign_out()
        row = {
            "catalog_name": self.catalog_name,
            "home_id": self._home_id(),
            "machine": socket.gethostname(),
            "home": str(self.settings.home.absolute()),
            "purpose": purpose,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self.engine.begin() as connection:
            connection.execute(insert(_WRITERS).values(row))

    def _sign_out(self) -> None:
        ours = delete(_WRITERS).where(
            _WRITERS.c.catalog_name == self.catalog_name, _WRITERS.c.home_id == self._home_id()
        )
        with self.engine.begin() as connection:
            connection.execute(ours)

    def _home_id(self) -> str:
        """Return what tells this home from others, wherever it is mounted; the home's lock is held."""
        path = self.settings.locks / "home-id"
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(uuid.uuid4().hex, encoding="utf-8")
        return path.read_text(encoding="utf-8")
