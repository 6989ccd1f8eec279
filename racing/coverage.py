"""Coverage: what each source gave for each session and document, and what is missing and why."""

from __future__ import annotations

import polars as pl

from racing.keys import season_of, weekend_of
from racing.topic_ends import early_ends
from racing.tyre_nominations import why_without_grades

COUNTED_TOPICS = {
    "TimingData": "laps",
    "TimingAppData": "tyre_stints",
    "SessionInfo": "timing_sessions",
    "DriverList": "session_drivers",
    "WeatherData": "weather",
    "RaceControlMessages": "race_control_messages",
    "TrackStatus": "track_status",
    "SessionStatus": "session_status",
    "CarData.z": "car_telemetry",
    "Position.z": "position_telemetry",
    "LapSeries": "lap_positions",
    "TeamRadio": "team_radio",
    "ChampionshipPrediction": "championship_prediction",
}
"""Live-timing topic to the argument with the row counts of the table that it fills."""

DOCUMENT_TOPICS = {
    "results": "results",
    "sprint": "sprint_results",
    "qualifying": "qualifying_results",
    "driverstandings": "driver_standings",
    "constructorstandings": "constructor_standings",
    "laps": "jolpica_laps",
    "pitstops": "jolpica_pit_stops",
}
"""Jolpica's topic to the argument with the rows of the weekend that were read from it."""

_STATUS = {
    "found": "available",
    "not_found": "absent",
    "no_layer": "absent",
    "refused": "absent",
    "imported": "imported",
    "not_held": "not_held",
    "not_kept": "not_kept",
}
GRADE_TOPIC = "compound_grade"
"""Topic of the row that says why the tyres of a session have no grades."""

_ARCHIVE = "/static/"
"""Part of every address in the live-timing archive."""

EMPTY_BYTES = 3
"""Most bytes of an answer without content: a byte order mark alone is none."""


NO_LAPS = "the session ran, and the parsed files hold no lap of it"
"""Why imported timing without laps is not all there was."""

NO_CARS = "the session ran, and it tells of no car"
"""Why timing on the wire that has lines, but no car in any of them, is not all there was."""

NEWEST_IS_EMPTY = "the newest answer is empty; the rows are those of the one before"
"""Why a topic is partial that was answered with nothing after it had been there."""


