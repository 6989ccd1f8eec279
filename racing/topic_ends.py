"""Topics of a session that stop before the session does: cut off, though every line of theirs can be read.

Nothing in a stream says how long it was. What can be said is what other topics still tell of: SessionStatus
of cars that run, TimingAppData of laps on tyres, TimingData of laps. How far the ends of sound topics lie
apart was measured over 52 sessions of 2018 to 2025; each threshold here is wider than all of them:

- Races have an update of TimingData every few seconds (none missed for more than 16 s) until the flag, and
  their laps end at least 15 s after it.
- Practice and qualifying can be silent for 18 minutes while the session runs, in rain or for a repair. What
  starts a part of qualifying is told in TimingData within seconds.
- Stints are told of until 177 s after the last lap or update, and from 6 s before the last lap on.
- SessionStatus never ends before TimingData. ``Finalised``, ``Ends`` and messages can come 20 minutes later,
  so they say nothing of timing.

What a status or a coverage is, is ``racing/coverage.py``.
"""

from __future__ import annotations

import polars as pl

_MINUTE_MS = 60_000
_RACE_SLACK_MS = _MINUTE_MS
_RACE_LAPS_SLACK_MS = 3 * _MINUTE_MS
_SLACK_MS = 5 * _MINUTE_MS
_SILENCE_MS = 30 * _MINUTE_MS


def early_ends(
    status_changes: pl.DataFrame,
    timing_updates: pl.DataFrame,
    lap_ends: pl.DataFrame,
    stint_ends: pl.DataFrame,
) -> pl.DataFrame:
    """Return the topics that end well before their session.

    Args:
        status_changes: ``session_key``, ``change_number``, ``session_time_ms`` and ``status`` of each change
            of the state of a session.
        timing_updates: ``session_key`` and ``session_time_ms`` of each update of TimingData; none of a
            session that was imported from parsed files.
        lap_ends: ``session_key`` and ``lap_end_session_time_ms`` of each lap.
        stint_ends: ``session_key`` and ``last_session_time_ms`` of each of the feed's stints.

    Returns:
        Columns ``subject_key``, ``topic`` and ``end_reason``. One row per session and topic that ends early.

    Source: docs/explanation/wire-format.md#where-a-stream-ends.
    """
    parts = (
        _running(status_changes),
        _last(timing_updates, "session_time_ms", "update_ms"),
        _last(lap_ends, "lap_end_session_time_ms", "lap_ms"),
        _last(stint_ends, "last_session_time_ms", "stint_ms"),
    )
    ends = pl.concat(parts, how="align_full").with_columns(timing_ms=pl.coalesce("update_ms", "lap_ms"))
    is_race = pl.col("session_key").str.contains("-(R|S)$")
    is_qualifying = pl.col("session_key").str.contains("-(Q|SQ)$")
    race_slack = pl.when(pl.col("update_ms").is_null()).then(_RACE_LAPS_SLACK_MS).otherwise(_RACE_SLACK_MS)
    timing_goes_on = (
        _beyond("timing_ms", "stint_ms", _SLACK_MS),
        _beyond("timing_ms", "stopped_ms", pl.when(is_race).then(race_slack).otherwise(_SILENCE_MS)),
        pl.when(is_qualifying).then(_beyond("timing_ms", "started_ms", _RACE_SLACK_MS)),
    )
    early = (
        _early(ends, "TimingData", "timing_ms", pl.max_horizontal(*timing_goes_on)),
        _early(ends, "TimingAppData", "stint_ms", _beyond("stint_ms", "lap_ms", _SLACK_MS)),
        _early(ends, "SessionStatus", "changed_ms", _beyond("changed_ms", "timing_ms", _SLACK_MS)),
    )
    return pl.concat(early)


def _running(status_changes: pl.DataFrame) -> pl.DataFrame:
    """Return when each session last changed, last started, and stopped running after that."""
    number, time = pl.col("change_number"), pl.col("session_time_ms")
    is_start = pl.col("status") == "Started"
    last_start = number.filter(is_start).max()
    return status_changes.group_by("session_key").agg(
        changed_ms=time.max(),
        started_ms=time.filter(number == last_start).first(),
        stopped_ms=time.filter(number > last_start).min(),
    )


def _last(rows: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Return the last time of each session's rows."""
    return rows.group_by("session_key").agg(pl.col(column).max().cast(pl.Int64).alias(name))


def _beyond(end: str, other: str, slack_ms: int | pl.Expr) -> pl.Expr:
    """Return the other time where it is later by more than the slack; null elsewhere."""
    return pl.when(pl.col(other) > pl.col(end) + slack_ms).then(pl.col(other))


def _early(ends: pl.DataFrame, topic: str, end: str, until: pl.Expr) -> pl.DataFrame:
    early = ends.with_columns(until_ms=until).filter(pl.col("until_ms").is_not_null())
    return early.select(
        subject_key="session_key",
        topic=pl.lit(topic),
        end_reason=pl.format(
            "it ends at {} of the session clock, and the session goes on to {} at least: the rest is missing",
            _clock(end),
            _clock("until_ms"),
        ),
    )


def _clock(column: str) -> pl.Expr:
    """Return a time of the session clock as text, such as ``1:02:03``."""
    seconds = pl.col(column) // 1000
    return pl.format(
        "{}:{}:{}",
        seconds // 3600,
        (seconds // 60 % 60).cast(pl.String).str.zfill(2),
        (seconds % 60).cast(pl.String).str.zfill(2),
    )
