"""Tyres of each lap: stints by change of set, age from the set's own, compound as last sent."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from racing.tyres import compound_of, runs_between_pits, surface_class_of, tyres_by_lap

LAPS = {
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "pit_in_session_time_ms": pl.Int64,
    "pit_out_session_time_ms": pl.Int64,
    "lap_start_session_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "compound_text": pl.String,
    "tyre_age_laps": pl.Int32,
    "is_new_set": pl.Boolean,
}
STINTS = {
    "car_number": pl.String,
    "feed_stint_number": pl.Int32,
    "first_session_time_ms": pl.Int64,
    "compound_text": pl.String,
    "is_new_set": pl.Boolean,
    "is_tyre_unchanged": pl.Boolean,
    "age_at_start_laps": pl.Int32,
    "age_at_end_laps": pl.Int32,
}
NO_STINTS = pl.DataFrame(schema=STINTS)


def driven(numbers: list[int], in_laps: tuple[int, ...] = (), **columns: list[Any]) -> pl.DataFrame:
    rows = [
        {
            "car_number": "4",
            "lap_number": lap,
            "pit_in_session_time_ms": lap * 90_000 - 3_000 if lap in in_laps else None,
            "pit_out_session_time_ms": (lap - 1) * 90_000 + 20_000 if lap - 1 in in_laps else None,
            "lap_start_session_time_ms": (lap - 1) * 90_000,
            "lap_end_session_time_ms": lap * 90_000,
            **{name: values[place] for name, values in columns.items()},
        }
        for place, lap in enumerate(numbers)
    ]
    return pl.DataFrame(rows, schema=LAPS)


def sent(*stints: tuple[int, str | None, int, int, bool, bool]) -> pl.DataFrame:
    """Return the feed's stints: (first lap, compound, age at start, age at end, new, unchanged)."""
    rows = [
        {
            "car_number": "4",
            "feed_stint_number": number,
            "first_session_time_ms": (first - 1) * 90_000 + 1_000,
            "compound_text": compound,
            "is_new_set": is_new,
            "is_tyre_unchanged": is_unchanged,
            "age_at_start_laps": start,
            "age_at_end_laps": end,
        }
        for number, (first, compound, start, end, is_new, is_unchanged) in enumerate(stints, start=1)
    ]
    return pl.DataFrame(rows, schema=STINTS)


def test_tyre_age_restarts_at_one_on_new_set() -> None:
    tyres = tyres_by_lap(
        driven([1, 2, 3, 4], (2,)), sent((1, "SOFT", 0, 2, True, False), (3, "HARD", 0, 2, True, False))
    )
    assert tyres["tyre_age_laps"].to_list() == [1, 2, 1, 2]
    assert tyres["stint_number"].to_list() == [1, 1, 2, 2]
    assert tyres["compound"].to_list() == ["SOFT", "SOFT", "HARD", "HARD"]


def test_used_set_starts_at_its_age_plus_one() -> None:
    tyres = tyres_by_lap(driven([1, 2]), sent((1, "MEDIUM", 3, 5, False, False)))
    assert tyres["tyre_age_laps"].to_list() == [4, 5]
    assert tyres["is_new_set"].to_list() == [False, False]


def test_drive_through_does_not_end_the_stint() -> None:
    stints = sent((1, "HARD", 0, 2, True, False), (3, "HARD", 2, 4, False, True))
    tyres = tyres_by_lap(driven([1, 2, 3, 4], (2,)), stints)
    assert tyres["stint_number"].to_list() == [1, 1, 1, 1]
    assert tyres["stint_lap_number"].to_list() == [1, 2, 3, 4]
    assert tyres["tyre_age_laps"].to_list() == [1, 2, 3, 4]
    assert tyres["is_new_set"].to_list() == [True] * 4


def test_compound_is_unknown_where_none_was_sent() -> None:
    tyres = tyres_by_lap(driven([1, 2]), sent((1, None, 0, 2, True, False)))
    assert tyres["compound"].to_list() == ["UNKNOWN", "UNKNOWN"]
    assert tyres["surface_class"].to_list() == ["UNKNOWN", "UNKNOWN"]
    assert tyres["stint_number"].to_list() == [1, 1]


def test_lap_that_the_feed_lost_still_ages_the_tyres() -> None:
    tyres = tyres_by_lap(
        driven([1, 2, 4, 5], (4,)), sent((1, "SOFT", 0, 4, True, False), (5, "HARD", 0, 1, True, False))
    )
    assert tyres["tyre_age_laps"].to_list() == [1, 2, 4, 1]
    assert tyres["stint_lap_number"].to_list() == [1, 2, 4, 1]


def test_without_the_feed_compound_and_age_of_the_laps_decide() -> None:
    laps = driven(
        [1, 2, 3, 4, 5],
        (2, 3),
        compound_text=["SOFT", "SOFT", "SOFT", "SOFT", "SOFT"],
        tyre_age_laps=[1, 2, 3, 1, 2],
        is_new_set=[True] * 5,
    )
    tyres = tyres_by_lap(laps, NO_STINTS)
    assert tyres["stint_number"].to_list() == [1, 1, 1, 2, 2]
    assert tyres["tyre_age_laps"].to_list() == [1, 2, 3, 1, 2]


def test_compound_that_became_known_later_holds_for_the_whole_run() -> None:
    laps = driven([1, 2, 3], (2,), compound_text=[None, "SOFT", None], tyre_age_laps=[None, 1, None])
    assert tyres_by_lap(laps, NO_STINTS)["compound"].to_list() == ["SOFT", "SOFT", "UNKNOWN"]


def test_stint_is_null_where_nothing_says_which() -> None:
    tyres = tyres_by_lap(driven([1, 2], (1,)), NO_STINTS)
    assert tyres["stint_number"].to_list() == [None, None]
    assert tyres["compound"].to_list() == ["UNKNOWN", "UNKNOWN"]
    assert tyres["tyre_age_laps"].to_list() == [None, None]


def test_no_laps_give_no_tyres() -> None:
    assert tyres_by_lap(driven([]), NO_STINTS).is_empty()


def test_start_from_the_pit_lane_does_not_begin_a_second_run() -> None:
    assert runs_between_pits([None, 5, None], [1, None, 9]) == [0, 2]
    assert runs_between_pits([1, 5, None], [2, None, 9]) == [0, 2]


def test_exit_without_a_recorded_entry_begins_a_run() -> None:
    assert runs_between_pits([None, None, None], [None, None, 9]) == [0, 2]


def test_exit_of_an_earlier_passage_and_a_new_entry_share_a_lap() -> None:
    assert runs_between_pits([5, 19, None], [None, 9, 25]) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "compound", "surface"),
    [
        ("soft", "SOFT", "SLICK"),
        ("HYPERSOFT", "HYPERSOFT", "SLICK"),
        ("INTERMEDIATE", "INTERMEDIATE", "INTERMEDIATE"),
        ("WET", "WET", "WET"),
        ("TEST_UNKNOWN", "TEST", "UNKNOWN"),
        ("UNKNOWN", "UNKNOWN", "UNKNOWN"),
        ("C9", "UNKNOWN", "UNKNOWN"),
        (None, "UNKNOWN", "UNKNOWN"),
    ],
)
def test_compound_and_surface_of_the_feeds_spelling(text: str | None, compound: str, surface: str) -> None:
    assert compound_of(text) == compound
    assert surface_class_of(compound) == surface
