"""What the lake holds of each race weekend, and how its last run went; plain values for ``f1lake status``."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dagster as dg

    from lake.lake import Lake

CUT_OFF = "cut off"
"""Status of a run whose process was killed, until the next write marks it as failed."""

ZONES = ("raw", "processed", "curated", "marts")

_MISSING = ("absent", "partial", "empty")
_HELD = ("available", "imported", "partial")
_COVERAGE_COLUMNS = ["subject_key", "topic", "reason", "coverage_status", "is_essential"]
_SESSION_COLUMNS = [
    "session_key",
    "weekend_key",
    "session_number",
    "session_code",
    "has_timing",
    "has_telemetry",
]


class SessionState(StrEnum):
    """How much of a session is in the lake."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    ABSENT = "absent"


@dataclass(frozen=True)
class SessionStatus:
    """One session of a weekend.

    Attributes:
        code: Session code.
        state: How much of it is there.
        has_telemetry: Whether car data are there.
        reasons: What is missing and why, one sentence per essential topic.
    """

    code: str
    state: SessionState
    has_telemetry: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class LastRun:
    """The newest run of a weekend.

    Attributes:
        run_id: Dagster's id.
        status: Dagster's status, in lower case; ``CUT_OFF`` where its process is gone.
        ended_at: When it ended; null while it goes.
        reason: Why it failed; null where it did not.
    """

    run_id: str
    status: str
    ended_at: dt.datetime | None
    reason: str | None

    @property
    def is_failed(self) -> bool:
        """Whether the weekend must be run again."""
        return self.status in {"failure", "canceled", CUT_OFF}


@dataclass(frozen=True)
class WeekendStatus:
    """One weekend.

    Attributes:
        weekend_key: The weekend.
        event_name: Name of the event; null where nothing is curated yet.
        zones: Zones that hold anything of it.
        sessions: Its sessions in order.
        last_run: The newest run; null where none is known.
    """

    weekend_key: str
    event_name: str | None
    zones: frozenset[str]
    sessions: tuple[SessionStatus, ...]
    last_run: LastRun | None

    @property
    def reached(self) -> str | None:
        """The last zone, in the order data flows, that holds anything of it."""
        return next((zone for zone in reversed(ZONES) if zone in self.zones), None)

    @property
    def partial_codes(self) -> tuple[str, ...]:
        """The sessions that lack something essential; those of which nothing is there do not count."""
        return partial_codes(self.sessions)


def partial_codes(sessions: Iterable[SessionStatus]) -> tuple[str, ...]:
    """Return the codes of sessions that lack something essential, but not everything."""
    return tuple(session.code for session in sessions if session.state is SessionState.PARTIAL)


def weekend_statuses(lake: "Lake", runs: dict[str, LastRun]) -> list[WeekendStatus]:
    """Return the status of every weekend that the lake or a run knows, in order.

    Args:
        lake: The lake.
        runs: Weekend to its newest run.
    """
    zones: dict[str, set[str]] = defaultdict(set)
    for key in lake.query("select distinct weekend_key from raw.requests")["weekend_key"].to_pylist():
        zones[key].add("raw")
    for write in lake.ledger:
        if write.weekend_key and write.row_count:
            zones[write.weekend_key].add(write.table_name.partition(".")[0])
    sessions = session_statuses(lake)
    weekends = lake.read("curated.weekends", columns=["weekend_key", "event_name"])
    names = dict(zip(*weekends.to_pydict().values(), strict=True))
    return [
        WeekendStatus(
            weekend_key=key,
            event_name=names.get(key),
            zones=frozenset(zones[key]),
            sessions=sessions.get(key, ()),
            last_run=runs.get(key),
        )
        for key in sorted({*zones, *runs})
    ]


def session_statuses(
    lake: "Lake", weekend_keys: Collection[str] | None = None
) -> dict[str, tuple[SessionStatus, ...]]:
    """Return weekend to its sessions in order, with what each lacks.

    Args:
        lake: The lake.
        weekend_keys: Which weekends; null for all.
    """
    where = {} if weekend_keys is None else {"weekend_key": list(weekend_keys)}
    with_result = set(lake.read("curated.results", where, ["session_key"])["session_key"].to_pylist())
    reasons: dict[str, set[str]] = defaultdict(set)
    held = set()
    for row in lake.read("curated.coverage", where, _COVERAGE_COLUMNS).to_pylist():
        if row["is_essential"] and row["coverage_status"] in _MISSING:
            reasons[row["subject_key"]].add(f"{row['topic']}: {row['reason'] or row['coverage_status']}")
        if row["is_essential"] and row["coverage_status"] in _HELD:
            held.add(row["subject_key"])
    sessions: dict[str, list[SessionStatus]] = defaultdict(list)
    rows = lake.read("curated.sessions", where, _SESSION_COLUMNS).to_pylist()
    for row in sorted(rows, key=itemgetter("weekend_key", "session_number")):
        key = row["session_key"]
        # A session that nothing is missing of, and that has neither laps nor a result, never ran.
        is_there = row["has_timing"] or key in with_result or (key in held and bool(reasons[key]))
        sessions[row["weekend_key"]].append(_session(row, sorted(reasons[key]), is_there=is_there))
    return {key: tuple(found) for key, found in sessions.items()}


def last_runs(instance: "dg.DagsterInstance", job_name: str, limit: int = 2000) -> dict[str, LastRun]:
    """Return weekend to its newest run of a job."""
    import dagster as dg
    from dagster._core.storage.tags import PARTITION_NAME_TAG

    newest: dict[str, LastRun] = {}
    for record in instance.get_run_records(dg.RunsFilter(job_name=job_name), limit=limit):
        run = record.dagster_run
        weekend = run.tags.get(PARTITION_NAME_TAG)
        if weekend is None or weekend in newest:
            continue
        ended = dt.datetime.fromtimestamp(record.end_time, dt.UTC) if record.end_time else None
        status = run.status.value.lower()
        reason = _failure(instance, run.run_id) if status == "failure" else None
        newest[weekend] = LastRun(run.run_id, status, ended, reason)
    return newest


def with_cut_off(runs: dict[str, LastRun], dead: Collection[str]) -> dict[str, LastRun]:
    """Return runs of which those whose process is gone say so, and no longer that they are going.

    Args:
        runs: Weekend to its newest run.
        dead: Ids of runs whose process is gone.
    """
    reason = "its process ended before the run did"
    return {
        weekend: replace(run, status=CUT_OFF, reason=reason) if run.run_id in dead else run
        for weekend, run in runs.items()
    }


def _failure(instance: "dg.DagsterInstance", run_id: str) -> str:
    import dagster as dg

    from orchestration.runs import failure_reason

    entries = instance.all_logs(
        run_id, of_type={dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    )
    return failure_reason([entry.dagster_event for entry in entries if entry.dagster_event is not None])


def _session(row: dict[str, Any], reasons: list[str], *, is_there: bool) -> SessionStatus:
    if not is_there:
        state = SessionState.ABSENT
    else:
        state = SessionState.PARTIAL if reasons else SessionState.COMPLETE
    return SessionStatus(row["session_code"], state, bool(row["has_telemetry"]), tuple(reasons))
