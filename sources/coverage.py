"""What each session and document of a weekend gave, as rows for ``curated.coverage``.

The rows are worked out from plain facts, so that they can be made right after fetching as well as later
from what the raw zone holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from racing.keys import season_of
from sources.fastf1_sessions import ParsedSession
from sources.fetch_documents import Fetched
from sources.parsed_files import parsed_topics
from sources.topics import ESSENTIAL_TOPICS

CoverageStatus = Literal["available", "absent", "empty", "partial", "imported", "not_held"]

COVERAGE_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "subject_key": pl.String,
    "topic": pl.String,
    "coverage_status": pl.String,
    "is_essential": pl.Boolean,
    "byte_count": pl.Int64,
    "rows_count": pl.Int64,
    "reason": pl.String,
    "source_layer": pl.String,
}
"""Columns and types of the coverage frame."""


@dataclass(frozen=True)
class CoverageFact:
    """What is known of one document.

    Attributes:
        subject_key: Session key, or weekend key for a document of the whole weekend.
        topic: Live-timing topic, ``results`` and so on; ``session`` for a session that no layer has.
        status: What it gave.
        is_essential: Whether laps or results cannot be made without it.
        byte_count: Length of the response; null where there is none.
        rows_count: Lines or rows read from it; null where nothing reads it.
        reason: What is missing and why; null where nothing is.
        layer: Kind of the layer that answered; null where none did.
    """

    subject_key: str
    topic: str
    status: CoverageStatus
    is_essential: bool
    byte_count: int | None = None
    rows_count: int | None = None
    reason: str | None = None
    layer: str | None = None


def coverage_facts(fetched: Iterable[Fetched]) -> list[CoverageFact]:
    """Return what fetching gave, a fact per session or weekend and topic.

    Args:
        fetched: Answers of a weekend. Documents of the whole season are left out.
    """
    facts: dict[tuple[str, str], CoverageFact] = {}
    for answer in fetched:
        if answer.request.subject_key is None:
            continue
        for fact in _facts_of(answer, answer.request.subject_key):
            key = (fact.subject_key, fact.topic)
            before = facts.get(key)
            facts[key] = fact if before is None else _joined(before, fact)
    return list(facts.values())


def with_parsed_lines(
    facts: Iterable[CoverageFact], parsed: Mapping[str, ParsedSession]
) -> list[CoverageFact]:
    """Return the facts with what parsing found: lines read, lines that could not be.

    Args:
        facts: Facts of a weekend.
        parsed: Session key to the parsed session.
    """
    told = []
    for fact in facts:
        session = parsed.get(fact.subject_key)
        if session is None or fact.topic not in session.line_counts:
            told.append(fact)
            continue
        count = session.line_counts[fact.topic]
        broken = [line for line in session.malformed if line.topic == fact.topic]
        told.append(replace(fact, rows_count=count))
        if broken:
            lines = ", ".join(f"{line.line_number} ({line.reason})" for line in broken[:3])
            reason = f"{len(broken)} of {count + len(broken)} lines cannot be read: {lines}"
            told[-1] = replace(told[-1], status="partial", reason=reason)
    return told


def coverage_rows(weekend_key: str, facts: Iterable[CoverageFact]) -> pl.DataFrame:
    """Return the rows of ``curated.coverage`` of a weekend. One row per subject and topic.

    Args:
        weekend_key: The weekend.
        facts: Facts of the weekend, each subject and topic once.
    """
    rows = [
        {
            "season": season_of(weekend_key),
            "weekend_key": weekend_key,
            "subject_key": fact.subject_key,
            "topic": fact.topic,
            "coverage_status": fact.status,
            "is_essential": fact.is_essential,
            "byte_count": fact.byte_count,
            "rows_count": fact.rows_count,
            "reason": fact.reason,
            "source_layer": fact.layer,
        }
        for fact in facts
    ]
    return pl.DataFrame(rows, schema=COVERAGE_SCHEMA).sort("subject_key", "topic")


def _facts_of(answer: Fetched, subject_key: str) -> list[CoverageFact]:
    request, response = answer.request, answer.response
    if answer.parsed_folder is not None:
        importer = (answer.parsed_layer or "").partition(":")[0]
        return [
            CoverageFact(
                subject_key,
                topic,
                "imported",
                topic in ESSENTIAL_TOPICS,
                reason=answer.reason,
                layer=importer,
            )
            for topic in parsed_topics(answer.parsed_folder)
        ]
    if response is None or not response.is_found:
        layer = response.layer_kind if response is not None else None
        return [
            CoverageFact(
                subject_key, request.topic, "absent", request.required, reason=answer.reason, layer=layer
            )
        ]
    is_empty = not response.body.removeprefix(b"\xef\xbb\xbf").strip()
    status: CoverageStatus = "empty" if is_empty else "partial" if answer.reason else "available"
    return [
        CoverageFact(
            subject_key,
            request.topic,
            status,
            request.required,
            byte_count=len(response.body),
            reason="the document is empty" if is_empty else answer.reason,
            layer=response.layer_kind,
        )
    ]


def _joined(first: CoverageFact, second: CoverageFact) -> CoverageFact:
    """Return one fact of two pages of a document."""
    return replace(
        first,
        byte_count=(first.byte_count or 0) + (second.byte_count or 0) or None,
        reason=first.reason or second.reason,
    )


def is_partial(facts: Iterable[CoverageFact]) -> bool:
    """Return whether anything essential is missing or incomplete."""
    return any(fact.is_essential and fact.status in {"absent", "empty", "partial"} for fact in facts)
