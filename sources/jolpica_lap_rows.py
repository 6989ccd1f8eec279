"""Jolpica's lap times and pit stops of a race, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from racing.keys import season_of, weekend_of
from sources.errors import UnreadableDocumentError
from sources.jolpica_rows import race_entries
from sources.jolpica_values import Fields, duration_ms, integer, needed_integer, provenance, text
from sources.responses import Response

_KEYS: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "driver_id_jolpica": pl.String,
}
_LAP: dict[str, Any] = {"lap_number": pl.Int32, "position": pl.Int32, "lap_time_ms": pl.Int64}
_STOP: dict[str, Any] = {
    "stop_number": pl.Int32,
    "lap_number": pl.Int32,
    "local_time": pl.String,
    "pit_lane_time_ms": pl.Int64,
}
_PROVENANCE: dict[str, Any] = {"source_layer": pl.String, "response_sha256": pl.String}


def read_laps(responses: Sequence[Response], session_key: str) -> pl.DataFrame:
    """Return the laps of a race. One row per driver and lap, by lap and position.

    Args:
        responses: Pages of the document; a page may end within a lap.
        session_key: Key of the race.

    Returns:
        Driver, lap, position at the end of the lap and lap time; the time is null where the document has
        none.

    Raises:
        UnreadableDocumentError: If a page is not such a document, or a row names no driver or lap.
    """
    rows = [
        {
            **_keys(response, timing, session_key),
            "lap_number": needed_integer(response, lap, "number"),
            "position": integer(timing, "position"),
            "lap_time_ms": duration_ms(timing, "time"),
            **provenance(response),
        }
        for response, lap, timing in _timings(responses)
    ]
    return pl.DataFrame(rows, schema=_KEYS | _LAP | _PROVENANCE)


def read_pit_stops(responses: Sequence[Response], session_key: str) -> pl.DataFrame:
    """Return the pit stops of a race. One row per driver and stop, in the order of the document.

    Args:
        responses: Pages of the document.
        session_key: Key of the race.

    Returns:
        Driver, stop, lap, local time of day and the time from pit entry to pit exit.

    Raises:
        UnreadableDocumentError: If a page is not such a document, or a row names no driver, lap or stop.
    """
    rows = [
        {
            **_keys(response, stop, session_key),
            "stop_number": needed_integer(response, stop, "stop"),
            "lap_number": needed_integer(response, stop, "lap"),
            "local_time": text(stop, "time"),
            "pit_lane_time_ms": duration_ms(stop, "duration"),
            **provenance(response),
        }
        for response, _, stop in race_entries(responses, "PitStops")
    ]
    return pl.DataFrame(rows, schema=_KEYS | _STOP | _PROVENANCE)


def _timings(responses: Sequence[Response]) -> Iterator[tuple[Response, Fields, Fields]]:
    for response, _, lap in race_entries(responses, "Laps"):
        timings = lap.get("Timings")
        if not isinstance(timings, list):
            raise UnreadableDocumentError(f"{response.url}: a lap without Timings. Fetch it again")
        for timing in timings:
            yield response, lap, timing


def _keys(response: Response, fields: Fields, session_key: str) -> dict[str, Any]:
    driver_id = text(fields, "driverId")
    if driver_id is None:
        raise UnreadableDocumentError(f"{response.url}: a row names no driver. Fetch it again")
    return {
        "season": season_of(session_key),
        "weekend_key": weekend_of(session_key),
        "session_key": session_key,
        "driver_id_jolpica": driver_id,
    }
