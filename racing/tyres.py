"""Which set of tyres a car ran on in which lap: stints by change of set, not by passage of the pit lane.

The feed counts a stint for every passage of the pit lane, sometimes one too many or too few, and says
whether the tyres were changed. The laps say where the passages were. ``racing/feed_stints.py`` brings the
two together; this module turns the result into columns of the laps.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.feed_stints import FeedStint, align_stints

COMPOUNDS = frozenset(
    {
        "SOFT",
        "MEDIUM",
        "HARD",
        "INTERMEDIATE",
        "WET",
        "HYPERSOFT",
        "ULTRASOFT",
        "SUPERSOFT",
        "SUPERHARD",
        "TEST",
        "UNKNOWN",
    }
)
"""Closed list of compounds; the contract is in ``lake/tables/columns.py``."""

_SURFACES = {"INTERMEDIATE": "INTERMEDIATE", "WET": "WET", "UNKNOWN": "UNKNOWN", "TEST": "UNKNOWN"}

TYRE_SCHEMA: dict[str, Any] = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "stint_number": pl.Int32,
    "stint_lap_number": pl.Int32,
    "compound": pl.String,
    "tyre_age_laps": pl.Int32,
    "is_new_set": pl.Boolean,
    "surface_class": pl.String,
}
"""Columns of the result."""


def compound_of(text: str | None) -> str:
    """Return the compound for the feed's spelling; UNKNOWN where it never sent one."""
    plain = (text or "").strip().upper()
    if plain.startswith("TEST"):
        return "TEST"
    return plain if plain in COMPOUNDS else "UNKNOWN"


def surface_class_of(compound: str) -> str:
    """Return SLICK, INTERMEDIATE, WET or UNKNOWN for a compound."""
    return _SURFACES.get(compound, "SLICK")


def tyres_by_lap(laps: pl.DataFrame, tyre_stints: pl.DataFrame) -> pl.DataFrame:
    """Return the tyres of each lap.

    Args:
        laps: ``processed.fastf1__laps`` of one session.
        tyre_stints: ``processed.fastf1__tyre_stints`` of the session; where it has nothing of a car, the
            compound and age that FastF1 gave its laps decide.

    Returns:
        One row per car and lap: stint and lap within it counted from 1, compound, age of the set at the end
        of the lap (the first lap of a new set is 1), whether the set was new, surface class. The stint is
        null where nothing says which.

    Source: docs/glossary.md#stint.
    """
    stints_of = {
        car: [_feed_stint(row) for row in group.sort("feed_stint_number").to_dicts()]
        for (car,), group in tyre_stints.group_by("car_number")
    }
    parts = []
    for (car,), group in laps.sort("car_number", "lap_number").group_by("car_number", maintain_order=True):
        rows = group.select(_LAP_COLUMNS).to_dict(as_series=False)
        parts.append(_tyres_of_car(str(car), rows, stints_of.get(car, [])))
    columns = {name: [value for part in parts for value in part[name]] for name in TYRE_SCHEMA}
    return pl.DataFrame(columns, schema=TYRE_SCHEMA)


_LAP_COLUMNS = (
    "lap_number",
    "pit_in_session_time_ms",
    "pit_out_session_time_ms",
    "lap_start_session_time_ms",
    "lap_end_session_time_ms",
    "compound_text",
    "tyre_age_laps",
    "is_new_set",
)

_Columns = dict[str, list[Any]]


def _feed_stint(row: dict[str, Any]) -> FeedStint:
    start, end = row["age_at_start_laps"], row["age_at_end_laps"]
    return FeedStint(
        compound=compound_of(row["compound_text"]),
        is_new_set=row["is_new_set"],
        is_unchanged=row["is_tyre_unchanged"],
        age_at_start=start,
        laps_count=None if start is None or end is None else end - start,
        first_heard_ms=row["first_session_time_ms"],
    )


