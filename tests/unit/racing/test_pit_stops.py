"""Passages of the pit lane: with or without other tyres, waits under red flags told apart, loss by laps."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.pit_stops import PIT_STOP_SCHEMA, find_pit_stops
from racing.stints import split_into_stints

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
    "lap_start_session_time_ms": pl.Int64,
    "lap_end_session_time_ms": pl.Int64,
    "pit_in_session_time_ms": pl.Int64,
    "pit_out_session_time_ms": pl.Int64,
    "track_status": pl.String,
    "is_clean_race": pl.Boolean,
    "is_deleted": pl.Boolean,
    "is_fastf1_generated": pl.Boolean,
    "is_lap_counted": pl.Boolean,
}
STATUS = {"change_number": pl.Int32, "session_time_ms": pl.Int64, "status": pl.String}
TYRE_STINTS = {"car_number": pl.String, "feed_stint_number": pl.Int32, "compound_text": pl.String}
LAP_MS = 90_000


def raced(
    stints: list[int | None],
    in_laps: tuple[int, ...] = (),
    session: str = "2024-08-R",
    **changes: dict[int, Any],
) -> pl.DataFrame:
    rows = [
        {
            "season": 2024,
            "weekend_key": "2024-08",
            "session_key": session,
            "car_number": "4",
            "lap_number": lap,
            "driver_key": "norris",
            "stint_number": stint,
            "compound": "SOFT" if stint == 1 else "HARD",
            "lap_time_ms": LAP_MS + 5_000 * (lap in in_laps) + 15_000 * (lap - 1 in in_laps),
            "lap_start_session_time_ms": (lap - 1) * LAP_MS,
            "lap_end_session_time_ms": lap * LAP_MS,
            "pit_in_session_time_ms": lap * LAP_MS - 3_000 if lap in in_laps else None,
            "pit_out_session_time_ms": (lap - 1) * LAP_MS + 20_000 if lap - 1 in in_laps else None,
            "track_status": "1",
            "is_clean_race": lap > 1 and lap not in in_laps and lap - 1 not in in_laps,
            "is_fastf1_generated": False,
            "is_lap_counted": True,
            **{name: values[lap] for name, values in changes.items() if lap in values},
        }
        for lap, stint in enumerate(stints, start=1)
    ]
    return pl.DataFrame(rows, schema=LAPS)


def passages(laps: pl.DataFrame) -> pl.DataFrame:
    stints = split_into_stints(laps, pl.DataFrame(schema=STATUS), pl.DataFrame(schema=TYRE_STINTS))
    return find_pit_stops(laps, stints)


def stops(laps: pl.DataFrame) -> list[dict[str, Any]]:
    return passages(laps).to_dicts()


def test_stop_has_times_tyres_and_loss() -> None:
    (stop,) = stops(raced([1, 1, 1, 1, 2, 2, 2, 2], (4,)))
    assert (stop["stop_number"], stop["lap_number"]) == (1, 4)
    assert stop["pit_lane_time_ms"] == 23_000
    assert stop["is_tyre_change"] is True
    assert (stop["compound_before"], stop["compound_after"]) == ("SOFT", "HARD")
    assert stop["pit_loss_ms"] == 20_000
    assert stop["is_under_red_flag"] is False


def test_drive_through_changes_no_tyres() -> None:
    (stop,) = stops(raced([1] * 8, (4,)))
    assert stop["is_tyre_change"] is False
    assert (stop["compound_before"], stop["compound_after"]) == ("SOFT", "SOFT")


def test_change_is_unknown_where_the_stint_is() -> None:
    (stop,) = stops(raced([None] * 8, (4,)))
    assert stop["is_tyre_change"] is None


def test_wait_under_a_red_flag_is_flagged_and_has_no_loss() -> None:
    laps = raced(
        [1, 1, 1, 1, 2, 2, 2, 2], (4,), track_status={4: "15"}, pit_out_session_time_ms={5: 2_000_000}
    )
    (stop,) = stops(laps)
    assert stop["is_under_red_flag"] is True
    assert stop["pit_loss_ms"] is None
    assert stop["is_tyre_change"] is True


def test_short_passage_in_a_lap_with_a_red_flag_is_no_wait() -> None:
    (stop,) = stops(raced([1] * 8, (4,), track_status={5: "15"}))
    assert stop["is_under_red_flag"] is False


def test_car_that_never_left_the_pits_has_no_compound_after() -> None:
    (stop,) = stops(raced([1, 1, 1], (3,)))
    assert stop["pit_out_session_time_ms"] is None
    assert stop["pit_lane_time_ms"] is None
    assert stop["compound_after"] is None
    assert stop["is_tyre_change"] is None
    assert stop["pit_loss_ms"] is None


def test_entry_to_the_pits_after_the_flag_is_no_stop() -> None:
    assert stops(raced([1] * 4, (), pit_in_session_time_ms={4: 4 * LAP_MS + 100_000})) == []


def test_entry_noted_just_after_the_line_is_a_stop() -> None:
    laps = raced([1] * 4 + [2] * 4, (4,), pit_in_session_time_ms={4: 4 * LAP_MS + 500})
    assert [(stop["lap_number"], stop["pit_lane_time_ms"]) for stop in stops(laps)] == [(4, 19_500)]


def test_start_from_the_pit_lane_is_no_stop() -> None:
    assert stops(raced([1] * 4, (), pit_out_session_time_ms={1: 12_000})) == []


def test_entry_before_the_start_of_the_race_is_no_stop() -> None:
    before = {"pit_in_session_time_ms": {1: 5_000}, "pit_out_session_time_ms": {1: 12_000}}
    assert stops(raced([1] * 4, (), **before)) == []


def test_exit_beside_the_entry_belongs_to_one_stop() -> None:
    (stop,) = stops(
        raced([1] * 3, (), pit_in_session_time_ms={3: 260_000}, pit_out_session_time_ms={3: 285_000})
    )
    assert (stop["lap_number"], stop["pit_lane_time_ms"], stop["compound_after"]) == (3, 25_000, None)


def test_exit_without_a_recorded_entry_is_a_stop_of_the_lap_before() -> None:
    (stop,) = stops(raced([1, 1, 2, 2], (), pit_out_session_time_ms={3: 200_000}))
    assert (stop["lap_number"], stop["pit_in_session_time_ms"], stop["pit_lane_time_ms"]) == (2, None, None)


def test_two_stops_are_counted_in_order() -> None:
    rows = stops(raced([1, 1, 1, 2, 2, 2, 3, 3], (3, 6)))
    assert [(row["stop_number"], row["lap_number"]) for row in rows] == [(1, 3), (2, 6)]


def test_loss_is_null_without_a_clean_lap_nearby() -> None:
    laps = raced([1] * 4 + [2] * 4, (4,), is_clean_race=dict.fromkeys(range(1, 9), False))
    assert stops(laps)[0]["pit_loss_ms"] is None


def test_line_to_line_stands_for_a_lap_time_that_was_not_sent() -> None:
    laps = raced(
        [1] * 4 + [2] * 4, (4,), lap_time_ms={4: None}, lap_end_session_time_ms={4: 4 * LAP_MS + 5_000}
    )
    assert stops(laps)[0]["pit_loss_ms"] == 20_000


def test_other_sessions_have_no_pit_stops() -> None:
    laps = raced([1, 1, 2, 2], (2,), "2024-08-Q")
    frame = passages(laps)
    assert frame.is_empty()
    assert dict(frame.schema) == PIT_STOP_SCHEMA
