"""Jolpica's standings after a round, and the drivers and constructors of a season, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from racing.keys import season_of
from sources.errors import UnreadableDocumentError
from sources.jolpica_documents import read_documents
from sources.jolpica_values import Fields, date, integer, number, provenance, text
from sources.responses import Response

_STANDING: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "round_id_jolpica": pl.Int32,
    "standing_order": pl.Int32,
    "position": pl.Int32,
    "position_text": pl.String,
    "points": pl.Float64,
    "wins_count": pl.Int32,
}
_PERSON: dict[str, Any] = {
    "season": pl.Int32,
    "driver_id_jolpica": pl.String,
    "driver_code": pl.String,
    "permanent_number": pl.String,
    "first_name": pl.String,
    "last_name": pl.String,
    "date_of_birth": pl.Date,
    "nationality": pl.String,
    "wikipedia_url": pl.String,
}
_TEAM: dict[str, Any] = {
    "season": pl.Int32,
    "constructor_id_jolpica": pl.String,
    "constructor_name": pl.String,
    "nationality": pl.String,
    "wikipedia_url": pl.String,
}
_PROVENANCE: dict[str, Any] = {"source_layer": pl.String, "response_sha256": pl.String}


def read_driver_standings(responses: Sequence[Response], weekend_key: str) -> pl.DataFrame:
    """Return the drivers' championship after a round. One row per driver, in the order of the standings.

    Args:
        responses: Pages of the document.
        weekend_key: Weekend of the round.

    Returns:
        Standings, with the driver and the constructors driven for, joined by ``|`` in order. The position
        is null where the driver is not ranked (no points, or excluded).

    Raises:
        UnreadableDocumentError: If a page is not such a document, or a row names no driver.
    """
    rows = [
        {
            **row,
            "driver_id_jolpica": _named(response, entry, "Driver", "driverId"),
            "first_name": text(entry, "Driver", "givenName"),
            "last_name": text(entry, "Driver", "familyName"),
            "constructor_ids_jolpica": "|".join(
                found for team in entry.get("Constructors", []) if (found := text(team, "constructorId"))
            )
            or None,
            **provenance(response),
        }
        for response, entry, row in _standings(responses, weekend_key, "DriverStandings")
    ]
    names = ("driver_id_jolpica", "first_name", "last_name", "constructor_ids_jolpica")
    return pl.DataFrame(rows, schema=_STANDING | dict.fromkeys(names, pl.String) | _PROVENANCE)


def read_constructor_standings(responses: Sequence[Response], weekend_key: str) -> pl.DataFrame:
    """Return the constructors' championship after a round. One row per constructor, in order.

    Args:
        responses: Pages of the document.
        weekend_key: Weekend of the round.

    Returns:
        Standings; none before 1958, when there was no such championship.

    Raises:
        UnreadableDocumentError: If a page is not such a document, or a row names no constructor.
    """
    rows = [
        {
            **row,
            "constructor_id_jolpica": _named(response, entry, "Constructor", "constructorId"),
            "constructor_name": text(entry, "Constructor", "name"),
            **provenance(response),
        }
        for response, entry, row in _standings(responses, weekend_key, "ConstructorStandings")
    ]
    names = ("constructor_id_jolpica", "constructor_name")
    return pl.DataFrame(rows, schema=_STANDING | dict.fromkeys(names, pl.String) | _PROVENANCE)


def read_drivers(responses: Sequence[Response], season: int) -> pl.DataFrame:
    """Return the drivers of a season. One row per driver.

    Args:
        responses: Pages of the document.
        season: Year.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = [
        {
            "season": season,
            "driver_id_jolpica": text(driver, "driverId"),
            "driver_code": text(driver, "code"),
            "permanent_number": text(driver, "permanentNumber"),
            "first_name": text(driver, "givenName"),
            "last_name": text(driver, "familyName"),
            "date_of_birth": date(driver, "dateOfBirth"),
            "nationality": text(driver, "nationality"),
            "wikipedia_url": text(driver, "url"),
            **provenance(response),
        }
        for response, driver in _listed(responses, "DriverTable", "Drivers")
    ]
    return pl.DataFrame(rows, schema=_PERSON | _PROVENANCE)


def read_constructors(responses: Sequence[Response], season: int) -> pl.DataFrame:
    """Return the constructors of a season. One row per constructor.

    Args:
        responses: Pages of the document.
        season: Year.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = [
        {
            "season": season,
            "constructor_id_jolpica": text(team, "constructorId"),
            "constructor_name": text(team, "name"),
            "nationality": text(team, "nationality"),
            "wikipedia_url": text(team, "url"),
            **provenance(response),
        }
        for response, team in _listed(responses, "ConstructorTable", "Constructors")
    ]
    return pl.DataFrame(rows, schema=_TEAM | _PROVENANCE)


def _standings(
    responses: Sequence[Response], weekend_key: str, name: str
) -> Iterator[tuple[Response, Fields, dict[str, Any]]]:
    order = 0
    for response, standings in _listed(responses, "StandingsTable", "StandingsLists"):
        for entry in standings.get(name, []):
            order += 1
            yield (
                response,
                entry,
                {
                    "season": season_of(weekend_key),
                    "weekend_key": weekend_key,
                    "round_id_jolpica": integer(standings, "round"),
                    "standing_order": order,
                    "position": integer(entry, "position"),
                    "position_text": text(entry, "positionText"),
                    "points": number(entry, "points"),
                    "wins_count": integer(entry, "wins"),
                },
            )


def _named(response: Response, entry: Fields, *path: str) -> str:
    found = text(entry, *path)
    if found is None:
        raise UnreadableDocumentError(
            f"{response.url}: a row of the standings without {path[-1]}. Fetch it again"
        )
    return found


def _listed(responses: Sequence[Response], table: str, name: str) -> Iterator[tuple[Response, Fields]]:
    for response, document in read_documents(responses):
        found = (document.get(table) or {}).get(name)
        if not isinstance(found, list):
            raise UnreadableDocumentError(f"{response.url}: no list of {name}. Fetch it again")
        for fields in found:
            yield response, fields
