"""What Jolpica's documents say, as rows of the processed tables: results, qualifying, sprint, calendar.

Standings, drivers and constructors of a season are in ``jolpica_season_rows.py``, laps and pit stops in
``jolpica_lap_rows.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from racing.keys import season_of, weekend_of
from sources.errors import UnreadableDocumentError
from sources.jolpica_documents import read_documents
from sources.jolpica_values import (
    Fields,
    date,
    duration_ms,
    instant,
    integer,
    needed_integer,
    number,
    provenance,
    text,
)
from sources.responses import Response

_KEYS: dict[str, Any] = {"season": pl.Int32, "weekend_key": pl.String, "session_key": pl.String}
_ENTRY: dict[str, Any] = {
    "result_order": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "car_number": pl.String,
    "driver_id_jolpica": pl.String,
    "driver_code": pl.String,
    "permanent_number": pl.String,
    "first_name": pl.String,
    "last_name": pl.String,
    "date_of_birth": pl.Date,
    "nationality": pl.String,
    "constructor_id_jolpica": pl.String,
    "constructor_name": pl.String,
    "constructor_nationality": pl.String,
}
_RACE: dict[str, Any] = {
    "position": pl.Int32,
    "position_text": pl.String,
    "points": pl.Float64,
    "grid_position": pl.Int32,
    "laps_completed": pl.Int32,
    "status": pl.String,
    "race_time_ms": pl.Int64,
    "gap_text": pl.String,
    "fastest_lap_number": pl.Int32,
    "fastest_lap_rank": pl.Int32,
    "fastest_lap_time_ms": pl.Int64,
}
_QUALIFYING: dict[str, Any] = {
    "position": pl.Int32,
    "q1_ms": pl.Int64,
    "q2_ms": pl.Int64,
    "q3_ms": pl.Int64,
}
_PROVENANCE: dict[str, Any] = {"source_layer": pl.String, "response_sha256": pl.String}
_CALENDAR: dict[str, Any] = {
    "season": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "race_name": pl.String,
    "circuit_id_jolpica": pl.String,
    "circuit_name": pl.String,
    "locality": pl.String,
    "country": pl.String,
    "latitude_deg": pl.Float64,
    "longitude_deg": pl.Float64,
    "race_date": pl.Date,
    "race_start_at": pl.Datetime("us", "UTC"),
    "sprint_start_at": pl.Datetime("us", "UTC"),
    "qualifying_start_at": pl.Datetime("us", "UTC"),
    "wikipedia_url": pl.String,
}


def read_results(responses: Sequence[Response], session_key: str) -> pl.DataFrame:
    """Return the official result of a race. One row per entry, in the order of the result.

    Args:
        responses: Pages of the document.
        session_key: Key of the race.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    return _race_rows(responses, session_key, "Results")


def read_sprint_results(responses: Sequence[Response], session_key: str) -> pl.DataFrame:
    """Return the official result of a sprint, as ``read_results`` does for a race."""
    return _race_rows(responses, session_key, "SprintResults")


def read_qualifying_results(responses: Sequence[Response], session_key: str) -> pl.DataFrame:
    """Return the official result of qualifying. One row per entry, in the order of the result.

    Args:
        responses: Pages of the document.
        session_key: Key of the qualifying session.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = []
    for order, (response, race, entry) in enumerate(race_entries(responses, "QualifyingResults"), start=1):
        row = _entry(entry, race, session_key, order, response)
        row["position"] = needed_integer(response, entry, "position")
        row |= {f"q{part}_ms": duration_ms(entry, f"Q{part}") for part in (1, 2, 3)}
        rows.append(row)
    return pl.DataFrame(rows, schema=_KEYS | _ENTRY | _QUALIFYING | _PROVENANCE)


def read_calendar(responses: Sequence[Response], season: int) -> pl.DataFrame:
    """Return a season's calendar in Jolpica's own numbering. One row per round.

    Args:
        responses: Pages of the document.
        season: Year.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = []
    for response, race in _races(responses):
        where = race.get("Circuit", {})
        rows.append(
            {
                "season": season,
                "round_id_jolpica": needed_integer(response, race, "round"),
                "race_name": text(race, "raceName"),
                "circuit_id_jolpica": text(where, "circuitId"),
                "circuit_name": text(where, "circuitName"),
                "locality": text(where, "Location", "locality"),
                "country": text(where, "Location", "country"),
                "latitude_deg": number(where, "Location", "lat"),
                "longitude_deg": number(where, "Location", "long"),
                "race_date": date(race, "date"),
                "race_start_at": instant(race),
                "sprint_start_at": instant(race.get("Sprint", {})),
                "qualifying_start_at": instant(race.get("Qualifying", {})),
                "wikipedia_url": text(race, "url"),
                **provenance(response),
            }
        )
    return (
        pl.DataFrame(rows, schema=_CALENDAR | _PROVENANCE).unique("round_id_jolpica").sort("round_id_jolpica")
    )


