"""Coverage of documents: rows read, documents without rows, and what no source has of a season."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from lake.tables.registry import ALL_TABLES
from racing.coverage import COUNTED_TOPICS, DOCUMENT_TOPICS, GRADE_TOPIC, describe_coverage
from racing.tyre_nominations import BEFORE_GRADES, NOT_KNOWN, NOT_OF_TESTS

COUNTS = {"session_key": pl.String, "row_count": pl.Int64}


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    empty = pl.DataFrame(pl.from_arrow(ALL_TABLES[table].arrow_schema.empty_table()))
    return pl.DataFrame(rows, schema=empty.schema)


def request(topic: str, outcome: str = "found", **more: Any) -> dict[str, Any]:
    return {
        "season": 2012,
        "weekend_key": "2012-05",
        "session_key": "2012-05-R",
        "topic": topic,
        "url": f"https://api.jolpi.ca/{topic}{more.pop('page', '')}",
        "outcome": outcome,
        "is_required": topic == "results",
        "byte_count": 900 if outcome == "found" else None,
        "asked_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        **more,
    }


def covered(
    requests: list[dict[str, Any]],
    statuses: list[dict[str, Any]] | None = None,
    with_tyres: tuple[str, ...] = (),
    **rows: int,
) -> dict[str, dict[str, Any]]:
    counts = {name: pl.DataFrame(schema=COUNTS) for name in COUNTED_TOPICS.values()}
    counts["tyre_stints"] = pl.DataFrame([(key, 40) for key in with_tyres], schema=COUNTS, orient="row")
    documents = {
        name: pl.DataFrame(
            {"session_key": ["2012-05-R"] * rows.get(name, 0)}, schema={"session_key": pl.String}
        )
        for name in DOCUMENT_TOPICS.values()
    }
    found = describe_coverage(
        frame("raw.requests", requests),
        frame("processed.live_timing__unreadable_lines", []),
        frame("processed.fastf1__session_status", statuses or []),
        frame("processed.live_timing__timing_stream", []),
        frame("processed.fastf1__laps", []),
        frame("processed.fastf1__tyre_stints", []),
        **counts,
        **documents,
    )
    return {row["topic"]: row for row in found.to_dicts()}


def test_document_without_rows_is_empty() -> None:
    rows = covered([request("results"), request("qualifying")], results=24)
    assert (rows["results"]["coverage_status"], rows["results"]["rows_count"]) == ("available", 24)
    assert (rows["qualifying"]["coverage_status"], rows["qualifying"]["rows_count"]) == ("empty", 0)
    assert rows["qualifying"]["reason"] == "the document holds no rows"


def test_pages_are_one_document() -> None:
    pages = [request("laps", page=f"?offset={offset}") for offset in (0, 100)]
    rows = covered(pages, jolpica_laps=150)
    assert list(rows) == ["laps"]
    assert rows["laps"]["rows_count"] == 150


def test_missing_rows_make_a_document_partial() -> None:
    rows = covered([request("results", reason="rows 31 to 35 of 35 are missing")], results=30)
    assert (rows["results"]["coverage_status"], rows["results"]["rows_count"]) == ("partial", 30)


def test_what_no_source_has_is_told_from_what_this_one_has_not() -> None:
    rows = covered(
        [
            request("pitstops", "not_kept", reason="Jolpica has pitstops from 2011 on"),
            request("laps", "no_layer", reason="no layer of the source has it"),
        ]
    )
    assert {topic: row["coverage_status"] for topic, row in rows.items()} == {
        "laps": "absent",
        "pitstops": "not_kept",
    }
    assert rows["laps"]["rows_count"] is None


def test_imported_timing_without_laps_is_partial_where_the_session_ran() -> None:
    timing = request("TimingData", "imported", is_required=True)
    started = {
        "season": 2012,
        "weekend_key": "2012-05",
        "session_key": "2012-05-R",
        "change_number": 1,
        "session_time_ms": 60_000,
        "status": "Started",
    }
    row = covered([timing], [started])["TimingData"]
    assert (row["coverage_status"], row["is_essential"]) == ("partial", True)
    assert row["reason"] == "the session ran, and the parsed files hold no lap of it"
    assert covered([timing])["TimingData"]["coverage_status"] == "imported"
    row = covered([request("TimingData")], [started])["TimingData"]
    assert (row["coverage_status"], row["reason"]) == ("partial", "the session ran, and it tells of no car")


def test_grades_are_missing_only_where_the_nomination_is_not_known() -> None:
    def said_of(session: str) -> dict[str, Any] | None:
        return covered([], with_tyres=(session,)).get(GRADE_TOPIC)

    assert said_of("2024-08-R") is None
    for session, reason in (
        ("2025-90-R", NOT_KNOWN),
        ("2024-T1-D1", NOT_OF_TESTS),
        ("2018-06-R", BEFORE_GRADES),
    ):
        row = said_of(session)
        assert row is not None
        assert (row["subject_key"], row["coverage_status"], row["is_essential"], row["reason"]) == (
            session,
            "not_kept",
            False,
            reason,
        )
