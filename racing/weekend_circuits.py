"""Where a weekend is held: the circuit of Jolpica's round, unless F1 announces another place."""

from __future__ import annotations

from typing import Any

from racing.places import Place, folded, folded_country, is_elsewhere, slug

CIRCUIT_COLUMNS = (
    "circuit_key",
    "circuit_name",
    "circuit_country",
    "circuit_locality",
    "latitude_deg",
    "longitude_deg",
)
"""Columns of ``curated.weekends`` that say where it is held."""

_Row = dict[str, Any]


def circuit_of_round(row: _Row) -> _Row:
    """Return the circuit columns from a row of ``processed.jolpica__calendar``."""
    return {
        "circuit_key": row["circuit_id_jolpica"],
        "circuit_name": row["circuit_name"],
        "circuit_country": row["country"],
        "circuit_locality": row["locality"],
        "latitude_deg": row["latitude_deg"],
        "longitude_deg": row["longitude_deg"],
    }


def announced_circuit(event: _Row) -> _Row:
    """Return what the F1 calendar says of the circuit: no more than the town.

    The event's country stays out: an event can be named for another country than it is held in.
    """
    key = slug(event["location"] or event["event_name"])
    return {**dict.fromkeys(CIRCUIT_COLUMNS), "circuit_key": key, "circuit_locality": event["location"]}


def is_held_elsewhere(event: _Row, row: _Row | None) -> bool:
    """Return whether the F1 calendar places an event where the circuit of Jolpica's round cannot be.

    Args:
        event: The event in ``processed.f1schedule__sessions``.
        row: Its round in ``processed.jolpica__calendar``; null where it has none.

    Source: docs/glossary.md#circuit.
    """
    if row is None:
        return False
    announced = Place(event["country"], event["location"], event["event_name"])
    circuit = Place(row["country"], row["locality"], row["race_name"], row["circuit_name"])
    return is_elsewhere(announced, event["gmt_offset"], circuit, row["longitude_deg"])


def circuit_of_test(event: _Row, weekends: list[_Row], rounds: list[_Row]) -> _Row:
    """Return where a pre-season test is held.

    That is the circuit of the season's weekends announced in the same town, else the only circuit that
    Jolpica has in the country, else the town itself.

    Args:
        event: The test in ``processed.f1schedule__sessions``.
        weekends: The season's race weekends.
        rounds: ``processed.jolpica__calendar`` of the season.
    """
    town, country = folded(event["location"]), folded_country(event["country"])
    in_town = [
        {name: row[name] for name in CIRCUIT_COLUMNS} for row in weekends if folded(row["location"]) == town
    ]
    in_country = [circuit_of_round(row) for row in rounds if folded_country(row["country"]) == country]
    for circuits in (in_town, in_country):
        if len({circuit["circuit_key"] for circuit in circuits}) == 1:
            return circuits[0]
    return announced_circuit(event)
