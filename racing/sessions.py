"""Sessions of a weekend: announced by the calendar, timed by the feed, or known by their result only."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.keys import SESSION_CODES, preseason_test_key, weekend_key

SESSION_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "session_code": pl.String,
    "session_number": pl.Int32,
    "session_name": pl.String,
    "scheduled_date": pl.Date,
    "scheduled_start_at": pl.Datetime("us", "UTC"),
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "gmt_offset": pl.String,
    "session_id_f1": pl.Int32,
    "scheduled_laps_count": pl.Int32,
    "has_timing": pl.Boolean,
    "has_telemetry": pl.Boolean,
    "has_official_result": pl.Boolean,
}
"""Columns of the result; the contract is ``curated.sessions``."""

_NAMES = {
    "FP1": "Practice 1",
    "FP2": "Practice 2",
    "FP3": "Practice 3",
    "SQ": "Sprint Qualifying",
    "S": "Sprint",
    "Q": "Qualifying",
    "R": "Race",
    "D1": "Practice 1",
    "D2": "Practice 2",
    "D3": "Practice 3",
}
_USUAL_ORDER = {code: number for number, code in enumerate(SESSION_CODES)}
_FIRST_SEASON_IN_UTC = 2007
"""Jolpica's starts of 2005 and 2006 are by the circuits' own clocks, written as if that were UTC."""


def describe_sessions(  # noqa: PLR0913 - one argument per table that is read
    *,
    weekends: pl.DataFrame,
    schedule: pl.DataFrame,
    jolpica_calendar: pl.DataFrame,
    timing_sessions: pl.DataFrame,
    laps: pl.DataFrame,
    car_telemetry: pl.DataFrame,
    results: pl.DataFrame,
    sprint_results: pl.DataFrame,
    qualifying_results: pl.DataFrame,
) -> pl.DataFrame:
    """Return the sessions of the weekends given, announced and run.

    Args:
        weekends: ``curated.weekends``, only the weekends to describe.
        schedule: ``processed.f1schedule__sessions`` of the season; empty before 2018.
        jolpica_calendar: ``processed.jolpica__calendar`` of the season: its starts stand where neither the F1
            calendar nor the feed has one.
        timing_sessions: ``processed.fastf1__sessions`` of the weekend.
        laps: ``session_key`` of the sessions with laps.
        car_telemetry: ``session_key`` of the sessions with car data.
        results: ``processed.jolpica__results`` of the weekend.
        sprint_results: ``processed.jolpica__sprint_results`` of the weekend.
        qualifying_results: ``processed.jolpica__qualifying_results`` of the weekend.

    Returns:
        One row per session that the calendar announces, the feed describes or a result is known of. A race
        weekend of a season without a calendar always has its race.

    Source: docs/glossary.md#session.
    """
    official = pl.concat(
        [frame.select("session_key") for frame in (results, sprint_results, qualifying_results)]
    )
    announced = _announced(weekends, schedule)
    timed = _timed(timing_sessions)
    known = _known(weekends, announced, timed, official)
    described = (
        known.join(announced, on="session_key", how="left")
        .join(timed, on="session_key", how="left")
        .with_columns(
            pl.coalesce("announced_name", "feed_name", pl.col("session_code").replace_strict(_NAMES)).alias(
                "session_name"
            ),
            pl.coalesce("announced_start_at", "feed_start_at").alias("scheduled_start_at"),
            pl.coalesce("announced_offset", "feed_offset").alias("gmt_offset"),
            *(
                pl.col("session_key").is_in(frame["session_key"].unique().implode()).alias(name)
                for name, frame in (
                    ("has_timing", laps),
                    ("has_telemetry", car_telemetry),
                    ("has_official_result", official),
                )
            ),
        )
    )
    return (
        _numbered(described)
        .join(
            _jolpica_starts(weekends, jolpica_calendar),
            on="session_key",
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.coalesce("scheduled_start_at", "jolpica_start_at").alias("scheduled_start_at"))
        .with_columns(_local_date())
        .select(pl.col(name).cast(kind) for name, kind in SESSION_SCHEMA.items())
    )


def _announced(weekends: pl.DataFrame, schedule: pl.DataFrame) -> pl.DataFrame:
    """Return the calendar's sessions of these weekends under our keys."""
    keys = [
        preseason_test_key(season, test) if number is None else weekend_key(season, number)
        for season, number, test in schedule.select("season", "round_number", "test_number").iter_rows()
    ]
    return (
        schedule.with_columns(pl.Series("weekend_key", keys, pl.String))
        .filter(pl.col("weekend_key").is_in(weekends["weekend_key"].implode()))
        .select(
            pl.concat_str("weekend_key", "session_code", separator="-").alias("session_key"),
            pl.col("session_name").alias("announced_name"),
            pl.col("session_number").alias("announced_number"),
            pl.col("scheduled_start_at").alias("announced_start_at"),
            pl.col("gmt_offset").alias("announced_offset"),
        )
        .unique("session_key", keep="first", maintain_order=True)
    )


