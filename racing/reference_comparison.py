"""Compares our results with a reference work (f1db, the Ergast tables), entry by entry and value by value.

The reference comes in our own columns; reading it is the caller's. What explains a difference is
``racing/reference_rules.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from racing.discrepancy_rules import (
    DISCREPANCY_SCHEMA,
    Discrepancy,
    Explanation,
    discrepancy_rows,
    unexplained,
)
from racing.keys import RACE_CODES, code_of
from racing.official_status import outcome_of, status_class
from racing.reference_rules import NO_WITNESS, Case, Row, explain

REFERENCE_SCHEMA: dict[str, pl.DataType] = {
    "session_key": pl.String(),
    "car_number": pl.String(),
    "result_order": pl.Int32(),
    "position_text": pl.String(),
    "status_text": pl.String(),
    "laps_completed": pl.Int32(),
    "points": pl.Float64(),
    "grid_position": pl.Int32(),
    "race_time_ms": pl.Int64(),
    "penalty_ms": pl.Int64(),
    "q1_ms": pl.Int64(),
    "q2_ms": pl.Int64(),
    "q3_ms": pl.Int64(),
}
"""Columns of a reference; null where it does not state the value. grid_position 0 is the pit lane."""

_RACE_MEASURES = (
    "position",
    "result_order",
    "laps_completed",
    "points",
    "grid_position",
    "race_time_ms",
    "status_class",
)
_LAST = 99
_QUALIFYING_MEASURES = ("position", "q1_ms", "q2_ms", "q3_ms")


def compare_results(
    ours: pl.DataFrame,
    reference: pl.DataFrame,
    reference_source: str,
    *,
    witness: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the differences between our results and a reference work.

    Entries are matched by session and car number, which is unique within a session since 1974. A value that
    the reference does not state is no difference.

    Args:
        ours: Rows of ``curated.results``, of any number of sessions.
        reference: The reference's entries of the same sessions, with the columns of ``REFERENCE_SCHEMA``.
        reference_source: Name of the reference, such as f1db.
        witness: A third source in the same form; where two of three agree the third stands alone.

    Returns:
        One row per difference, in the shape of ``curated.discrepancies``, left source ``curated.results``.

    Source: docs/explanation/discrepancies.md#against-reference-works.
    """
    others, witnesses = _by_entry(reference), {} if witness is None else _by_entry(witness)
    mine = _by_entry(ours)
    tables = [
        discrepancy_rows(
            _session(key, mine.get(key, {}), others.get(key, {}), witnesses.get(key, {})),
            session_key=key,
            left_source="curated.results",
            right_source=reference_source,
        )
        for key in sorted(set(mine) | set(others))
    ]
    return pl.concat(tables) if tables else pl.DataFrame(schema=DISCREPANCY_SCHEMA)


def _by_entry(entries: pl.DataFrame) -> dict[str, dict[str, Row]]:
    """Return rows by session and car number, with what rules need of the rest of the session."""
    sessions: dict[str, dict[str, Row]] = {}
    for row in entries.sort("session_key", "result_order").iter_rows(named=True):
        session = sessions.setdefault(row["session_key"], {})
        first = next(iter(session.values()), row)
        before = list(session.values())[-1] if session else row
        session[row["car_number"]] = {
            **row,
            "position": int(row["position_text"]) if outcome_of(row) == "PLACED" else outcome_of(row),
            "status_class": status_class(_text(row.get("status") or row.get("status_text"))),
            "winning_laps": first["laps_completed"],
            "gap_ahead_ms": _difference(before["race_time_ms"], first["race_time_ms"]),
        }
    for session in sessions.values():
        _add_session_facts(session)
    return sessions


def _add_session_facts(session: dict[str, Row]) -> None:
    places = Counter(row["position"] for row in session.values())
    first_times = [time for row in session.values() if isinstance(time := row["q1_ms"], int)]
    for row in session.values():
        row["shares_position"] = places[row["position"]] > 1
        row["best_q1_ms"] = min(first_times, default=None)


def _difference(value: object, other: object) -> int | None:
    return value - other if isinstance(value, int) and isinstance(other, int) else None


def _session(
    session_key: str, ours: dict[str, Row], others: dict[str, Row], witnesses: dict[str, Row]
) -> Iterator[Discrepancy]:
    measures = _RACE_MEASURES if code_of(session_key) in RACE_CODES else _QUALIFYING_MEASURES
    for number in sorted(set(ours) | set(others)):
        mine, other = ours.get(number), others.get(number)
        if mine is None or other is None:
            yield _lone_entry(number, mine, other)
            continue
        context = _context(number, ours, others)
        for measure in measures:
            third = witnesses.get(number)
            case = Case(measure, mine, {**other, **context}, NO_WITNESS if third is None else third[measure])
            left, right = case.values
            if right is not None and left != right:
                yield Discrepancy(measure, number, _driver(mine), left, right, explain(case))


def _lone_entry(number: str, mine: Row | None, other: Row | None) -> Discrepancy:
    row = mine or other or {}
    why = unexplained("Only one of the sources has the entry.")
    if row.get("laps_completed") is None and all(
        row.get(name) is None for name in ("q1_ms", "q2_ms", "q3_ms")
    ):
        why = Explanation("did_not_take_part", "The entry has no time in any segment.")
    sides = (mine and mine["position"], other and other["position"])
    return Discrepancy("entry", number, _driver(row), *sides, why)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _driver(row: Row) -> str | None:
    return _text(row.get("driver_key"))


def _context(number: str, ours: dict[str, Row], others: dict[str, Row]) -> Row:
    """Return what the rules need to know of the other cars of the session."""
    both = [other for other in ours if other in others and other != number]
    swapped = [
        other
        for other in both
        if _is_before(ours, other, number, "result_order")
        != _is_before(others, other, number, "result_order")
    ]
    moved = [
        other
        for other in both
        if _is_before(ours, other, number, "grid_position")
        and not _is_before(others, other, number, "grid_position")
    ]
    penalised = [car for car in (number, *swapped) if swapped and others[car].get("penalty_ms")]
    return {"cars_moved_away": len(moved), "penalised_neighbours": ", ".join(penalised)}


def _is_before(rows: dict[str, Row], first: str, second: str, measure: str) -> bool:
    """Return whether one car is before another; the pit lane is behind the grid."""
    places = [place if isinstance(place := rows[car].get(measure), int) else 0 for car in (first, second)]
    return (places[0] or _LAST) < (places[1] or _LAST)
