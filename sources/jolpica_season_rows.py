"""Jolpica's standings, drivers and constructors as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from sources.errors import UnreadableDocumentError
from sources.jolpica_documents import read_documents
from sources.jolpica_values import Fields, date, integer, number, text
from sources.responses import Response

_STANDING: dict[str, Any] = {
    "season": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "standing_order": pl.Int32,
    "position": pl.Int32,
    "position_text": pl.String,
    "points": pl.Float64,
    "win_count": pl.Int32,
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


def read_driver_standings(responses: Sequence[Response]) -> pl.DataFrame:
    """Return the drivers' championship after a round. One row per driver, in the order of the standings.

    Args:
        responses: Pages of the document.

    Returns:
        Standings, with the driver and the constructors driven for, joined by ``|`` in order.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = [
        {
            **row,
            "driver_id_jolpica": text(entry, "Driver", "driverId"),
            "constructor_ids_jolpica": "|".join(
                found for team in entry.get("Constructors", []) if (found := text(team, "constructorId"))
            )
            or None,
            **_provenance(response),
        }
        for response, entry, row in _standings(responses, "DriverStandings")
    ]
    names = {"driver_id_jolpica": pl.String, "constructor_ids_jolpica": pl.String}
    return pl.DataFrame(rows, schema=_STANDING | names | _PROVENANCE)


def read_constructor_standings(responses: Sequence[Response]) -> pl.DataFrame:
    """Return the constructors' championship after a round. One row per constructor, in order.

    Args:
        responses: Pages of the document.

    Raises:
        UnreadableDocumentError: If a page is not such a document.
    """
    rows = [
        {
            **row,
            "constructor_id_jolpica": text(entry, "Constructor", "constructorId"),
            **_provenance(response),
        }
        for response, entry, row in _standings(responses, "ConstructorStandings")
    ]
    return pl.DataFrame(rows, schema=_STANDING | {"constructor_id_jolpica": pl.String} | _PROVENANCE)


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
            **_provenance(response),
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
            **_provenance(response),
        }
        for response, team in _listed(responses, "ConstructorTable", "Constructors")
    ]
    return pl.DataFrame(rows, schema=_TEAM | _PROVENANCE)


def _standings(responses: Sequence[Response], name: str) -> Iterator[tuple[Response, Fields, dict[str, Any]]]:
    order = 0
    for response, standings in _listed(responses, "StandingsTable", "StandingsLists"):
        for entry in standings.get(name, []):
            order += 1
            yield (
                response,
                entry,
                {
                    "season": integer(standings, "season"),
                    "round_id_jolpica": integer(standings, "round"),
                    "standing_order": order,
                    "position": integer(entry, "position"),
                    "position_text": text(entry, "positionText"),
                    "points": number(entry, "points"),
                    "win_count": integer(entry, "wins"),
                },
            )


def _listed(responses: Sequence[Response], table: str, name: str) -> Iterator[tuple[Response, Fields]]:
    for response, document in read_documents(responses):
        found = (document.get(table) or {}).get(name)
        if not isinstance(found, list):
            raise UnreadableDocumentError(f"{response.url}: no list of {name}. Fetch it again")
        for fields in found:
            yield response, fields


def _provenance(response: Response) -> dict[str, str]:
    return {"source_layer": response.layer_kind, "response_sha256": response.sha256}
