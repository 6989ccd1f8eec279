"""Stints cover the laps of a car without gap or overlap, and say why they ended."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.red_flags import red_flag_spans
from racing.stints import STINT_SCHEMA, split_into_stints

LAPS: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "lap_number": pl.Int32,
    "driver_key": pl.String,
    "team_key": pl.String,
    "driver_code": pl.String,
    "stint_number": pl.Int32,
    "compound": pl.String,
    "is_new_set": pl.Boolean,
    "tyre_age_laps": pl.Int32,
    "lap_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "pit_in_session_time_ms": pl.Int64,
    "track_status": pl.String,
    "is_clean_race": pl.Boolean,
    "is_deleted": pl.Boolean,
    "is_fastf1_generated": pl.Boolean,
    "is_lap_counted": pl.Boolean,
}
STATUS = {"change_number": pl.Int32, "session_time_ms": pl.Int64, "status": pl.String}
FEED = {"car_number": pl.String, "feed_stint_number": pl.Int32, "compound_text": pl.String}
LAP_MS = 90_000


def raced(
    car: str, stints: list[int | None], session: str = "2024-08-R", **changes: dict[int, Any]
) -> pl.DataFrame:
    """Return laps of one car; the stint of each lap, and changes by column and lap."""
    rows = [
        {
            "season": 2024,
            "weekend_key": "2024-08",
            "session_key": session,
            "car_number": car,
            "lap_number": lap,
            "driver_key": "norris",
            "stint_number": stint,
            "compound": "SOFT" if stint == 1 else "HARD",
            "is_new_set": True,
            "tyre_age_laps": lap,
            "lap_time_ms": LAP_MS + lap,
            "lap_end_session_time_ms": lap * LAP_MS,
            "pit_in_session_time_ms": lap * LAP_MS - 3_000
            if stints[lap : lap + 1] not in ([], [stint])
            else None,
            "track_status": "1",
            "is_clean_race": lap > 1,
            "is_fastf1_generated": False,
            "is_lap_counted": True,
            **{name: values[lap] for name, values in changes.items() if lap in values},
        }
        for lap, stint in enumerate(stints, start=1)
    ]
    return pl.DataFrame(rows, schema=LAPS)


def status(*changes: tuple[int, str]) -> pl.DataFrame:
    rows = [(number, time, state) for number, (time, state) in enumerate(changes, start=1)]
    return pl.DataFrame(rows, schema=STATUS, orient="row")


def split(
    laps: pl.DataFrame, changes: pl.DataFrame | None = None, *spelt: tuple[str, int, str]
) -> pl.DataFrame:
    """Return the stints; ``spelt`` is what the feed calls a compound, by car and its number of the stint."""
    feed = pl.DataFrame(spelt, schema=FEED, orient="row")
    return split_into_stints(laps, status() if changes is None else changes, feed)


def reasons(laps: pl.DataFrame, changes: pl.DataFrame | None = None) -> list[str]:
    return split(laps, changes)["end_reason"].to_list()


def test_stints_follow_one_another_and_cover_all_laps() -> None:
    stints = split(raced("4", [1, 1, 1, 2, 2]))
    spans = stints.select("stint_number", "first_lap_number", "last_lap_number", "laps_count").rows()
    assert spans == [(1, 1, 3, 3), (2, 4, 5, 2)]
    assert dict(stints.schema) == STINT_SCHEMA


def test_lap_that_the_feed_lost_belongs_to_the_stint_before() -> None:
    laps = raced("4", [1, 1, 1, 2, 2]).filter(pl.col("lap_number") != 3)
    stints = split(laps)
    assert stints.select("first_lap_number", "last_lap_number", "laps_count").rows() == [(1, 3, 3), (4, 5, 2)]


def test_laps_of_no_known_stint_are_in_none() -> None:
    assert split(raced("4", [None, None])).is_empty()


def test_best_lap_is_not_a_deleted_one_and_the_median_is_of_clean_laps() -> None:
    laps = raced(
        "4", [1, 1, 1, 1], is_deleted={2: True}, lap_time_ms={2: 80_000, 4: None}, is_clean_race={2: False}
    )
    stint = split(laps).row(0, named=True)
    assert stint["best_lap_time_ms"] == LAP_MS + 1
    assert stint["median_clean_lap_time_ms"] == LAP_MS + 3
    assert stint["clean_laps_count"] == 2
    assert (stint["tyre_age_start_laps"], stint["tyre_age_end_laps"]) == (1, 4)


def grades(weekend: str, *compounds: str, spelt: tuple[tuple[str, int, str], ...] = ()) -> list[str | None]:
    """Return the grade of one lap on each of the compounds."""
    numbers: list[int | None] = list(range(1, len(compounds) + 1))
    driven = raced("4", numbers, compound=dict(enumerate(compounds, start=1)))
    laps = driven.with_columns(weekend_key=pl.lit(weekend), session_key=pl.lit(f"{weekend}-FP1"))
    return split(laps, None, *spelt)["compound_grade"].to_list()


def test_grades_are_those_nominated_for_the_weekend() -> None:
    assert grades("2024-08", "HARD", "MEDIUM", "SOFT") == ["C3", "C4", "C5"]
    assert grades("2025-13", "SOFT", "HARD", "MEDIUM") == ["C4", "C1", "C3"]


def test_only_hard_medium_and_soft_are_nominated() -> None:
    assert grades("2024-08", "INTERMEDIATE", "WET", "UNKNOWN", "TEST", "SUPERSOFT") == [None] * 5


def test_weekend_without_a_nomination_has_no_grades() -> None:
    for weekend in ("2025-90", "2024-T1", "2018-06"):
        assert grades(weekend, "HARD", "MEDIUM", "SOFT") == [None] * 3


def test_grade_that_the_feed_spells_is_taken_where_the_compound_has_no_name() -> None:
    spelt = (("4", 1, " c3 "), ("4", 2, "C5"), ("4", 3, "TEST_UNKNOWN"), ("16", 3, "C1"))
    assert grades("2024-T1", "UNKNOWN", "UNKNOWN", "UNKNOWN", spelt=spelt) == ["C3", "C5", None]
    assert grades("2024-08", "UNKNOWN", "SOFT", spelt=(("4", 1, "C2"), ("4", 2, "C1"))) == ["C2", "C5"]


def test_stint_that_another_follows_ended_with_a_stop() -> None:
    assert reasons(raced("4", [1, 1, 2, 2])) == ["PIT_STOP", "SESSION_END"]


def test_car_that_stopped_before_the_flag_retired() -> None:
    laps = pl.concat([raced("4", [1] * 6), raced("16", [1, 1, 2])])
    assert reasons(laps) == ["PIT_STOP", "RETIREMENT", "SESSION_END"] or reasons(laps) == [
        "SESSION_END",
        "PIT_STOP",
        "RETIREMENT",
    ]


def test_lapped_car_that_took_the_flag_did_not_retire() -> None:
    lapped = raced("16", [1] * 5, lap_end_session_time_ms={lap: lap * 110_000 for lap in range(1, 6)})
    assert reasons(pl.concat([raced("4", [1] * 6), lapped])) == ["SESSION_END", "SESSION_END"]


def test_car_that_stopped_on_its_last_lap_retired() -> None:
    stopped = raced("16", [1] * 6, is_lap_counted={6: False}, is_fastf1_generated={6: True})
    laps = pl.concat([raced("4", [1] * 6), stopped])
    assert sorted(reasons(laps)) == ["RETIREMENT", "SESSION_END"]


def test_change_during_a_red_flag_is_not_a_stop() -> None:
    laps = raced("4", [1, 1, 2, 2], track_status={2: "15"})
    red = status((1_000, "Started"), (170_000, "Aborted"), (2_000_000, "Started"), (9_000_000, "Finished"))
    assert reasons(laps, red) == ["RED_FLAG", "SESSION_END"]


def test_stop_before_the_red_flag_is_a_stop() -> None:
    laps = raced("4", [1, 1, 2, 2])
    red = status((1_000, "Started"), (200_000, "Aborted"), (2_000_000, "Started"))
    assert reasons(laps, red) == ["PIT_STOP", "SESSION_END"]


def test_last_stint_of_practice_ends_with_the_session() -> None:
    assert reasons(raced("4", [1, 1, 2, 2], "2024-08-FP1")) == ["PIT_STOP", "SESSION_END"]


def test_end_is_unknown_where_nobody_was_timed() -> None:
    assert reasons(raced("4", [1, 1], lap_end_session_time_ms={1: None, 2: None})) == ["UNKNOWN"]


def test_no_laps_give_no_stints() -> None:
    assert split(raced("4", [])).is_empty()


def test_red_flag_without_a_restart_has_no_end() -> None:
    assert red_flag_spans(
        status((10, "Started"), (20, "Aborted"), (30, "Started"), (40, "Aborted"), (50, "Ends"))
    ) == [
        (20, 30),
        (40, None),
    ]
