"""The lake as everybody else uses it: open, write by steps, read, query, look after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from lake.asking import AskingStep
from lake.backup import BackupOptions, back_up
from lake.backup_files import BackupList
from lake.books import Books
from lake.catalog_lock import CatalogLock
from lake.contracts import TableContract
from lake.deciding import Decider
from lake.describing import TableState, table_states
from lake.errors import LakeNotFoundError, RawIsAppendOnlyError
from lake.finishing import Checkpoint, staged_rows
from lake.inspection import Finding, inspect
from lake.ledger import Ledger
from lake.locks import FILES_STAY, OnWait, held_lock
from lake.maintenance import Maintenance, MaintenanceReport, OnTable
from lake.marker import check_not_moved, is_lake
from lake.pinned_sql import PinnedSql
from lake.plans import TableWrite
from lake.reading import Pin, Reader
from lake.recovery import needs_recovery, roll_forward
from lake.releases import Release
from lake.removal import Removal, removal, table_drops, weekend_removal, zone_drops
from lake.scopes import scope_text
from lake.settings import LakeSettings
from lake.staging import StagingFolder
from lake.step import Step, StepNames
from lake.store import Store
from lake.tables.lake_releases import LAKE_RELEASES
from lake.tables.lake_writes import LAKE_WRITES
from racing.keys import weekend_of

_logger = logging.getLogger(__name__)


class Lake:
    """One open lake; close it, or use it as a context manager."""

    def __init__(self, store: Store, *, on_wait: OnWait, checkpoint: Checkpoint) -> None:
        """Take an opened store; use ``Lake.open`` instead.

        Args:
            store: The lake's tables.
            on_wait: Told when a lock is waited for.
            checkpoint: Told after each part of a commit.
        """
        self._store = store
        self._books = Books(store)
        self._reader = Reader(store, self._books)
        self._on_wait = on_wait
        self._decider = Decider(store, self._books, self._writer_lock, checkpoint)
        self._sql = PinnedSql(self._reader)

    @classmethod
    def open(
        cls,
        settings: LakeSettings,
        contracts: Iterable[TableContract] | None = None,
        *,
        read_only: bool = False,
        on_wait: OnWait = _logger.warning,
        checkpoint: Checkpoint = lambda _: None,
    ) -> Self:
        """Return the lake of the settings.

        Opening to write makes the lake where there is none, and finishes what a killed process left.

        Args:
            settings: Where and how.
            contracts: The tables; null for all of ``lake/tables/registry.py``.
            read_only: Whether only to read: nothing is made, nothing finished.
            on_wait: Told, in a sentence, when another process is waited for.
            checkpoint: Told after each part of a commit; for tests.

        Raises:
            LakeNotFoundError: If only to read and there is no lake.
            LakeMovedError: If a local lake is not in the folder it was made in.
            UnsupportedCatalogError: If the catalog is not supported.
        """
        if read_only:
            _require_lake(settings)
        store = Store(settings, _with_books(contracts))
        lake = cls(store, on_wait=on_wait, checkpoint=checkpoint)
        if not read_only and needs_recovery(store):
            with lake._writer_lock("recovery"):
                roll_forward(store, lake._books, checkpoint)
        return lake

    def close(self) -> None:
        """Close the lake's connections."""
        self._sql.close()
        self._store.close()

    def __enter__(self) -> Self:
        """Return the lake."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the lake."""
        self.close()

    @property
    def settings(self) -> LakeSettings:
        """Where the lake is and how it is kept."""
        return self._store.settings

    @property
    def contracts(self) -> Mapping[str, TableContract]:
        """Name to contract of every table."""
        return self._store.contracts

    @property
    def ledger(self) -> Ledger:
        """The newest write of every scope of every table, as it is now."""
        return self._books.ledger()

    @property
    def needs_recovery(self) -> bool:
        """Whether a process died over a step that it had decided: opening the lake to write finishes it."""
        return needs_recovery(self._store)

    def releases(self) -> tuple[Release, ...]:
        """Return all listed releases, oldest first; only kept ones name their tables."""
        return self._books.releases()

    def step(
        self,
        *,
        run_id: str,
        name: str,
        weekend_key: str | None = None,
        force: bool = False,
        is_asking: bool = False,
    ) -> Step:
        """Return a step to be used as ``with lake.step(...) as step:``.

        Args:
            run_id: The run it belongs to.
            name: What it does, such as ``processed``.
            weekend_key: The race weekend it is about, if it is about one.
            force: Whether unchanged input is written again.
            is_asking: Whether it only asks: ``is_needed`` then raises where something has to be written.
        """
        kind = AskingStep if is_asking else Step
        return kind(
            StepNames(run_id, name, weekend_key),
            folder=lambda: StagingFolder(self.settings.staging),
            ledger=self._books.ledger,
            commit_staged=self._decider.commit_step,
            force=force,
        )

    def scope_lock(self, table: str, scope_value: str | int | None) -> AbstractContextManager[None]:
        """Return a lock on one scope of a table, to be held while it is computed and committed.

        Tables of season and all scope are computed from many weekends: without the lock, of two
        weekends at once the later commit could be computed from what it has not seen.

        Args:
            table: The table.
            scope_value: The scope.
        """
        scope = scope_text(self._store.contract(table), scope_value)
        name = f"{table} {scope}"
        return self._lock(name, f"computing {name}")

    def read(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        columns: Sequence[str] | None = None,
        release: Pin = "newest",
    ) -> pa.Table:
        """Return rows of a table; see ``lake.reading.Reader.read``.

        Args:
            table: The table's name.
            where: Column to a value or a collection of values.
            columns: Columns to return; null for all.
            release: The newest release, a kept one by id, or null for the tables' heads.
        """
        return self._reader.read(table, where, columns, release)

    def snapshot_ids(self, release: Pin = "newest") -> dict[str, int]:
        """Return table to snapshot id in a release; tables without rows are not in it."""
        versions = self._reader.versions(release)
        return {name: version.snapshot_id for name, version in versions.items() if name != LAKE_RELEASES.name}

    def tables(self, release: Pin = "newest") -> list[TableState]:
        """Return rows, files and age of every table, those never written too."""
        return table_states(self._reader, self._books.ledger(), release)

    def query(self, sql: str) -> pa.Table:
        """Return the answer to one SQL statement over the newest release.

        Raises:
            QueryRefusedError: If the statement does anything but read.
            WrongStatementError: If DuckDB does not understand it, or it asks what cannot be computed.
            QueryFailedError: If it needs more memory than it may take, or a file cannot be read.
        """
        return self._sql.query(sql)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a new DuckDB connection in memory whose views are the tables of the newest release.

        The caller closes it. Views cannot be written to; what else the connection makes stays in memory.
        """
        return self._sql.connect()

    def register_views(
        self, connection: duckdb.DuckDBPyConnection, tables: Collection[str] | None = None
    ) -> None:
        """Create views of the newest release in any DuckDB connection, such as dbt's.

        Args:
            connection: The connection; it gets the extensions it needs.
            tables: Names of the tables; null for all.

        Raises:
            UnknownTableError: If a name is no table.
        """
        self._sql.register_views(connection, tables)

    def drop_zones(self, zones: Collection[str], *, run_id: str = "drop") -> Removal:
        """Drop every table of some zones as one release, before a rebuild.

        Args:
            zones: Zones, such as processed, curated and marts.
            run_id: The run it belongs to.

        Raises:
            RawIsAppendOnlyError: If raw or the lake's own books are among them.
        """
        return self._remove(
            StepNames(run_id, "drop_zones"),
            lambda: zone_drops(zones, self.contracts, self._store.locations(), self.ledger),
        )

    def drop_tables(self, names: Collection[str], *, run_id: str = "drop") -> Removal:
        """Drop some tables as one release, so that the next run computes them again.

        Args:
            names: Names of tables.
            run_id: The run it belongs to.

        Raises:
            RawIsAppendOnlyError: If a raw table or one of the lake's own books is among them.
        """
        return self._remove(
            StepNames(run_id, "drop_tables"),
            lambda: table_drops(names, self.contracts, self._store.locations(), self.ledger),
        )

    def remove_weekend(self, weekend_key: str, *, raw: bool = False, run_id: str = "remove") -> Removal:
        """Take a weekend's rows out of every table but raw ones, as one release.

        Args:
            weekend_key: The weekend.
            raw: Refused; raw rows stay.
            run_id: The run it belongs to.

        Raises:
            RawIsAppendOnlyError: If raw rows are to go too.
        """
        if raw:
            raise RawIsAppendOnlyError(
                f"the bytes received for {weekend_key} stay: raw is never rewritten, so that every number "
                "can be traced and computed again. Without raw=True the weekend leaves every other table."
            )
        return self._remove(
            StepNames(run_id, "remove_weekend", weekend_of(weekend_key)),
            lambda: weekend_removal(weekend_key, self.contracts, self._store.locations(), self.ledger),
        )

    def maintain(
        self,
        *,
        dry_run: bool = False,
        orphan_age: timedelta | None = None,
        on_table: OnTable = lambda _what, _number, _total: None,
    ) -> MaintenanceReport:
        """Merge files, forget snapshots no kept release needs, delete old files nothing refers to.

        Args:
            dry_run: Whether only to say what would be done; nothing at all is changed then.
            orphan_age: How old files must be to be deleted; null for the settings'.
            on_table: Told how far it has come.

        Returns:
            What was done, and which tables were left alone because something of them is missing.
        """
        age = self.settings.orphan_age if orphan_age is None else orphan_age
        names = StepNames("maintain", "compact")
        # Taken before the writer lock: a backup that is being made holds it for minutes and commits nothing.
        with self._lock(FILES_STAY, "maintenance"), self._writer_lock("maintenance"):
            if not dry_run:
                roll_forward(self._store, self._books, self._decider.checkpoint)
            maintenance = Maintenance(self._store, self._books, dry_run, age, on_table)
            return maintenance.run(lambda writes: self._carry_out(names, writes))

    def inspect(self, *, is_deep: bool = False) -> Iterator[Finding]:
        """Return what is wrong with the tables of the newest release; see ``lake/inspection.py``.

        Args:
            is_deep: Whether to read every row too and compare it with the digest of its scope.
        """
        return inspect(self._reader, is_deep=is_deep)

    def back_up(self, target: Path, options: BackupOptions) -> BackupList:
        """Write the newest release to a new folder or tar file while others go on; return what it holds.

        Args:
            target: A path ending in ``.tar`` for one file, any other for a folder; not there yet.
            options: What else goes into it.

        Raises:
            BackupRefusedError: If the lake is not a local one, has no release, or the target cannot be used.
        """
        with self._lock(FILES_STAY, "backup"):
            return back_up(self._reader, target, options)

    def _remove(self, names: StepNames, planned: Callable[[], list[TableWrite]]) -> Removal:
        with self._writer_lock(names.step):
            roll_forward(self._store, self._books, self._decider.checkpoint)
            writes = planned()
            if not writes:
                return removal(None, ())
            return removal(self._carry_out(names, writes), writes)

    def _carry_out(self, names: StepNames, writes: Sequence[TableWrite]) -> int:
        """Commit writes that need no staged rows, and return the release; the caller holds the lock."""
        folder = StagingFolder(self.settings.staging)
        try:
            finished = self._decider.carry_out(folder, names, writes, staged_rows(folder.path))
        finally:
            folder.close()
            self._store.forget_prepared()
        return finished.release.release_id

    @contextmanager
    def _writer_lock(self, purpose: str) -> Iterator[None]:
        with self._lock("the lake's writer lock", purpose):
            if self.settings.catalog == "local":
                yield
                return
            catalog = self._store.catalog
            with CatalogLock(catalog.engine, catalog.name, self.settings, self._on_wait).held(purpose):
                yield

    def _lock(self, name: str, purpose: str) -> AbstractContextManager[None]:
        return held_lock(self.settings.locks, name, purpose, self.settings.lock_timeout_s, self._on_wait)


def _with_books(contracts: Iterable[TableContract] | None) -> dict[str, TableContract]:
    if contracts is None:
        from lake.tables.registry import ALL_TABLES

        contracts = ALL_TABLES.values()
    return {contract.name: contract for contract in (*contracts, LAKE_WRITES, LAKE_RELEASES)}


def _require_lake(settings: LakeSettings) -> None:
    home = settings.home.absolute()
    check_not_moved(home)
    if settings.catalog == "local" and not is_lake(home):
        raise LakeNotFoundError(
            f"there is no lake in {home}. `f1lake demo` makes one with an invented weekend, `f1lake ingest "
            "2024-08` one with a real one; or set F1LAKE_HOME to where yours is."
        )
