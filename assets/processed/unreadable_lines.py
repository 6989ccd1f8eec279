"""Lines of the wire that nobody could read, so that none is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import UNREADABLE_LINES
from racing.keys import season_of, weekend_of
from sources.responses import Response
from sources.stream_lines import MalformedLine, check_lines
from sources.topics import FASTF1_TOPICS


def malformed_lines(responses: Mapping[str, Response]) -> tuple[MalformedLine, ...]:
    """Return the lines that FastF1 cannot read, without running it.

    Args:
        responses: Topic to response of a session.
    """
    return tuple(
        line
        for topic in FASTF1_TOPICS
        if topic in responses
        for line in check_lines(topic, responses[topic].body).malformed
    )


def stage_unreadable_lines(
    context: ProcessedStep,
    session_key: str,
    lines: Iterable[MalformedLine],
    responses: Mapping[str, Response],
    inputs: dict[str, str],
) -> None:
    """Stage the lines of one session that could not be read.

    Args:
        context: The running step.
        session_key: The session.
        lines: What could not be read, by whomever; a line named more than once is one row with all reasons.
        responses: Topic to response.
        inputs: Identities of the topics.
    """
    reasons: dict[tuple[str, int], dict[str, None]] = {}
    for line in lines:
        reasons.setdefault((line.topic, line.line_number), {})[line.reason] = None
    rows = pl.DataFrame(
        [
            {
                "season": season_of(session_key),
                "weekend_key": weekend_of(session_key),
                "session_key": session_key,
                "topic": topic,
                "line_number": line_number,
                "reason": "; ".join(found),
                "source_layer": responses[topic].layer_kind,
                "response_sha256": responses[topic].sha256,
            }
            for (topic, line_number), found in reasons.items()
        ],
        schema=empty_rows(UNREADABLE_LINES).schema,
    )
    context.stage(UNREADABLE_LINES, session_key, rows, inputs)
