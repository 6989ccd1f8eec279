"""Differences between timing and the official result of qualifying, each with the rule that explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from racing.best_lap_rules import explain_best_lap
from racing.discrepancy_rules import Discrepancy, Explanation, unexplained
from racing.qualifying_segments import (
    SEGMENT_COLUMNS,
    qualifying_order,
    segment_of,
    segment_starts_ms,
    segment_times,
)

_Row = dict[str, object]


def qualifying_discrepancies(
    laps: pl.DataFrame,
    official: pl.DataFrame,
    race_entries: pl.DataFrame,
    session_status: pl.DataFrame,
) -> Iterator[Discrepancy]:
    """Yield every difference between timing and the official result of one qualifying session.

    Args:
        laps: Curated laps of the session; not empty.
        official: Jolpica's entries of the session; not empty.
        race_entries: Jolpica's entries of the weekend's race; may be empty.
        session_status: Changes of the state of the session.

    Source: docs/explanation/discrepancies.md#qualifying.
    """
    drivers = dict(laps.select("car_number", "driver_key").unique().iter_rows())
    numbers = {driver: number for number, driver in drivers.items()}
    entries = {
        numbers.get(entry["driver_id_jolpica"], entry["car_number"]): entry
        for entry in official.sort("result_order").iter_rows(named=True)
    }
    times = segment_times(laps, session_status)
    if times.is_empty():
        text = "The feed does not say when a segment began, so no lap can be given to one."
        yield Discrepancy("segments", "session", None, None, official.height, unexplained(text))
        return
    timed = {
        row["car_number"]: row
        for row in qualifying_order(times, len(set(entries) | set(drivers))).iter_rows(named=True)
    }
    segmented = laps.with_columns(segment_of(segment_starts_ms(session_status)).alias("segment_number"))
    for number in sorted(set(entries) | set(timed)):
        entry, row = entries.get(number), timed.get(number)
        if entry is None:
            why = _missing_entry(number, official.height, race_entries)
            yield Discrepancy("entry", number, drivers.get(number), "timed", None, why)
        else:
            own = segmented.filter(pl.col("car_number") == number)
            yield from _times(number, entry, row or dict.fromkeys(SEGMENT_COLUMNS), own)
    yield from _order(entries, timed)


def _times(number: str, entry: _Row, row: _Row, laps: pl.DataFrame) -> Iterator[Discrepancy]:
    driver = str(entry["driver_id_jolpica"])
    for segment, name in enumerate(SEGMENT_COLUMNS, 1):
        official, timed = _number(entry[name]), _number(row[name])
        if official != timed:
            why = explain_best_lap(laps.filter(pl.col("segment_number") == segment), official, timed)
            yield Discrepancy(name, number, driver, timed, official, why)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _order(entries: dict[str, _Row], timed: dict[str, _Row]) -> Iterator[Discrepancy]:
    """A car whose place differs among the cars that both sides have."""
    official = [number for number in entries if number in timed]
    by_time = sorted(official, key=list(timed).index)
    places = Counter(entry["position"] for entry in entries.values())
    sharing = {number for number in official if places[entries[number]["position"]] > 1}
    for place, number in enumerate(official, 1):
        timed_place = by_time.index(number) + 1
        if timed_place != place:
            swapped = [
                other
                for other in official
                if (official.index(other) < place - 1) != (by_time.index(other) < timed_place - 1)
                and other != number
            ]
            why = _order_rule(number, swapped, timed, sharing)
            driver = str(entries[number]["driver_id_jolpica"])
            yield Discrepancy("qualifying_order", number, driver, timed_place, place, why)


def _order_rule(number: str, swapped: list[str], timed: dict[str, _Row], sharing: set[str]) -> Explanation:
    timeless = {one for one in (number, *swapped) if timed[one]["q1_ms"] is None}
    if number in timeless and timeless.issuperset(swapped):
        return Explanation("no_qualifying_time", "Timing cannot rank cars that set no time.")
    if (number in sharing and sharing) or sharing.issuperset(swapped):
        text = f"Cars {', '.join(sorted(sharing))} share a place in the document: one was disqualified."
        return Explanation("disqualified_from_qualifying", text)
    return unexplained(f"Changed places with {', '.join(swapped)}, and nothing says why.")


def _missing_entry(number: str, entry_count: int, race_entries: pl.DataFrame) -> Explanation:
    """Explain a car that the document leaves out: disqualified cars start behind all that are in it."""
    starters = race_entries.filter(pl.col("car_number") == number)
    if starters.is_empty():
        return unexplained("The official result does not have the car, nor does the race.")
    grid = starters["grid_position"][0]
    if grid is not None and (grid == 0 or grid > entry_count):
        text = f"{entry_count} cars are in the document; the car started from {grid or 'the pit lane'}."
        return Explanation("not_in_official_result", text)
    return unexplained(f"The official result does not have the car, which started from place {grid}.")