def _race_rows(responses: Sequence[Response], session_key: str, list_name: str) -> pl.DataFrame:
    rows = []
    for order, (response, race, entry) in enumerate(race_entries(responses, list_name), start=1):
        rows.append(
            {
                **_entry(entry, race, session_key, order, response),
                "position": needed_integer(response, entry, "position"),
                "position_text": text(entry, "positionText"),
                "points": number(entry, "points"),
                "grid_position": integer(entry, "grid"),
                "laps_completed": integer(entry, "laps"),
                "status": text(entry, "status"),
                "race_time_ms": integer(entry, "Time", "millis"),
                "gap_text": text(entry, "Time", "time"),
                "fastest_lap_number": integer(entry, "FastestLap", "lap"),
                "fastest_lap_rank": integer(entry, "FastestLap", "rank"),
                "fastest_lap_time_ms": duration_ms(entry, "FastestLap", "Time", "time"),
            }
        )
    return pl.DataFrame(rows, schema=_KEYS | _ENTRY | _RACE | _PROVENANCE)


def _entry(entry: Fields, race: Fields, session_key: str, order: int, response: Response) -> dict[str, Any]:
    """Return what every result table says of an entry."""
    driver, constructor = entry.get("Driver", {}), entry.get("Constructor", {})
    driver_id = text(driver, "driverId")
    if driver_id is None:
        raise UnreadableDocumentError(f"{response.url}: entry {order} names no driver. Fetch it again")
    return {
        "season": season_of(session_key),
        "weekend_key": weekend_of(session_key),
        "session_key": session_key,
        "result_order": order,
        "round_id_jolpica": needed_integer(response, race, "round"),
        "car_number": text(entry, "number"),
        "driver_id_jolpica": driver_id,
        "driver_code": text(driver, "code"),
        "permanent_number": text(driver, "permanentNumber"),
        "first_name": text(driver, "givenName"),
        "last_name": text(driver, "familyName"),
        "date_of_birth": date(driver, "dateOfBirth"),
        "nationality": text(driver, "nationality"),
        "constructor_id_jolpica": text(constructor, "constructorId"),
        "constructor_name": text(constructor, "name"),
        "constructor_nationality": text(constructor, "nationality"),
        **provenance(response),
    }


def race_entries(responses: Sequence[Response], list_name: str) -> Iterator[tuple[Response, Fields, Fields]]:
    """Yield (response, race, entry) over all pages; pages may split one race.

    Args:
        responses: Pages of one document.
        list_name: List of a race that holds the entries, such as ``Results``.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    for response, race in _races(responses):
        entries = race.get(list_name)
        if not isinstance(entries, list):
            raise UnreadableDocumentError(f"{response.url}: a race without {list_name}. Fetch it again")
        for entry in entries:
            yield response, race, entry


def _races(responses: Sequence[Response]) -> Iterator[tuple[Response, Fields]]:
    for response, document in read_documents(responses):
        races = (document.get("RaceTable") or {}).get("Races")
        if not isinstance(races, list):
            raise UnreadableDocumentError(f"{response.url}: no list of races. Fetch it again")
        for race in races:
            yield response, race
