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
_TYRE_COLUMNS = ("stint_number", "stint_lap_number", "compound", "tyre_age_laps", "is_new_set")

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
    """Return the place of the first lap of each run between passages of the pit lane.

    A run ends with the lap in which the car entered the pits. Where that was not recorded, the lap in which
    it left them begins one. A start from the pit lane does neither: the car left them in its first lap, and
    entered them, if at all, before.

    Args:
        pit_in: Time of entry in each lap of a car, in order; null where it did not enter.
        pit_out: Time of exit in each lap; null where it did not leave.
    """
    firsts = [0] if pit_in else []
    for lap in range(1, len(pit_in)):
        entered, left = pit_in[lap], pit_out[lap]
        left_first = left is not None and (entered is None or left < entered)
        before_in, before_out = pit_in[lap - 1], pit_out[lap - 1]
        is_start = lap == 1 and before_in is not None and before_out is not None and before_out > before_in
        if (before_in is not None and not is_start) or left_first:
            firsts.append(lap)
    return firsts


def _tyres_of_car(car: str, rows: _Columns, stints: list[FeedStint]) -> _Columns:
    firsts = runs_between_pits(rows["pit_in_session_time_ms"], rows["pit_out_session_time_ms"])
    tyres = _tyres_by_feed(rows, firsts, stints) if stints else _tyres_by_laps(rows, firsts)
    return {
        "car_number": [car] * len(rows["lap_number"]),
        "lap_number": rows["lap_number"],
        **tyres,
        "surface_class": [surface_class_of(compound) for compound in tyres["compound"]],
    }


def _tyres_by_feed(rows: _Columns, firsts: list[int], stints: list[FeedStint]) -> _Columns:
    """Return the tyres of a car's laps where the feed spoke of its stints."""
    numbers = rows["lap_number"]
    ends = [*firsts[1:], len(numbers)]
    # By number, not by row: a lap that the feed lost was driven all the same.
    lengths = [
        numbers[min(end, len(numbers) - 1)] - numbers[first] for first, end in zip(firsts, ends, strict=True)
    ]
    lengths[-1] += 1
    aligned = align_stints(lengths, _spans(rows, firsts, ends), stints)
    tyres: _Columns = {name: [] for name in _TYRE_COLUMNS}
    number, first_lap, fitted = 0, numbers[0], stints[0]
    for (stint, is_change), first, end in zip(aligned, firsts, ends, strict=True):
        if is_change:
            number, first_lap, fitted = number + 1, numbers[first], stint or fitted
        for lap in numbers[first:end]:
            within = lap - first_lap + 1
            age = None if fitted.age_at_start is None else fitted.age_at_start + within
            values = (number, within, fitted.compound, age, fitted.is_new_set)
            for name, value in zip(_TYRE_COLUMNS, values, strict=True):
                tyres[name].append(value)
    return tyres


def _spans(rows: _Columns, firsts: list[int], ends: list[int]) -> list[tuple[int | None, int | None]]:
    """Return when each run begins and ends: from the entry to the pits before it to its last lap's end."""
    entered = [rows["pit_in_session_time_ms"][first - 1] if first else None for first in firsts]
    started = [rows["lap_start_session_time_ms"][first] for first in firsts]
    ended = [rows["lap_end_session_time_ms"][end - 1] for end in ends]
    return [
        (start if entry is None else entry, end)
        for entry, start, end in zip(entered, started, ended, strict=True)
    ]


def _tyres_by_laps(rows: _Columns, firsts: list[int]) -> _Columns:
    """Return the tyres of a car's laps where only FastF1's compound and age are known.

    A passage of the pit lane is a change where the compound differs or the age does not go on. What is known
    of a later lap of a run holds for the earlier: a run is on one set.
    """
    compounds = _known_within_runs([compound_of(text) for text in rows["compound_text"]], firsts)
    ages, numbers = rows["tyre_age_laps"], rows["lap_number"]
    if all(compound == "UNKNOWN" for compound in compounds) and all(age is None for age in ages):
        nothing = [None] * len(compounds)
        return {**{name: list(nothing) for name in _TYRE_COLUMNS}, "compound": compounds}
    stints: list[int] = []
    first_laps: list[int] = []
    for place, lap in enumerate(numbers):
        is_change = place == 0 or (place in firsts and not _goes_on(compounds, ages, place))
        stints.append(is_change + (stints[-1] if stints else 0))
        first_laps.append(lap if is_change else first_laps[-1])
    return {
        "stint_number": stints,
        "stint_lap_number": [lap - first + 1 for lap, first in zip(numbers, first_laps, strict=True)],
        "compound": compounds,
        "tyre_age_laps": ages,
        "is_new_set": rows["is_new_set"],
    }


def _known_within_runs(compounds: list[str], firsts: list[int]) -> list[str]:
    filled: list[str] = []
    for first, end in zip(firsts, [*firsts[1:], len(compounds)], strict=True):
        run = compounds[first:end]
        known = next((compound for compound in run if compound != "UNKNOWN"), "UNKNOWN")
        filled += [known if compound == "UNKNOWN" else compound for compound in run]
    return filled


def _goes_on(compounds: list[str], ages: list[int | None], place: int) -> bool:
    before, age = ages[place - 1], ages[place]
    return (
        compounds[place] == compounds[place - 1] and before is not None and age is not None and age > before
    )
