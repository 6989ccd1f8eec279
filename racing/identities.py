"""Who sat in which car in a session, and what says so.

The official result of the session names its drivers by car number. A session without one (practice, sprint
qualifying, a result not out yet) borrows from the other results of the weekend, and a driver whom no result
names keeps the feed's own reference until one does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from racing.keys import code_of, driver_key, season_of, weekend_of
from racing.places import folded, slug
from racing.team_names import match_teams

IDENTITY_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "driver_key": pl.String,
    "is_provisional": pl.Boolean,
    "evidence": pl.String,
    "driver_code": pl.String,
    "driver_id_jolpica": pl.String,
    "driver_reference": pl.String,
    "full_name": pl.String,
    "first_name": pl.String,
    "last_name": pl.String,
    "nationality": pl.String,
    "date_of_birth": pl.Date,
    "team_key": pl.String,
    "team_name": pl.String,
    "constructor_id_jolpica": pl.String,
    "team_colour": pl.String,
}
"""Columns of the result; the contract is ``curated.driver_identities``."""

_OWN_RESULT = {"R": "results", "S": "sprint_results", "Q": "qualifying_results"}

NO_CAR_NUMBER = "-"
"""Car number of an entry that the official result names without one: entries withdrawn in the 1960s."""

_NO_ENTRY = {"car_number": None, "constructor_id_jolpica": None, "constructor_name": None}

_Row = dict[str, Any]
_Found = tuple[str, list[_Row]]


@dataclass
class _Documents:
    """Entries of the weekend's results: of the session itself, and of the other sessions."""

    own: list[_Row]
    others: list[_Row]
    named: set[str] = field(default_factory=set)


