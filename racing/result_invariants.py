"""Invariants of results and of their agreement with laps."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from racing.discrepancy_rules import UNEXPLAINED
from racing.invariant import Invariant, Violation, violations
from racing.keys import RACE_CODES
from racing.official_status import DISQUALIFIED_STATUSES

LAPS = "curated.laps"
RESULTS = "curated.results"
DISCREPANCIES = "curated.discrepancies"

Frames = Mapping[str, pl.DataFrame]


def result_order_runs_1_to_n(frames: Frames) -> list[Violation]:
    """Return sessions whose entries are not numbered 1 to the number of entries."""
    sessions = (
        frames[RESULTS]
        .group_by("session_key")
        .agg(
            entries=pl.len(), highest=pl.col("result_order").max(), distinct=pl.col("result_order").n_unique()
        )
    )
    wrong = sessions.filter(
        (pl.col("highest") != pl.col("entries")) | (pl.col("distinct") != pl.col("entries"))
    )
    return violations(wrong, ("entries",), "{distinct} places up to {highest}")


def positions_follow_result_order(frames: Frames) -> list[Violation]:
    """Return placed entries whose position is smaller than that of an entry before them in the result."""
    placed = frames[RESULTS].filter(pl.col("position").is_not_null()).sort("session_key", "result_order")
    before = pl.col("position").cum_max().shift(1).over("session_key")
    wrong = placed.with_columns(position_before=before).filter(pl.col("position") < pl.col("position_before"))
    return violations(wrong, ("result_order",), "position {position} after position {position_before}")


def gaps_grow_with_position(frames: Frames) -> list[Violation]:
    """Return placed entries whose gap to the winner is smaller than that of the entry before them."""
    timed = (
        frames[RESULTS].filter(pl.col("gap_to_winner_ms").is_not_null()).sort("session_key", "result_order")
    )
    before = pl.col("gap_to_winner_ms").shift(1).over("session_key")
    wrong = timed.with_columns(gap_before_ms=before).filter(
        pl.col("gap_to_winner_ms") < pl.col("gap_before_ms")
    )
    return violations(wrong, ("result_order",), "{gap_to_winner_ms} ms, the one before {gap_before_ms} ms")


def laps_match_official_result(frames: Frames) -> list[Violation]:
    """Return cars of a race that completed another number of laps than the official result counts.

    Disqualified entries are left out: the result takes their laps away.
    """
    is_race = pl.col("session_key").str.split("-").list.last().is_in(sorted(RACE_CODES))
    counted = (
        frames[LAPS]
        .filter(pl.col("is_lap_counted") & is_race)
        .group_by("session_key", "car_number")
        .agg(timed_laps=pl.col("lap_number").max())
    )
    official = frames[RESULTS].filter(
        is_race
        & (pl.col("result_source") == "official")
        & ~pl.col("status").is_in(DISQUALIFIED_STATUSES).fill_null(value=False)
    )
    wrong = official.join(counted, on=["session_key", "car_number"]).filter(
        pl.col("timed_laps") != pl.col("laps_completed")
    )
    return violations(wrong, ("car_number",), "{timed_laps} laps by timing, {laps_completed} in the result")


def differences_are_explained(frames: Frames) -> list[Violation]:
    """Return differences between sources that no named rule explains."""
    wrong = frames[DISCREPANCIES].filter(pl.col("rule") == UNEXPLAINED)
    text = "{measure}: {left_source} {left_value}, {right_source} {right_value}. {explanation}"
    return violations(wrong, ("subject",), text)


RESULT_INVARIANTS: tuple[Invariant, ...] = (
    Invariant("result_order_runs_1_to_n", (RESULTS,), is_blocking=True, check=result_order_runs_1_to_n),
    Invariant(
        "positions_follow_result_order", (RESULTS,), is_blocking=False, check=positions_follow_result_order
    ),
    Invariant("gaps_grow_with_position", (RESULTS,), is_blocking=False, check=gaps_grow_with_position),
    Invariant(
        "laps_match_official_result", (LAPS, RESULTS), is_blocking=False, check=laps_match_official_result
    ),
    Invariant(
        "differences_are_explained", (DISCREPANCIES,), is_blocking=False, check=differences_are_explained
    ),
)
"""Invariants of results."""
