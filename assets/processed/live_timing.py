"""Processed tables by session from JSON topics that we decode ourselves: timing stream, radio, predictions.

Telemetry, the two packed topics, is staged by ``assets/processed/sessions.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from assets.processed.context import ProcessedStep
from assets.processed.declarations import (
    LAP_POSITIONS,
    LIVE_TIMING_TABLES,
    TEAM_RADIO,
    TIMING_STREAM,
    ParsedTable,
)
from racing.feed.championship_prediction import decode_championship_prediction
from racing.feed.decoded_rows import DecodedRows
from racing.feed.lap_positions import decode_lap_series, lap_positions
from racing.feed.stream import LineFault
from racing.feed.team_radio import decode_team_radio
from racing.feed.timing_stream import TimingStream, decode_timing_stream
from racing.keys import season_of, weekend_of
from sources.responses import Response

_SMALL_TOPICS: Mapping[str, Callable[[bytes], DecodedRows]] = {
    "LapSeries": decode_lap_series,
    "TeamRadio": decode_team_radio,
    "ChampionshipPrediction": decode_championship_prediction,
}


@dataclass(frozen=True)
class LiveTimingTopics:
    """JSON topics of one session, each decoded once, when it is first asked for.

    Attributes:
        responses: Topic to response.
    """

    responses: Mapping[str, Response]

    @cached_property
    def timing(self) -> TimingStream | None:
        """Decoded TimingData; null where there is none."""
        response = self.responses.get("TimingData")
        return decode_timing_stream(response.body) if response is not None else None

    @cached_property
    def small(self) -> Mapping[str, DecodedRows]:
        """Topic to rows of the smaller topics that are there."""
        return {
            topic: decode(self.responses[topic].body)
            for topic, decode in _SMALL_TOPICS.items()
            if topic in self.responses
        }

    def faults(self) -> Iterator[tuple[str, LineFault]]:
        """Yield topic and fault of every line that could not be read."""
        if self.timing is not None:
            yield from (("TimingData", fault) for fault in self.timing.faults)
        for topic, decoded in self.small.items():
            yield from ((topic, fault) for fault in decoded.faults)

    def rows(self, table: ParsedTable) -> pl.DataFrame:
        """Return the rows of a table without keys and provenance, but with the topic of each row."""
        if table is TIMING_STREAM and self.timing is not None:
            return self.timing.updates.with_columns(topic=pl.lit("TimingData"))
        if table is LAP_POSITIONS:
            positions = lap_positions(self.timing, self.small.get("LapSeries"))
            return positions.with_columns(topic=pl.col("source_topic"))
        (topic,) = table.live_timing
        rows = self.small[topic].rows
        if table is TEAM_RADIO:
            folder = self.responses[topic].url.rpartition("/")[0]
            rows = rows.with_columns(audio_url=pl.concat_str(pl.lit(f"{folder}/"), "audio_path"))
        return rows.with_columns(topic=pl.lit(topic))


def needed_live_timing(
    context: ProcessedStep, session_key: str, topics: Mapping[str, str]
) -> dict[ParsedTable, dict[str, str]]:
    """Return the tables whose topics are there and have changed, each with the identities of its topics.

    Args:
        context: The running step.
        session_key: The session.
        topics: Topic to digest of the session's documents.
    """
    inputs = {table: context.live_timing_inputs(table, dict(topics)) for table in LIVE_TIMING_TABLES}
    return {
        table: found
        for table, found in inputs.items()
        if found and context.is_needed(table, session_key, found)
    }


def stage_live_timing(
    context: ProcessedStep,
    session_key: str,
    needed: Mapping[ParsedTable, dict[str, str]],
    topics: LiveTimingTopics,
) -> None:
    """Stage tables of one session.

    Args:
        context: The running step.
        session_key: The session.
        needed: ``needed_live_timing``.
        topics: Topics of the session.

    Raises:
        AuditFailedError: If rows break a table's contract.
    """
    for table, inputs in needed.items():
        context.stage(table, session_key, _with_keys(topics, session_key, topics.rows(table)), inputs)


def _with_keys(topics: LiveTimingTopics, session_key: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the session's keys, and the response that each was read from."""
    named = rows["topic"].unique().to_list()
    layers = {topic: topics.responses[topic].layer_kind for topic in named}
    digests = {topic: topics.responses[topic].sha256 for topic in named}
    return rows.with_columns(
        season=pl.lit(season_of(session_key), pl.Int32),
        weekend_key=pl.lit(weekend_of(session_key)),
        session_key=pl.lit(session_key),
        source_layer=pl.col("topic").replace_strict(layers, default=None, return_dtype=pl.String),
        response_sha256=pl.col("topic").replace_strict(digests, default=None, return_dtype=pl.String),
    )