def _timed(timing_sessions: pl.DataFrame) -> pl.DataFrame:
    """Return what the feed says of its sessions; its clock gives the true start and end."""
    return timing_sessions.select(
        "session_key",
        pl.col("session_name").alias("feed_name"),
        pl.col("scheduled_start_at").alias("feed_start_at"),
        pl.col("gmt_offset").alias("feed_offset"),
        "session_id_f1",
        "scheduled_laps_count",
        _on_clock("started_session_time_ms").alias("started_at"),
        _on_clock("ended_session_time_ms").alias("ended_at"),
    )


def _jolpica_starts(weekends: pl.DataFrame, calendar: pl.DataFrame) -> pl.DataFrame:
    """Return the starts that Jolpica's calendar has of these weekends' sessions."""
    starts = calendar.filter(pl.col("season") >= _FIRST_SEASON_IN_UTC).select(
        "season",
        "round_id_jolpica",
        pl.col("race_start_at").alias("R"),
        pl.col("sprint_start_at").alias("S"),
        pl.col("qualifying_start_at").alias("Q"),
    )
    return (
        weekends.join(starts, on=["season", "round_id_jolpica"])
        .unpivot(["R", "S", "Q"], index="weekend_key", variable_name="code", value_name="jolpica_start_at")
        .drop_nulls("jolpica_start_at")
        .select(pl.concat_str("weekend_key", "code", separator="-").alias("session_key"), "jolpica_start_at")
    )


def _on_clock(column: str) -> pl.Expr:
    return pl.col("clock_started_at") + pl.duration(milliseconds=pl.col(column), time_unit="us")


def _known(
    weekends: pl.DataFrame, announced: pl.DataFrame, timed: pl.DataFrame, official: pl.DataFrame
) -> pl.DataFrame:
    """Return the keys of all sessions that any source knows."""
    without_calendar = weekends.filter(pl.col("matched_by") == "jolpica_only")
    races = without_calendar.select((pl.col("weekend_key") + "-R").alias("session_key"))
    keys = pl.concat([frame.select("session_key") for frame in (announced, timed, official, races)]).unique()
    dates = weekends.select("season", "weekend_key", pl.col("scheduled_date").alias("weekend_date"))
    return keys.with_columns(
        pl.col("session_key").str.replace(r"-[A-Z0-9]+$", "").alias("weekend_key"),
        pl.col("session_key").str.extract(r"-([A-Z0-9]+)$").alias("session_code"),
    ).join(dates, on="weekend_key")


def _local_date() -> pl.Expr:
    """Return the local date of the announced start, else the weekend's date for its race."""
    hours = pl.col("gmt_offset").str.extract(r"(\d+):").cast(pl.Int64)
    minutes = pl.col("gmt_offset").str.extract(r":(\d+)").cast(pl.Int64)
    sign = pl.when(pl.col("gmt_offset").str.starts_with("-")).then(-1).otherwise(1)
    local = pl.col("scheduled_start_at") + pl.duration(hours=hours * sign, minutes=minutes * sign)
    race_date = pl.when(pl.col("session_code") == "R").then("weekend_date")
    return pl.coalesce(local.dt.date(), race_date).alias("scheduled_date")


def _numbered(sessions: pl.DataFrame) -> pl.DataFrame:
    """Return the sessions counted within their weekend: as announced, then as they are usually held."""
    usual = pl.col("session_code").replace_strict(_USUAL_ORDER, return_dtype=pl.Int32)
    return sessions.sort(
        "weekend_key", pl.col("announced_number"), "scheduled_start_at", usual, nulls_last=True
    ).with_columns(pl.int_range(1, pl.len() + 1).over("weekend_key").alias("session_number"))
