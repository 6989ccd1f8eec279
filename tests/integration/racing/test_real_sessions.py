"""Real sessions: no difference to the official result is unexplained, and every invariant holds."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from racing.invariants import INVARIANTS, check_invariants

Frames = dict[str, pl.DataFrame]
Curate = Callable[[str], Frames]

RACES = ["2024-02-R", "2024-08-R", "2024-14-R"]
"""A penalty, a first-lap crash, a disqualification; tests/e2e/test_real_seasons.py takes in all 36 races."""

OTHERS = [
    "2018-04-R",
    "2019-14-Q",
    "2021-18-Q",
    "2022-02-Q",
    "2023-04-Q",
    "2023-04-S",
    "2023-04-SQ",
    "2024-05-SQ",
    "2024-10-Q",
    "2025-06-S",
    "2025-20-Q",
]
BLOCKING = {invariant.name for invariant in INVARIANTS if invariant.is_blocking}
KNOWN_WARNINGS = {
    # FastF1 places an in-lap of a red-flagged session before its own start.
    ("2022-02-Q", "laps_follow_each_other"),
    # The official document gives two gaps to the car ahead.
    ("2023-04-S", "gaps_grow_with_position"),
}


@pytest.mark.parametrize("key", [*RACES, *(pytest.param(key, marks=pytest.mark.soak) for key in OTHERS)])
def test_differences_are_explained_and_invariants_hold(key: str, curated_session: Curate) -> None:
    frames = curated_session(key)
    assert frames["curated.laps"].height > 100
    differences = frames["curated.discrepancies"]
    unexplained = differences.filter(~pl.col("is_explained"))
    assert unexplained.select("measure", "subject", "left_value", "right_value").rows() == []
    assert differences.select("measure", "subject").is_unique().all()
    broken = {name: found for name, found in check_invariants(frames).items() if found}
    assert not BLOCKING & set(broken), broken
    assert {(key, name) for name in broken} <= KNOWN_WARNINGS, broken


def test_first_lap_crash_in_monaco_2024_leaves_cars_unranked(curated_session: Curate) -> None:
    rows = curated_session("2024-08-R")["curated.discrepancies"]
    assert set(rows["rule"]) == {"retirement_partial_lap", "no_lap_completed"}
    partial = rows.filter(pl.col("measure") == "last_lap_number")
    assert partial.select("subject", "left_value", "right_value").rows() == [
        (car, "1", "0") for car in ("11", "20", "27", "31")
    ]


def test_penalty_in_saudi_arabia_2024_is_proved(curated_session: Curate) -> None:
    rows = curated_session("2024-02-R")["curated.discrepancies"]
    magnussen = rows.filter((pl.col("subject") == "20") & (pl.col("measure") == "gap_to_winner_ms"))
    assert magnussen.select("left_value", "right_value", "rule").rows() == [
        ("85737", "105737", "time_penalty")
    ]


def test_disqualified_winner_of_belgium_2024_explains_every_place(curated_session: Curate) -> None:
    rows = curated_session("2024-14-R")["curated.discrepancies"]
    order = rows.filter(pl.col("measure") == "finishing_order")
    assert order.filter(pl.col("subject") == "63")["rule"].to_list() == ["disqualification"]
    assert set(order.filter(pl.col("subject") != "63")["rule"]) == {"other_car_moved"}