def resolve_drivers(  # noqa: PLR0913 - one argument per table that is read
    session_drivers: pl.DataFrame,
    laps: pl.DataFrame,
    results: pl.DataFrame,
    sprint_results: pl.DataFrame,
    qualifying_results: pl.DataFrame,
    *,
    session_key: str,
    season_drivers: pl.DataFrame | None = None,
    season_constructors: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return who sat in which car in one session.

    Args:
        session_drivers: ``processed.fastf1__session_drivers`` of the session; may be empty.
        laps: ``processed.fastf1__laps`` of the session; its car numbers stand in for a missing list.
        results: ``processed.jolpica__results`` of the weekend.
        sprint_results: ``processed.jolpica__sprint_results`` of the weekend.
        qualifying_results: ``processed.jolpica__qualifying_results`` of the weekend.
        session_key: The session.
        season_drivers: Jolpica's list of the season's drivers, where it was read; names drivers of a weekend
            whose results are not out.
        season_constructors: Jolpica's list of the season's constructors, likewise; names their teams.

    Returns:
        One row per car and driver. A car that two drivers shared (to 1978) has two rows. An entry that the
        official result names without a car number has the number ``NO_CAR_NUMBER``.

    Source: docs/glossary.md#driver.
    """
    by_name = {"results": results, "sprint_results": sprint_results, "qualifying_results": qualifying_results}
    own_name = _OWN_RESULT.get(code_of(session_key))
    documents = _Documents(
        own=by_name[own_name].to_dicts() if own_name else [],
        others=[row for name, frame in by_name.items() if name != own_name for row in frame.to_dicts()],
    )
    if season_drivers is not None:
        documents.others += [{**_NO_ENTRY, **row} for row in season_drivers.to_dicts()]
    cars = _cars(session_drivers, laps)
    resolved = _resolve(cars, documents)
    teams = {
        folded(car.get("team_name")): entry["constructor_id_jolpica"]
        for car, _, entry in resolved
        if entry is not None and car.get("team_name") and entry["constructor_id_jolpica"]
    }
    teams = _teams_of_season(cars, season_constructors) | teams
    rows = [_identity(session_key, car, evidence, entry, teams) for car, evidence, entry in resolved]
    identities = pl.DataFrame(rows, schema=IDENTITY_SCHEMA, orient="row")
    return identities.unique(["car_number", "driver_key"], keep="first", maintain_order=True).sort(
        "car_number"
    )


def _teams_of_season(cars: list[_Row], constructors: pl.DataFrame | None) -> dict[str, str]:
    """Return the constructor of each team of the session that the season's list tells, by folded name."""
    if constructors is None:
        return {}
    names = dict(constructors.select("constructor_id_jolpica", "constructor_name").iter_rows())
    matched = match_teams([car["team_name"] for car in cars if car.get("team_name")], names)
    return {folded(team): constructor for team, constructor in matched.items()}


def _cars(session_drivers: pl.DataFrame, laps: pl.DataFrame) -> list[_Row]:
    cars = session_drivers.to_dicts()
    listed = {car["car_number"] for car in cars}
    timed = laps["car_number"].unique(maintain_order=True).to_list()
    return cars + [{"car_number": number} for number in timed if number not in listed]


def _resolve(cars: list[_Row], documents: _Documents) -> list[tuple[_Row, str, _Row | None]]:
    """Return (car, evidence, entry) of each car and driver, and of each entry that no car stands for."""
    resolved: list[tuple[_Row, str, _Row | None]] = []
    rest = []
    for car in cars:
        entries = [entry for entry in documents.own if _has_number(car, entry) and not _is_other(car, entry)]
        documents.named |= {entry["driver_id_jolpica"] for entry in entries}
        resolved += [(car, "result_number", entry) for entry in entries]
        if not entries:
            rest.append(car)
    for car in rest:
        evidence, entries = _find_elsewhere(car, documents)
        documents.named |= {entry["driver_id_jolpica"] for entry in entries}
        resolved += [(car, evidence, entry) for entry in entries] or [(car, evidence, None)]
    unseen = [entry for entry in documents.own if entry["driver_id_jolpica"] not in documents.named]
    return resolved + [
        ({"car_number": entry["car_number"] or NO_CAR_NUMBER}, "result_number", entry) for entry in unseen
    ]


def _find_elsewhere(car: _Row, documents: _Documents) -> _Found:
    """Return what names the driver of a car that the session's own result has not under its number."""
    own = [entry for entry in documents.own if entry["driver_id_jolpica"] not in documents.named]
    others = [entry for entry in documents.others if entry["driver_id_jolpica"] not in documents.named]
    is_anonymous = not car.get("driver_code") and not car.get("last_name")
    searches = (
        ("result_code", [entry for entry in own if _has_code(car, entry) or _has_name(car, entry)]),
        ("season_code", [entry for entry in others if _has_code(car, entry)]),
        ("season_name", [entry for entry in others if _has_name(car, entry)]),
        ("weekend_number", [entry for entry in others if is_anonymous and _has_number(car, entry)]),
    )
    for evidence, entries in searches:
        drivers = {entry["driver_id_jolpica"]: entry for entry in entries}
        if len(drivers) == 1:
            return evidence, list(drivers.values())
    return ("feed_reference" if car.get("driver_reference") else "number_only"), []


def _has_number(car: _Row, entry: _Row) -> bool:
    return bool(car["car_number"] == entry["car_number"])


def _has_code(car: _Row, entry: _Row) -> bool:
    return bool(car.get("driver_code")) and car["driver_code"] == entry["driver_code"]


def _has_name(car: _Row, entry: _Row) -> bool:
    last_name = folded(car.get("last_name"))
    if not last_name or last_name != folded(entry["last_name"]):
        return False
    first_names = set(folded(car.get("first_name")).split())
    return not first_names or bool(first_names & set(folded(entry["first_name"]).split()))


def _is_other(car: _Row, entry: _Row) -> bool:
    """Return whether the feed names somebody else in the car: both code and name are known and differ."""
    has_code = bool(car.get("driver_code")) and bool(entry["driver_code"])
    has_name = bool(folded(car.get("last_name"))) and bool(folded(entry["last_name"]))
    return has_code and has_name and not _has_code(car, entry) and not _has_name(car, entry)


def _identity(session_key: str, car: _Row, evidence: str, entry: _Row | None, teams: dict[str, str]) -> _Row:
    known = entry or {}
    driver_id = known.get("driver_id_jolpica")
    season = season_of(session_key)
    first_name = known.get("first_name") or car.get("first_name")
    last_name = known.get("last_name") or car.get("last_name")
    joined = " ".join(name for name in (first_name, last_name) if name)
    team_name = car.get("team_name") or known.get("constructor_name")
    constructor = known.get("constructor_id_jolpica") or teams.get(folded(car.get("team_name")))
    return {
        "season": season,
        "weekend_key": weekend_of(session_key),
        "session_key": session_key,
        "car_number": car["car_number"],
        "driver_key": driver_key(driver_id, car.get("driver_reference"), season, car["car_number"]),
        "is_provisional": evidence == "number_only",
        "evidence": evidence,
        "driver_code": car.get("driver_code") or known.get("driver_code"),
        "driver_id_jolpica": driver_id,
        "driver_reference": car.get("driver_reference"),
        "full_name": joined or car.get("full_name"),
        "first_name": first_name,
        "last_name": last_name,
        "nationality": known.get("nationality"),
        "date_of_birth": known.get("date_of_birth"),
        "team_key": constructor or (slug(team_name) if team_name else None),
        "team_name": team_name,
        "constructor_id_jolpica": constructor,
        "team_colour": car.get("team_colour"),
    }
