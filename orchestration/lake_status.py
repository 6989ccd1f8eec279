"""What the lake holds of each race weekend, and how its last run went; plain values for ``f1lake status``."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dagster as dg

    from lake.lake import Lake

ZONES = ("raw", "processed", "curated", "marts")

_SESSIONS_SQL = """
select
    sessions.weekend_key,
    weekends.event_name,
    sessions.session_code,
    sessions.has_timing,
    sessions.has_telemetry,
    coalesce(results.entries, 0) > 0 as has_result,
    missing.reasons
from curated.sessions as sessions
left join curated.weekends as weekends on weekends.weekend_key = sessions.weekend_key
left join (select session_key, count(*) as entries from curated.results group by all) as results
    on results.session_key = sessions.session_key
left join (
    select subject_key, list(distinct topic || ': ' || coalesce(reason, coverage_status)) as reasons
    from curated.coverage
    where is_essential and coverage_status in ('absent', 'partial', 'empty')
    group by all
) as missing on missing.subject_key = sessions.session_key
order by sessions.weekend_key, sessions.session_number
"""


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
        status: Dagster's status, in lower case.
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
        return self.status in {"failure", "canceled"}


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
        return tuple(session.code for session in self.sessions if session.state is SessionState.PARTIAL)


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
    sessions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in lake.query(_SESSIONS_SQL).to_pylist():
        if row["weekend_key"] in zones or row["weekend_key"] in runs:
            sessions[row["weekend_key"]].append(row)
    return [
        WeekendStatus(
            weekend_key=key,
            event_name=next((row["event_name"] for row in sessions[key]), None),
            zones=frozenset(zones[key]),
            sessions=tuple(_session(row) for row in sessions[key]),
            last_run=runs.get(key),
        )
        for key in sorted({*zones, *runs})
    ]


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


def _failure(instance: "dg.DagsterInstance", run_id: str) -> str:
    import dagster as dg

    from orchestration.runs import failure_reason

    entries = instance.all_logs(
        run_id, of_type={dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    )
    return failure_reason([entry.dagster_event for entry in entries if entry.dagster_event is not None])


def _session(row: dict[str, Any]) -> SessionStatus:
    has_anything = row["has_timing"] or row["has_result"]
    reasons = tuple(row["reasons"] or ())
    if not has_anything:
        state = SessionState.ABSENT
    else:
        state = SessionState.PARTIAL if reasons else SessionState.COMPLETE
    return SessionStatus(row["session_code"], state, bool(row["has_telemetry"]), reasons)
