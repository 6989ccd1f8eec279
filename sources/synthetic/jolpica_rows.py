"""Rows of Jolpica's documents: drivers, teams, races, results, standings, first laps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sources.synthetic import names
from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.field import Entry
from sources.synthetic.official_result import QualifyingResult, RaceResult
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import SessionRun
from sources.synthetic.timetable import session_start, slot_of, timetable

Row = dict[str, Any]


def race_head(options: WeekendOptions) -> Row:
    """Return the race as every document of the round names it: with UTC's date and time of the start."""
    start = session_start(options, slot_of(options, "R"))
    return {
        "season": str(options.season),
        "round": str(options.round_number),
        "url": f"{names.WEB}{quote(names.EVENT_NAME)}",
        "raceName": names.EVENT_NAME,
        "Circuit": {
            "circuitId": names.CIRCUIT_ID,
            "url": f"{names.WEB}{quote(names.CIRCUIT_NAME)}",
            "circuitName": names.CIRCUIT_NAME,
            "Location": {
                "lat": names.LATITUDE,
                "long": names.LONGITUDE,
                "locality": names.LOCATION,
                "country": names.COUNTRY,
            },
        },
        "date": str(start.date()),
        "time": f"{start:%H:%M:%SZ}",
    }


def calendar_row(options: WeekendOptions) -> Row:
    """Return the race with the dates of all sessions, as the calendar has it."""
    held = {
        slot.jolpica: {
            "date": str(session_start(options, slot).date()),
            "time": f"{session_start(options, slot):%H:%M:%SZ}",
        }
        for slot in timetable(options)
        if slot.jolpica is not None
    }
    return {**race_head(options), **held}


def qualifying_rows(rows: tuple[QualifyingResult, ...], entries: dict[str, Entry]) -> list[Row]:
    """Return the rows of the qualifying document; a part without a time has no key, but Q1 is empty."""
    result = []
    for row in rows:
        times = {f"Q{i}": lap_time_text(ms) for i, ms in enumerate(row.best_ms, start=1) if ms is not None}
        if "Q1" not in times:
            times = {"Q1": "", **times}
        entry = entries[row.car_number]
        head = {"number": row.car_number, "position": str(row.position)}
        result.append({**head, "Driver": driver(entry), "Constructor": constructor(entry), **times})
    return result


def result_rows(rows: tuple[RaceResult, ...], entries: dict[str, Entry]) -> list[Row]:
    """Return the rows of the results document, of a race or a sprint."""
    winner_ms = rows[0].total_ms or 0
    timed = [row.fastest_lap for row in rows if row.fastest_lap is not None]
    ranks = {lap.car_number: i for i, lap in enumerate(sorted(timed, key=lambda lap: lap.lap_ms), start=1)}
    result = []
    for row in rows:
        entry = entries[row.car_number]
        body: Row = {
            "number": row.car_number,
            "position": str(row.position),
            "positionText": row.position_text,
            "points": str(row.points),
            "Driver": driver(entry),
            "Constructor": constructor(entry),
            "grid": str(row.grid),
            "laps": str(row.laps),
            "status": row.status,
        }
        if row.total_ms is not None:
            body["Time"] = {"millis": str(row.total_ms), "time": total_text(row.total_ms, winner_ms)}
        if row.fastest_lap is not None:
            body["FastestLap"] = {
                "rank": str(ranks[row.car_number]),
                "lap": str(row.fastest_lap.lap_number),
                "Time": {"time": lap_time_text(row.fastest_lap.lap_ms)},
            }
        result.append(body)
    return result


def driver_standings(
    rows: tuple[RaceResult, ...], entries: dict[str, Entry], sprint_points: Mapping[str, int]
) -> list[Row]:
    """Return the drivers' standings after the round, which is the season's only one.

    Args:
        rows: The race's result.
        entries: Entries by car number.
        sprint_points: Points of the sprint by car number; empty where there was none.
    """
    points = {row.car_number: row.points + sprint_points.get(row.car_number, 0) for row in rows}
    ordered = sorted(rows, key=lambda row: (-points[row.car_number], row.position))
    return [
        {
            **_standing(i, points[row.car_number], int(row.position == 1)),
            "Driver": driver(entries[row.car_number]),
            "Constructors": [constructor(entries[row.car_number])],
        }
        for i, row in enumerate(ordered, start=1)
    ]


def constructor_standings(
    rows: tuple[RaceResult, ...], entries: dict[str, Entry], sprint_points: Mapping[str, int]
) -> list[Row]:
    """Return the constructors' standings after the round, which is the season's only one; see above."""
    points: dict[str, int] = {}
    heads: dict[str, Row] = {}
    wins: dict[str, int] = {}
    for row in rows:
        head = constructor(entries[row.car_number])
        key = head["constructorId"]
        heads.setdefault(key, head)
        points[key] = points.get(key, 0) + row.points + sprint_points.get(row.car_number, 0)
        wins[key] = wins.get(key, 0) + (row.position == 1)
    ordered = sorted(points, key=lambda key: (-points[key], list(points).index(key)))
    return [
        {**_standing(i, points[key], wins[key]), "Constructor": heads[key]}
        for i, key in enumerate(ordered, start=1)
    ]


def first_lap_rows(run: SessionRun) -> list[Row]:
    """Return the times of lap 1, which the feed does not send; in order of the line."""
    laps = sorted((laps[0] for laps in run.laps.values() if laps), key=lambda lap: lap.end_ms)
    return [
        {
            "driverId": run.entry(lap.car_number).driver_id,
            "time": lap_time_text(lap.lap_ms),
            "position": str(i),
        }
        for i, lap in enumerate(laps, start=1)
    ]


def driver(entry: Entry) -> dict[str, str]:
    """Return a driver as every document has them."""
    return {
        "driverId": entry.driver_id,
        "permanentNumber": entry.number,
        "code": entry.driver.code,
        "url": f"{names.WEB}{quote(entry.driver.given_name)}_{quote(entry.driver.family_name)}",
        "givenName": entry.driver.given_name,
        "familyName": entry.driver.family_name,
        "dateOfBirth": entry.driver.born,
        "nationality": entry.driver.nationality,
    }


def constructor(entry: Entry) -> dict[str, str]:
    """Return a team as every document has it."""
    return {
        "constructorId": entry.team.constructor_id,
        "url": f"{names.WEB}{quote(entry.team.long_name)}",
        "name": entry.team.long_name,
        "nationality": entry.team.nationality,
    }


def total_text(total_ms: int, winner_ms: int) -> str:
    """Return a race time: the winner's in full (``1:37:15.735``), another's as what it is behind."""
    shown = total_ms if total_ms == winner_ms else total_ms - winner_ms
    minutes, rest = divmod(shown, 60_000)
    seconds = f"{rest // 1000}.{rest % 1000:03d}"
    if total_ms == winner_ms:
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds.zfill(6)}"
    sign = "" if shown < 0 else "+"
    return f"{sign}{seconds}" if minutes == 0 else f"{sign}{minutes}:{seconds.zfill(6)}"


def _standing(position: int, points: int, wins: int) -> dict[str, str]:
    text = str(position)
    return {"position": text, "positionText": text, "points": str(points), "wins": str(wins)}
