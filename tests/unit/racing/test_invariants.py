"""Each invariant holds on sound rows and names the place where it is broken."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from racing.invariants import INVARIANTS, check_invariants, invariants_of

LAP: dict[str, Any] = {
    "session_key": "2030-01-R",
    "car_number": "1",
    "lap_number": 1,
    "lap_time_ms": 80_000,
    "sector_1_ms": 20_000,
    "sector_2_ms": 30_000,
    "sector_3_ms": 30_000,
    "lap_start_session_time_ms": 1_000,
    "lap_end_session_time_ms": 81_000,
    "is_accurate": True,
    "is_lap_counted": True,
    "position": 1,
    "gap_to_leader_ms": 0,
    "interval_ahead_ms": None,
    "stint_number": 1,
    "stint_lap_number": 1,
    "is_new_set": True,
    "tyre_age_laps": 1,
}
SECOND = {
    "lap_number": 2,
    "lap_start_session_time_ms": 81_000,
    "lap_end_session_time_ms": 161_000,
    "stint_lap_number": 2,
    "tyre_age_laps": 2,
}
OTHER = {"car_number": "2", "position": 2, "gap_to_leader_ms": 500, "interval_ahead_ms": 500}
STINT: dict[str, Any] = {
    "session_key": "2030-01-R",
    "car_number": "1",
    "stint_number": 1,
    "first_lap_number": 1,
    "last_lap_number": 2,
    "laps_count": 2,
}
RESULT: dict[str, Any] = {
    "session_key": "2030-01-R",
    "result_order": 1,
    "car_number": "1",
    "result_source": "official",
    "position": 1,
    "status": "Finished",
    "laps_completed": 2,
    "gap_to_winner_ms": 0,
}
STOP: dict[str, Any] = {
    "session_key": "2030-01-R",
    "car_number": "1",
    "stop_number": 1,
    "pit_in_session_time_ms": 10,
    "pit_out_session_time_ms": 20,
}
DIFFERENCE: dict[str, Any] = {
    "session_key": "2030-01-R",
    "subject": "1",
    "measure": "laps_completed",
    "left_source": "timing",
    "left_value": "1",
    "right_source": "jolpica",
    "right_value": "2",
    "rule": "disqualification",
    "explanation": "",
}
EVENT: dict[str, Any] = {
    "session_key": "2030-01-R",
    "message_number": 1,
    "event_kind": "FLAG",
    "message": "RED FLAG",
}
SOUND: dict[str, list[dict[str, Any]]] = {
    "curated.laps": [LAP, LAP | SECOND, LAP | OTHER, LAP | SECOND | OTHER],
    "curated.stints": [STINT, STINT | {"car_number": "2"}],
    "curated.results": [
        RESULT,
        RESULT | {"car_number": "2", "result_order": 2, "position": 2, "gap_to_winner_ms": 500},
    ],
    "curated.pit_stops": [STOP],
    "curated.discrepancies": [DIFFERENCE],
    "curated.race_control_events": [EVENT],
}
BROKEN: list[tuple[str, str, int, dict[str, Any]]] = [
    ("sectors_sum_to_lap", "curated.laps", 0, {"sector_3_ms": 30_004}),
    ("lap_numbers_run_1_to_n", "curated.laps", 1, {"lap_number": 3}),
    ("laps_follow_each_other", "curated.laps", 1, {"lap_end_session_time_ms": 80_000}),
    ("laps_follow_each_other", "curated.laps", 0, {"lap_start_session_time_ms": 90_000}),
    ("only_a_last_lap_is_not_counted", "curated.laps", 0, {"is_lap_counted": False}),
    ("positions_run_1_to_n", "curated.laps", 0, {"position": 2}),
    ("gaps_equal_summed_intervals", "curated.laps", 2, {"interval_ahead_ms": 400}),
    ("stints_are_contiguous_and_disjoint", "curated.stints", 0, {"laps_count": 3}),
    ("stints_are_contiguous_and_disjoint", "curated.stints", 0, {"stint_number": 2}),
    ("laps_lie_in_their_stint", "curated.stints", 0, {"last_lap_number": 1}),
    ("tyre_age_restarts_on_new_set", "curated.laps", 0, {"tyre_age_laps": 4}),
    ("tyre_age_grows_by_one_each_lap", "curated.laps", 1, {"tyre_age_laps": 4}),
    ("pit_stops_end_after_they_begin", "curated.pit_stops", 0, {"pit_out_session_time_ms": 5}),
    ("result_order_runs_1_to_n", "curated.results", 1, {"result_order": 3}),
    ("positions_follow_result_order", "curated.results", 0, {"position": 7}),
    ("gaps_grow_with_position", "curated.results", 0, {"gap_to_winner_ms": 900}),
    ("laps_match_official_result", "curated.results", 0, {"laps_completed": 1}),
    ("differences_are_explained", "curated.discrepancies", 0, {"rule": "UNEXPLAINED"}),
    ("race_control_messages_are_understood", "curated.race_control_events", 0, {"event_kind": "OTHER"}),
]


def frames(rows: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    return {table: pl.DataFrame(lines) for table, lines in rows.items()}


def test_sound_rows_break_nothing() -> None:
    found = check_invariants(frames(SOUND))
    assert set(found) == {invariant.name for invariant in INVARIANTS}
    assert [str(violation) for broken in found.values() for violation in broken] == []


@pytest.mark.parametrize(("name", "table", "place", "change"), BROKEN)
def test_broken_row_is_found(name: str, table: str, place: int, change: dict[str, Any]) -> None:
    rows = [dict(row) for row in SOUND[table]]
    rows[place] |= change
    violation = check_invariants(frames(SOUND | {table: rows}))[name][0]
    assert violation.session_key == "2030-01-R"
    assert str(violation).startswith("2030-01-R, ")


def test_every_invariant_is_broken_by_a_test() -> None:
    assert {name for name, *_ in BROKEN} == {invariant.name for invariant in INVARIANTS}


def test_disqualified_cars_may_lose_their_laps() -> None:
    results = [RESULT | {"status": "Disqualified", "laps_completed": 0}]
    found = check_invariants(frames({"curated.laps": SOUND["curated.laps"], "curated.results": results}))
    assert found["laps_match_official_result"] == []


def test_invariants_without_their_tables_are_left_out() -> None:
    names = {invariant.name for invariant in invariants_of(frozenset({"curated.stints"}))}
    assert names == {"stints_are_contiguous_and_disjoint"}


def test_empty_tables_break_nothing() -> None:
    empty = {table: rows.clear() for table, rows in frames(SOUND).items()}
    assert all(not broken for broken in check_invariants(empty).values())