def runs_between_pits(pit_in: list[Any], pit_out: list[Any]) -> list[int]:
    """Return the length of each run of laps between passages of the pit lane.

    A run ends with the lap in which the car entered the pits. Where that was not recorded, the lap in which
    it left them begins one; leaving them in the first lap (a start from the pit lane) does not.
    """
    lengths: list[int] = []
    for place, left in enumerate(pit_out):
        begins = place == 0 or pit_in[place - 1] is not None or (left is not None and pit_in[place] is None)
        if place and left is not None and pit_in[place] is not None:
            begins = begins or left < pit_in[place]
        if begins:
            lengths.append(0)
        lengths[-1] += 1
    return lengths


def _tyres_of_car(car: str, rows: _Columns, stints: list[FeedStint]) -> _Columns:
    count = len(rows["lap_number"])
    lengths = runs_between_pits(rows["pit_in_session_time_ms"], rows["pit_out_session_time_ms"])
    tyres = _tyres_by_feed(rows, lengths, stints) if stints else _tyres_by_laps(rows, lengths)
    compounds = tyres["compound"]
    return {
        "car_number": [car] * count,
        "lap_number": rows["lap_number"],
        **tyres,
        "surface_class": [surface_class_of(compound) for compound in compounds],
    }


def _tyres_by_feed(rows: _Columns, lengths: list[int], stints: list[FeedStint]) -> _Columns:
    """Return the tyres of a car's laps where the feed spoke of its stints."""
    tyres: _Columns = {name: [] for name in _TYRE_COLUMNS}
    number, fitted, lap_of_stint = 0, stints[0], 0
    for length, (stint, is_change) in zip(
        lengths, align_stints(lengths, _starts(rows, lengths), stints), strict=True
    ):
        if is_change:
            number, fitted, lap_of_stint = number + 1, stint or fitted, 0
        for _ in range(length):
            lap_of_stint += 1
            age = None if fitted.age_at_start is None else fitted.age_at_start + lap_of_stint
            for name, value in zip(
                _TYRE_COLUMNS, (number, lap_of_stint, fitted.compound, age, fitted.is_new_set), strict=True
            ):
                tyres[name].append(value)
    return tyres


_TYRE_COLUMNS = ("stint_number", "stint_lap_number", "compound", "tyre_age_laps", "is_new_set")


def _starts(rows: _Columns, lengths: list[int]) -> list[tuple[int | None, int | None]]:
    """Return when each run begins and ends: from the entry to the pits before it to its last lap's end."""
    starts: list[tuple[int | None, int | None]] = []
    first = 0
    for length in lengths:
        entered = rows["pit_in_session_time_ms"][first - 1] if first else None
        begins = entered if entered is not None else rows["lap_start_session_time_ms"][first]
        starts.append((begins, rows["lap_end_session_time_ms"][first + length - 1]))
        first += length
    return starts


def _tyres_by_laps(rows: _Columns, lengths: list[int]) -> _Columns:
    """Return the tyres of a car's laps where only FastF1's compound and age are known.

    A passage of the pit lane is a change where the compound differs or the age does not go on by one.
    """
    compounds = [compound_of(text) for text in rows["compound_text"]]
    ages = rows["tyre_age_laps"]
    if all(compound == "UNKNOWN" for compound in compounds) and all(age is None for age in ages):
        nothing = [None] * len(compounds)
        return {**{name: list(nothing) for name in _TYRE_COLUMNS}, "compound": compounds}
    tyres: _Columns = {"compound": compounds, "tyre_age_laps": ages, "is_new_set": rows["is_new_set"]}
    numbers: list[int] = []
    firsts = {sum(lengths[:place]) for place in range(len(lengths))}
    for lap in range(len(compounds)):
        is_change = lap == 0 or (lap in firsts and not _goes_on(compounds, ages, lap))
        numbers.append(is_change + (numbers[-1] if numbers else 0))
    within = [lap - numbers.index(number) + 1 for lap, number in enumerate(numbers)]
    return {"stint_number": numbers, "stint_lap_number": within, **tyres}


def _goes_on(compounds: list[str], ages: list[int | None], lap: int) -> bool:
    before, age = ages[lap - 1], ages[lap]
    return (
        compounds[lap] == compounds[lap - 1] and before is not None and age is not None and age >= before + 1
    )