def describe_coverage(
    requests: pl.DataFrame,
    unreadable_lines: pl.DataFrame,
    status_changes: pl.DataFrame,
    timing_updates: pl.DataFrame,
    lap_ends: pl.DataFrame,
    stint_ends: pl.DataFrame,
    **counts: pl.DataFrame,
) -> pl.DataFrame:
    """Return the coverage of one weekend.

    Args:
        requests: ``raw.requests`` of the weekend. One row per request, also earlier ones.
        unreadable_lines: ``processed.live_timing__unreadable_lines`` of the weekend.
        status_changes: Changes of the state of its sessions.
        timing_updates: When each update of TimingData came.
        lap_ends: When each lap of live timing ended.
        stint_ends: When each of the feed's stints was last told of.
        **counts: Per argument of ``COUNTED_TOPICS``, columns ``session_key`` and ``row_count``; per argument
            of ``DOCUMENT_TOPICS``, the rows of the weekend.

    Returns:
        One row per subject (session, or weekend) and topic; the newest request of each counts, and a page of
        a document counts with its document. A document of Jolpica that holds no rows is empty.

    Source: docs/glossary.md#coverage.
    """
    newest = (
        requests.sort("asked_at")
        .unique("url", keep="last", maintain_order=True)
        .with_columns(subject_key=pl.coalesce("session_key", "weekend_key"))
        .with_columns(order=pl.col("outcome").is_in(["found", "imported"]))
        .sort("order", "asked_at")
        .unique(["subject_key", "topic"], keep="last", maintain_order=True)
    )
    on_wire = newest.filter(
        (pl.col("outcome") == "found") & pl.col("url").str.contains(_ARCHIVE, literal=True)
    )
    is_superseded = (pl.col("topic") == "session") & pl.col("subject_key").is_in(
        on_wire["subject_key"].to_list()
    )
    newest = newest.filter(~is_superseded)
    lost = unreadable_lines.group_by(subject_key=pl.col("session_key"), topic=pl.col("topic")).agg(
        lost_count=pl.len(), lost_reason=pl.col("reason").first(), lost_line=pl.col("line_number").first()
    )
    ends = early_ends(status_changes, timing_updates, lap_ends, stint_ends)
    started = status_changes.filter(pl.col("status") == "Started")["session_key"].unique().to_list()
    is_found = pl.col("outcome") == "found"
    is_imported = pl.col("outcome") == "imported"
    is_empty = is_found & (pl.col("byte_count") <= EMPTY_BYTES)
    was_there = is_empty & pl.col("had_content")
    ran_without_laps = (
        (pl.col("topic") == "TimingData")
        & pl.col("rows_count").is_null()
        & pl.col("subject_key").is_in(started)
    )
    has_no_laps = is_imported & ran_without_laps
    timed = timing_updates["session_key"].unique().to_list()
    has_no_cars = is_found & ~is_empty & ran_without_laps & ~pl.col("subject_key").is_in(timed)
    lacks = pl.any_horizontal(pl.col(name).is_not_null() for name in ("lost_count", "end_reason")) | (
        is_found & pl.col("reason").is_not_null()
    )
    has_no_rows = is_found & (pl.col("document_rows_count") == 0)
    described = (
        newest.join(lost, on=["subject_key", "topic"], how="left")
        .join(_counts(counts), on=["subject_key", "topic"], how="left")
        .join(_document_counts(counts), on="topic", how="left")
        .join(ends, on=["subject_key", "topic"], how="left")
        .join(_with_content(requests), on=["subject_key", "topic"], how="left")
        .with_columns(
            coverage_status=pl.when(was_there)
            .then(pl.lit("partial"))
            .when(has_no_rows | is_empty)
            .then(pl.lit("empty"))
            .when(has_no_laps | has_no_cars | ((is_found | is_imported) & lacks))
            .then(pl.lit("partial"))
            .otherwise(pl.col("outcome").replace_strict(_STATUS, return_dtype=pl.String)),
            rows_count=pl.coalesce("rows_count", pl.when(is_found).then("document_rows_count")),
            reason=_joined(
                pl.when(was_there).then(pl.lit(NEWEST_IS_EMPTY)),
                pl.when(has_no_laps).then(pl.lit(NO_LAPS)),
                pl.when(has_no_cars).then(pl.lit(NO_CARS)),
                pl.when(is_found | is_imported).then("end_reason"),
                pl.coalesce(
                    _lost_text(), "reason", pl.when(has_no_rows).then(pl.lit("the document holds no rows"))
                ),
            ),
        )
    )
    documents = described.select(
        "season",
        "weekend_key",
        "subject_key",
        "topic",
        "coverage_status",
        pl.col("is_required").alias("is_essential"),
        "byte_count",
        "rows_count",
        "reason",
        pl.col("layer").alias("source_layer"),
    )
    return pl.concat([documents, _grades(counts["tyre_stints"], documents.schema)]).sort(
        "subject_key", "topic"
    )


def _grades(tyre_stints: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return a row for each session with tyres of a weekend whose grades are not known."""
    sessions = tyre_stints.filter(pl.col("row_count") > 0)["session_key"].to_list()
    rows = [
        {
            "season": season_of(key),
            "weekend_key": weekend_of(key),
            "subject_key": key,
            "topic": GRADE_TOPIC,
            "coverage_status": "not_kept",
            "is_essential": False,
            "reason": reason,
        }
        for key in sessions
        if (reason := why_without_grades(weekend_of(key))) is not None
    ]
    return pl.DataFrame(rows, schema=schema)


def _with_content(requests: pl.DataFrame) -> pl.DataFrame:
    """Return the subjects and topics that any live-timing answer had content of, the newest or an earlier."""
    live = pl.col("url").str.contains(_ARCHIVE, literal=True)
    answered = requests.filter(live & (pl.col("outcome") == "found") & (pl.col("byte_count") > EMPTY_BYTES))
    keys = answered.select(subject_key=pl.coalesce("session_key", "weekend_key"), topic="topic").unique()
    return keys.with_columns(had_content=pl.lit(value=True))


def _joined(*reasons: pl.Expr) -> pl.Expr:
    """Return all reasons that there are in one text; null where there is none."""
    text = pl.concat_str(reasons, separator="; ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _lost_text() -> pl.Expr:
    return (
        pl.when(pl.col("lost_count").is_not_null())
        .then(
            pl.format(
                "{} line(s) could not be read, first line {}: {}", "lost_count", "lost_line", "lost_reason"
            )
        )
        .otherwise(None)
    )


def _counts(counts: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return how many rows were read from each topic of each session."""
    parts = [
        counts[name].select(
            subject_key=pl.col("session_key"),
            topic=pl.lit(topic),
            rows_count=pl.col("row_count").cast(pl.Int64),
        )
        for topic, name in COUNTED_TOPICS.items()
    ]
    return pl.concat(parts)


def _document_counts(counts: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return how many rows the weekend has from each of Jolpica's topics."""
    rows = [(topic, counts[name].height) for topic, name in DOCUMENT_TOPICS.items()]
    return pl.DataFrame(rows, schema={"topic": pl.String, "document_rows_count": pl.Int64}, orient="row")
