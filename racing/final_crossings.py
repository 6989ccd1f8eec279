"""When each car crossed the line for the last time, as exactly as timing alone can say.

Two clocks see a crossing. The laps tie all crossings of a car together to the millisecond, once one of them
is placed beside those of the other cars. The messages of the line say each crossing alone, a little late.
"""

from __future__ import annotations

import polars as pl

MISPLACED_MS = 1000
"""A chain of laps this far from its line messages was placed wrongly beside the other cars."""

NEARER_MS = 100
"""How much nearer to its message FastF1's own crossing must be to be trusted above the sum of the laps."""

_NEUTRALISED = r"[4567]"
_SECTORS = ("sector_1_ms", "sector_2_ms", "sector_3_ms")


def final_crossings(crossings: pl.DataFrame) -> pl.DataFrame:
    """Return each car's last crossing of the line by both clocks, and what may be wrong with the first.

    A lap without a time (FastF1 drops times over 150 s) is bridged by the sum of its sectors. Where a sector
    is missing too, the chain of laps breaks and begins anew at that lap's own crossing. Messages come within
    half a second of each other in lateness, so a chain that is off by more than ``MISPLACED_MS`` was placed
    by a wrong gap: its last crossing is taken from the message. Where FastF1's own crossing is nearer to the
    message by more than ``NEARER_MS``, a sector was wrong, and that crossing is taken. Both count as a break.

    Args:
        crossings: Counted laps of one race: car_number, lap_number, lap_time_ms, the sectors,
            lap_end_session_time_ms, sector_3_session_time_ms and track_status.

    Returns:
        One row per car: laps_completed; finish_session_time_ms by the chain of laps;
        line_message_session_time_ms by the message, null where there was none; clock_break_count, how often
        the chain broke; is_first_lap_neutralised, whether the first lap was run under a safety car, when the
        gaps by which FastF1 places the cars beside each other are not those of the line.

    Source: docs/explanation/discrepancies.md#message_clock.
    """
    ordered = crossings.sort("car_number", "lap_number")
    follows = pl.col("lap_number") == pl.col("lap_number").shift(1).over("car_number") + 1
    duration = pl.coalesce("lap_time_ms", pl.sum_horizontal(_SECTORS, ignore_nulls=False))
    linked = ordered.with_columns(linked_ms=pl.when(follows).then(duration))
    is_start = pl.col("linked_ms").is_null()
    chained = linked.with_columns(chain=is_start.cum_sum().over("car_number")).with_columns(
        is_last_chain=pl.col("chain") == pl.col("chain").max().over("car_number")
    )
    in_last = pl.col("is_last_chain")
    status = pl.col("track_status").first().fill_null("")
    crossed = chained.group_by("car_number").agg(
        laps_completed=pl.col("lap_number").max(),
        finish_session_time_ms=pl.col("lap_end_session_time_ms").filter(in_last).first()
        + pl.col("linked_ms").filter(in_last).sum(),
        placed_session_time_ms=pl.col("lap_end_session_time_ms").last(),
        line_message_session_time_ms=pl.col("sector_3_session_time_ms").last(),
        clock_break_count=pl.col("chain").max() - 1,
        is_first_lap_neutralised=status.str.contains(_NEUTRALISED),
    )
    return _agreeing_with_messages(crossed)


def _agreeing_with_messages(crossed: pl.DataFrame) -> pl.DataFrame:
    """Return the crossings with the chain replaced where the message says that it is wrong."""
    message = pl.col("line_message_session_time_ms")
    usual = (message - pl.col("finish_session_time_ms")).median().round().cast(pl.Int64)
    doubt, other = (
        (message - pl.col(name) - usual).abs()
        for name in ("finish_session_time_ms", "placed_session_time_ms")
    )
    is_misplaced = ((doubt > MISPLACED_MS) & (other > MISPLACED_MS)).fill_null(value=False)
    is_bridged_wrongly = (doubt - other > NEARER_MS).fill_null(value=False)
    return crossed.with_columns(
        finish_session_time_ms=pl.when(is_misplaced)
        .then(message - usual)
        .when(is_bridged_wrongly)
        .then("placed_session_time_ms")
        .otherwise("finish_session_time_ms"),
        clock_break_count=pl.col("clock_break_count") + (is_misplaced | is_bridged_wrongly).cast(pl.Int32),
    ).drop("placed_session_time_ms")
