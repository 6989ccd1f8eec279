"""Car and position data of a session: decoded by our own reader, staged while FastF1 parses the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pyarrow as pa

from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import CAR_TELEMETRY, POSITION_TELEMETRY, ParsedTable
from racing.feed.car_data import decode_car_data
from racing.feed.position_data import decode_position_data
from racing.feed.telemetry import DecodedTelemetry
from racing.keys import season_of, weekend_of
from sources.responses import Response

_DECODERS = {"CarData.z": decode_car_data, "Position.z": decode_position_data}
_TABLES = {"CarData.z": CAR_TELEMETRY, "Position.z": POSITION_TELEMETRY}


def needed_telemetry(
    context: ProcessedStep, session_key: str, topics: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return the topics whose table has to be written, each with the identities of its documents.

    Args:
        context: The running step.
        session_key: The session.
        topics: Topic to digest of the session's documents.
    """
    inputs = {topic: context.live_timing_inputs(table, dict(topics)) for topic, table in _TABLES.items()}
    return {
        topic: found
        for topic, found in inputs.items()
        if context.is_needed(_TABLES[topic], session_key, found)
    }


@contextmanager
def telemetry_staged_beside(
    context: ProcessedStep,
    session_key: str,
    needed: Mapping[str, Mapping[str, str]],
    responses: Mapping[str, Response],
) -> Iterator[dict[str, DecodedTelemetry]]:
    """Decode car and position data, and stage them in a thread of their own while the ``with`` block runs.

    Samples are checked and written by Arrow, polars and the disk, while FastF1 needs Python alone.

    Args:
        context: The running step; nothing else is staged inside the block.
        session_key: The session.
        needed: ``needed_telemetry``.
        responses: Topic to response; what is there is decoded, needed or not.

    Yields:
        Topic to what was decoded.

    Raises:
        AuditFailedError: If rows break a table's contract.
    """
    decoded: dict[str, DecodedTelemetry] = {}

    def stage(topic: str) -> None:
        rows = _rows(session_key, _TABLES[topic], decoded.get(topic), responses.get(topic))
        context.stage(_TABLES[topic], session_key, rows, dict(needed[topic]))

    with _short_turns(), ThreadPoolExecutor(1, thread_name_prefix="telemetry") as beside:
        staging = []
        for topic, decode in _DECODERS.items():
            if topic in responses:
                decoded[topic] = decode(responses[topic].body)
            if topic in needed:
                staging.append(beside.submit(stage, topic))
        yield decoded
        for staged in staging:
            staged.result()


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let threads take turns ten times as often: who works outside Python soon gets the next order."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _rows(
    session_key: str, table: ParsedTable, decoded: DecodedTelemetry | None, response: Response | None
) -> pa.Table:
    if decoded is None or response is None:
        return empty_rows(table).to_arrow()
    rows = decoded.table
    shared = {
        "season": pa.scalar(season_of(session_key), pa.int32()),
        "weekend_key": pa.scalar(weekend_of(session_key), pa.large_string()),
        "session_key": pa.scalar(session_key, pa.large_string()),
        "source_layer": pa.scalar(response.layer_kind, pa.large_string()),
        "response_sha256": pa.scalar(response.sha256, pa.large_string()),
    }
    for name, value in shared.items():
        rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
    return rows
