"""Which sets of tyres a car used over a weekend: stints of one compound joined by the age of the set.

The feed numbers no sets. It does say of each stint whether its set was new and how many laps it had, so a
used set is recognised by its compound and its age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from racing.keys import code_of, season_of

TYRE_SET_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "car_number": pl.String,
    "tyre_set_number": pl.Int32,
    "driver_key": pl.String,
    "compound": pl.String,
    "compound_grade": pl.String,
    "is_new_set": pl.Boolean,
    "first_session_key": pl.String,
    "last_session_key": pl.String,
    "stints": pl.String,
    "stints_count": pl.Int32,
    "laps_count": pl.Int32,
    "tyre_age_start_laps": pl.Int32,
    "tyre_age_end_laps": pl.Int32,
}
"""Columns of curated.tyre_sets."""

_UNKNOWN = "UNKNOWN"
Row = Mapping[str, Any]


@dataclass
class _TyreSet:
    """One set while the weekend is gone through."""

    first: Row
    last: Row
    stints: list[str]
    laps_count: int
    last_used: int

    @property
    def age_laps(self) -> int | None:
        """Laps on the set at the end of its last stint; null where unknown."""
        age = self.last["tyre_age_end_laps"]
        return None if age is None else int(age)


def list_tyre_sets(stints: pl.DataFrame, sessions: pl.DataFrame, *, weekend_key: str) -> pl.DataFrame:
    """Return the sets of tyres that each car used in a weekend, in order of first use.

    Args:
        stints: ``curated.stints`` of the weekend.
        sessions: ``curated.sessions`` of the weekend: session_key and session_number.
        weekend_key: The weekend.

    Returns:
        One row per car and set; columns of ``TYRE_SET_SCHEMA``. A stint on used tyres belongs to the set of
        that compound last seen at that age; where there is none, the set was used before in a session that
        is not here. Stints on an unknown compound are sets of their own.

    Source: docs/glossary.md#tyre-set.
    """
    order = sessions.select("session_key", "session_number")
    ordered = stints.join(order, on="session_key", how="left", maintain_order="left").sort(
        "session_number", "session_key", "stint_number", nulls_last=True
    )
    rows: list[dict[str, Any]] = []
    for (car_number,), own in ordered.group_by("car_number", maintain_order=True):
        for number, used in enumerate(_sets_of(own.iter_rows(named=True)), start=1):
            rows.append({"car_number": car_number, "tyre_set_number": number, **_described(used)})
    frame = pl.DataFrame(
        [{"season": season_of(weekend_key), "weekend_key": weekend_key, **row} for row in rows],
        schema=TYRE_SET_SCHEMA,
    )
    return frame.sort("car_number", "tyre_set_number")


def _sets_of(stints: Iterable[Row]) -> list[_TyreSet]:
    sets: list[_TyreSet] = []
    for place, stint in enumerate(stints):
        name = f"{code_of(stint['session_key'])} {stint['stint_number']}"
        known = _used_before(stint, sets)
        if known is None:
            sets.append(_TyreSet(stint, stint, [name], stint["laps_count"], place))
            continue
        known.last, known.last_used = stint, place
        known.stints.append(name)
        known.laps_count += stint["laps_count"]
    return sets


def _used_before(stint: Row, sets: list[_TyreSet]) -> _TyreSet | None:
    """Return the set that a stint was driven on, if it has been seen; the one used last where two fit."""
    start = stint["tyre_age_start_laps"]
    if stint["is_new_set"] or start is None or start <= 1 or stint["compound"] == _UNKNOWN:
        return None
    fitting = (one for one in sets if one.last["compound"] == stint["compound"] and one.age_laps == start - 1)
    return max(fitting, key=lambda one: one.last_used, default=None)


def _described(used: _TyreSet) -> dict[str, Any]:
    first, last = used.first, used.last
    return {
        "driver_key": first["driver_key"],
        "compound": first["compound"],
        "compound_grade": first["compound_grade"],
        "is_new_set": first["is_new_set"],
        "first_session_key": first["session_key"],
        "last_session_key": last["session_key"],
        "stints": ", ".join(used.stints),
        "stints_count": len(used.stints),
        "laps_count": used.laps_count,
        "tyre_age_start_laps": first["tyre_age_start_laps"],
        "tyre_age_end_laps": last["tyre_age_end_laps"],
    }
