"""Dagster's event log on SQLite, with connections that are kept and commits that do not wait for the disk.

Dagster's own storage opens an engine for every event: it parses the URL, opens the file, compiles each
statement anew and waits for the disk at each commit, 10 to 75 ms an event. This one connects once, has one
statement for all events, and remembers what is asked again and again. Tables, rows and meaning are Dagster's,
so the web server and the daemon read the same file at the same time. What is logged, and when, belongs to
the assets.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, cast

import dagster as dg
import sqlalchemy
from dagster._core.event_api import EventLogCursor, EventRecordsResult
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage, SqlEventLogStorageTable
from dagster._core.storage.event_log.polling_event_watcher import SqlPollingEventWatcher
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import (
    SQLITE_EVENT_LOG_FILENAME,
)
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._serdes import ConfigurableClassData
from filelock import FileLock
from sqlalchemy.engine import Connection, Engine


def pooled_engine(url: str) -> Engine:
    """Return an engine on a SQLite file that keeps its connections, one per thread at work.

    ``synchronous=NORMAL`` with a write-ahead log: a killed process loses nothing; a power cut may lose the
    last moments, and never damages the file.

    Source: https://www.sqlite.org/pragma.html#pragma_synchronous
    """
    engine = sqlalchemy.create_engine(
        url,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        pool_size=8,
        max_overflow=-1,
    )

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    sqlalchemy.event.listen(engine, "connect", prepare)
    return engine


class KeptEngine:
    """An engine of this process: made at first use, and made anew in a forked child."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._process = -1
        self._inherited: list[Engine] = []

    def get(self) -> Engine:
        """Return the engine of this process."""
        with self._lock:
            if self._engine is not None and self._process != os.getpid():
                # Forked: SQLite forbids using, and closing, a parent's connections.
                self._inherited.append(self._engine)
                self._engine = None
            if self._engine is None:
                self._engine = pooled_engine(self._url)
                self._process = os.getpid()
            return self._engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Return a connection in a transaction, committed at the end and rolled back on an error."""
        with self.get().connect() as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        """Close the connections that this process opened."""
        with self._lock:
            if self._engine is not None and self._process == os.getpid():
                self._engine.dispose()
            self._engine = None


_INSERT_EVENT = SqlEventLogStorageTable.insert()


class _Materializations:
    """The materialisations that this process stored in its newest run, by asset and partition."""

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._records: dict[tuple[dg.AssetKey, str], dg.EventLogRecord] = {}

    def add(self, event: EventLogEntry, event_id: int) -> None:
        """Remember an event that was stored, where it is a materialisation of a partition."""
        stored = event.dagster_event
        if stored is None or not stored.is_step_materialization:
            return
        if event.run_id != self._run_id:
            self._run_id = event.run_id
            self._records.clear()
        if stored.asset_key is not None and stored.partition is not None:
            key = (stored.asset_key, stored.partition)
            self._records[key] = dg.EventLogRecord(storage_id=event_id, event_log_entry=event)

    def newest(self, wanted: dg.AssetKey | dg.AssetRecordsFilter) -> dg.EventLogRecord | None:
        """Return the materialisation of one partition of one asset, where just that is asked for."""
        if not isinstance(wanted, dg.AssetRecordsFilter) or not wanted.asset_partitions:
            return None
        partition, *others = wanted.asset_partitions
        if others or wanted != dg.AssetRecordsFilter(wanted.asset_key, asset_partitions=[partition]):
            return None
        return self._records.get((wanted.asset_key, partition))


class KeptEventLogStorage(ConsolidatedSqliteEventLogStorage):
    """One event log file for all runs, written through kept connections."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        Path(base_dir).mkdir(parents=True, exist_ok=True)
        self._asset_columns: dict[str, bool] = {}
        self._tables: set[str] = set()
        self._partitions: set[tuple[str, str]] = set()
        self._written = _Materializations()
        self._watcher: SqlPollingEventWatcher | None = None
        self._kept = KeptEngine(create_db_conn_string(base_dir, SQLITE_EVENT_LOG_FILENAME))
        # Two processes that start together must not both create the tables.
        with FileLock(str(Path(base_dir) / "create.lock")):
            super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._kept.begin() as connection:
            yield connection

    def run_connection(self, run_id: str | None) -> AbstractContextManager[Connection]:
        """Return a connection for the events of a run."""
        del run_id  # one file holds all runs
        return self._connect()

    def index_connection(self) -> AbstractContextManager[Connection]:
        """Return a connection for queries across runs."""
        return self._connect()

    def has_table(self, table_name: str) -> bool:
        """Return whether the file has a table. Tables never go away, so a yes is remembered."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        if not self._asset_columns.get(column_name):
            self._asset_columns[column_name] = super()._has_asset_key_col_on_connection(conn, column_name)
        return self._asset_columns[column_name]

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Return whether a partition is registered. A yes is remembered until it is taken away here."""
        name = (partitions_def_name, partition_key)
        if name not in self._partitions and super().has_dynamic_partition(*name):
            self._partitions.add(name)
        return name in self._partitions

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        """Take a partition away."""
        self._partitions.discard((partitions_def_name, partition_key))
        super().delete_dynamic_partition(partitions_def_name, partition_key)

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and what the catalog of assets says since, in one transaction.

        Dagster's own makes a statement and two transactions of each; here one statement serves all.
        """
        stored = event.dagster_event
        with self._connect() as connection:
            inserted = connection.execute(_INSERT_EVENT, self._event_to_row(event))
            event_id = cast("Sequence[int]", inserted.inserted_primary_key)[0]
            if stored is not None and stored.event_type in ASSET_EVENTS and stored.asset_key:
                self._store_asset_event_tags(connection, [event], [event_id])
                self._store_asset_event(connection, event, event_id)
        if stored is not None and stored.event_type in ASSET_CHECK_EVENTS:
            self.store_asset_check_event(event, event_id)

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        super()._store_asset_event(conn, event, event_id)
        self._written.add(event, event_id)

    def fetch_materializations(
        self,
        records_filter: dg.AssetKey | dg.AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,
    ) -> EventRecordsResult:
        """Return materialisations; the newest of a partition from memory where the current run made it.

        Dagster asks for it twice at each check's result, to say which rows the check looked at.
        """
        if limit == 1 and cursor is None and not ascending:
            record = self._written.newest(records_filter)
            if record is not None:
                after = EventLogCursor.from_storage_id(record.storage_id).to_string()
                return EventRecordsResult([record], cursor=after, has_more=True)
        return super().fetch_materializations(records_filter, limit, cursor, ascending)

    def watch(self, run_id: str, cursor: str | None, callback: Callable[..., Any]) -> None:
        """Call back for each new event of a run.

        By polling: Dagster's own watcher waits for the file itself to change, which a write-ahead log does
        only at a checkpoint, so the page of a run would stand still.
        """
        if self._watcher is None:
            self._watcher = SqlPollingEventWatcher(self)
        self._watcher.watch_run(run_id, cursor, callback)

    def end_watch(self, run_id: str, handler: Callable[..., Any]) -> None:
        """Stop calling back for a run."""
        if self._watcher is not None:
            self._watcher.unwatch_run(run_id, handler)

    def dispose(self) -> None:
        """Stop watching and close the connections."""
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        self._kept.dispose()


class KeptRunStorage(SqliteRunStorage):
    """Dagster's run storage, written through kept connections."""

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept = KeptEngine(conn_string)
        super().__init__(conn_string, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "KeptRunStorage":
        """Return the storage that ``dagster.yaml`` describes."""
        base_dir = Path(config_value["base_dir"])
        base_dir.mkdir(parents=True, exist_ok=True)
        # Two processes that start together must not both create the tables.
        with FileLock(str(base_dir / "create.lock")):
            return cls.from_local(inst_data=inst_data, base_dir=str(base_dir))

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Return a connection in a transaction."""
        with self._kept.begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the connections."""
        self._kept.dispose()
