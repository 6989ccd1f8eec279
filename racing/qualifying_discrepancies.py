"""Differences between timing and the official result of qualifying, each with the rule that explains it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from racing.discrepancy_rules import Discrepancy, Explanation, unexplained
from racing.qualifying_segments import SEGMENT_COLUMNS, qualifying_order, segment_times


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

    Source: docs/explanation/discrepancies.md.
    """
    times = segment_times(laps, session_status)
    drivers = dict(laps.select("car_number", "driver_key").unique().iter_rows())
    entries = {entry["car_number"]: entry for entry in official.iter_rows(named=True)}
    entry_count = len(set(entries) | set(drivers))
    timed = {row["car_number"]: row for row in qualifying_order(times, entry_count).iter_rows(named=True)}
    for number in sorted(set(entries) | set(timed)):
        entry, row = entries.get(number), timed.get(number)
        driver = entry["driver_id_jolpica"] if entry else drivers.get(number)
        if entry is None:
            why = _missing_entry(number, official.height, race_entries)
            yield Discrepancy("entry", number, driver, "timed", None, why)
        elif row is None:
            if any(entry[name] is not None for name in SEGMENT_COLUMNS):
                why = unexplained("The official result has times of a car that timing does not have.")
                yield Discrepancy("entry", number, driver, None, str(entry["position"]), why)
        else:
            for name in SEGMENT_COLUMNS:
                if entry[name] != row[name]:
                    why = unexplained("No lap that stands has the official time.")
                    yield Discrepancy(name, number, driver, row[name], entry[name], why)


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
