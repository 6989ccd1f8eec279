"""Jolpica's documents of the invented round, at the bare address and as the first page of a hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sources.synthetic import jolpica_rows as rows_of
from sources.synthetic.jolpica_rows import Row
from sources.synthetic.official_result import qualifying_result, race_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import SessionRun

HOST = "https://api.jolpi.ca/ergast/f1"

_QUERIES = (("30", ""), ("100", "?limit=100&offset=0"))


@dataclass(frozen=True)
class Page:
    """One document: path below the season, name of its table and of the table's list, rows, and their total.

    The total counts what Jolpica counts: results, not races. ``paths`` are the spellings clients ask for.
    """

    paths: tuple[str, ...]
    table: str
    list_name: str
    rows: list[Row]
    total: int
    where: Row = field(default_factory=dict)


def jolpica_documents(
    options: WeekendOptions, qualifying: SessionRun, races: Mapping[str, SessionRun]
) -> Iterator[tuple[str, Row]]:
    """Yield (address below the season, document) of everything that Jolpica has of the weekend.

    It has nothing of practice and of sprint qualifying.

    Args:
        options: What was made.
        qualifying: Always run, for the grid; has a document only if it was asked for.
        races: Race (``R``) and sprint (``S``) that were asked for.
    """
    pages = [*_season_pages(options, qualifying), *_round_pages(options, qualifying, races)]
    for page in pages:
        for path in page.paths:
            for limit, query in _QUERIES:
                yield path + query, _document(options, page, path, limit)


def _season_pages(options: WeekendOptions, run: SessionRun) -> Iterator[Page]:
    drivers = sorted((rows_of.driver(entry) for entry in run.entries), key=lambda row: str(row["driverId"]))
    teams = {entry.team.constructor_id: rows_of.constructor(entry) for entry in run.entries}
    constructors = [teams[key] for key in sorted(teams)]
    yield Page(("races.json",), "RaceTable", "Races", [rows_of.calendar_row(options)], 1)
    yield Page(("drivers.json",), "DriverTable", "Drivers", list(drivers), len(drivers))
    yield Page(
        ("constructors.json",), "ConstructorTable", "Constructors", list(constructors), len(constructors)
    )


def _round_pages(
    options: WeekendOptions, qualifying: SessionRun, races: Mapping[str, SessionRun]
) -> Iterator[Page]:
    entries = {entry.number: entry for entry in qualifying.entries}
    if "Q" in options.sessions:
        rows = rows_of.qualifying_rows(qualifying_result(qualifying), entries)
        yield _race_page(options, "qualifying", {"QualifyingResults": rows}, len(rows))
    sprint = race_result(races["S"]) if "S" in races else ()
    if sprint:
        rows = rows_of.result_rows(sprint, entries)
        yield _race_page(options, "sprint", {"SprintResults": rows}, len(rows))
    if "R" not in races:
        return
    race, result = races["R"], race_result(races["R"])
    rows = rows_of.result_rows(result, entries)
    yield _race_page(options, "results", {"Results": rows}, len(rows))
    laps = rows_of.first_lap_rows(race)
    yield _race_page(options, "laps/1", {"Laps": [{"number": "1", "Timings": laps}]}, len(laps))
    points = {row.car_number: row.points for row in sprint}
    yield _standings_page(options, "DriverStandings", rows_of.driver_standings(result, entries, points))
    teams = rows_of.constructor_standings(result, entries, points)
    yield _standings_page(options, "ConstructorStandings", teams)


def _race_page(options: WeekendOptions, topic: str, fields: Row, total: int) -> Page:
    place = str(options.round_number)
    row = {**rows_of.race_head(options), **fields}
    return Page((f"{place}/{topic}.json",), "RaceTable", "Races", [row], total, {"round": place})


def _standings_page(options: WeekendOptions, name: str, rows: list[Row]) -> Page:
    """Return a page of standings under both spellings: the documented one and the one FastF1 asks for."""
    place = str(options.round_number)
    paths = (f"{place}/{name.lower()}.json", f"{place}/{name[0].lower()}{name[1:]}.json")
    listed = {"season": str(options.season), "round": place, name: rows}
    return Page(paths, "StandingsTable", "StandingsLists", [listed], len(rows), {"round": place})


def _document(options: WeekendOptions, page: Page, path: str, limit: str) -> Row:
    # The address is in lower case, so that both spellings are one file where file names ignore case.
    head = {"xmlns": "", "series": "f1", "url": f"{HOST}/{options.season}/{path}".lower()}
    counted = {"limit": limit, "offset": "0", "total": str(page.total)}
    table = {"season": str(options.season), **page.where, page.list_name: page.rows}
    return {"MRData": {**head, **counted, page.table: table}}
