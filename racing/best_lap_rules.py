"""Rules that explain why the best lap time of a car, in a race or a segment, is another one officially."""

from __future__ import annotations

import polars as pl

from racing.discrepancy_rules import Explanation, unexplained
from racing.timing_order import ends_in_pits

_SECTORS = ("sector_1_ms", "sector_2_ms", "sector_3_ms")


def explain_best_lap(laps: pl.DataFrame, official_ms: int | None, timed_ms: int | None) -> Explanation:
    """Return the rule that explains why the official best time is not the best that stands in timing.

    Args:
        laps: All laps of the car in the race or segment; curated laps.
        official_ms: Best time by the official result; null where it has none.
        timed_ms: Best time that stands in timing; null where none does.

    Source: docs/explanation/discrepancies.md#fastest_lap.
    """
    if official_ms is None:
        return unexplained(f"The official result has no time of the car; timing has {timed_ms} ms.")
    if timed_ms is not None and timed_ms % 1000 == 0 and official_ms == timed_ms // 60_000 * 1000:
        text = f"A time without thousandths ({timed_ms} ms) is cut after its minutes: {official_ms // 1000}."
        return Explanation("time_cut_short", text)
    theirs = laps.filter(pl.col("lap_time_ms") == official_ms)
    if theirs.is_empty():
        return _time_not_in_timing(laps, official_ms)
    return _slower_lap(laps, theirs, timed_ms)


def _slower_lap(laps: pl.DataFrame, theirs: pl.DataFrame, timed_ms: int | None) -> Explanation:
    """Explain why the official best is a lap of timing that is not the best that stands there."""
    lap = theirs.with_columns(is_in_lap=ends_in_pits()).row(0, named=True)
    which = f"Lap {lap['lap_number']} took {lap['lap_time_ms']} ms"
    if lap["is_deleted"]:
        return Explanation("deleted_lap_stands", f"{which}; race control deleted it, the result has it.")
    if lap["is_in_lap"]:
        return Explanation("lap_into_pits_stands", f"{which} and ended in the pit lane, yet it counts.")
    if laps["is_deleted"].is_null().all():
        text = f"{which}; no message says that the faster one ({timed_ms} ms) was deleted: there are none."
        return Explanation("deletions_not_known", text)
    return unexplained(f"{which}; nothing says why the faster one ({timed_ms} ms) does not count.")


def _time_not_in_timing(laps: pl.DataFrame, official_ms: int) -> Explanation:
    """Explain an official time that no lap of timing has: a lap that lost its time but kept its sectors."""
    lost = laps.filter(
        pl.col("lap_time_ms").is_null() & (pl.sum_horizontal(_SECTORS, ignore_nulls=False) == official_ms)
    )
    if lost.is_empty():
        return unexplained(f"No lap of the car took {official_ms} ms.")
    text = f"Lap {lost['lap_number'][0]} lost its time in the feed; its sectors sum to {official_ms} ms."
    return Explanation("lap_time_lost", text)
