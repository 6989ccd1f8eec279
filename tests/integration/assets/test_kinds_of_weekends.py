"""Kinds of weekends in a lake of real documents, as docs/explanation/history.md says what becomes of each.

Every season's calendars and entries are in ``test_kinds_in_all_seasons.py``, whole races with timing in
``tests/e2e``, sums and poles in ``test_marts_of_old_seasons.py``; ``test_docs_kinds.py`` names the tests of
each row of the page.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

Rows = list[tuple[Any, ...]]


def entries(real: Any, session_key: str, *columns: str) -> Rows:
    """Return columns of a session's result, in its order."""
    rows: pl.DataFrame = real.rows("curated.results", session_key=session_key)
    return rows.sort("result_order").select(columns).rows()


def sessions(real: Any, weekend_key: str, *columns: str) -> Rows:
    """Return columns of a weekend's sessions, in its order."""
    rows: pl.DataFrame = real.rows("curated.sessions", weekend_key=weekend_key)
    return rows.sort("session_number").select(columns).rows()


def coverage(real: Any, session_key: str) -> dict[str, str]:
    """Return the status of each topic of a session."""
    rows: pl.DataFrame = real.rows("curated.coverage", subject_key=session_key)
    return dict(rows.select("topic", "coverage_status").iter_rows())


# --- forms of weekends


def test_conventional_weekend_has_three_practices(real: Any) -> None:
    codes = sessions(real, "2021-12", "session_code")
    assert codes == [("FP1",), ("FP2",), ("FP3",), ("Q",), ("R",)]


def test_sprint_of_2021_is_a_race_with_points_of_its_own(real: Any) -> None:
    assert sessions(real, "2021-10", "session_code", "session_name") == [
        ("FP1", "Practice 1"),
        ("Q", "Qualifying"),
        ("FP2", "Practice 2"),
        ("S", "Sprint"),
        ("R", "Race"),
    ]
    columns = ("driver_key", "laps_completed", "points", "result_source")
    assert entries(real, "2021-10-S", *columns)[:4] == [
        ("max_verstappen", 17, 3.0, "official"),
        ("hamilton", 17, 2.0, "official"),
        ("bottas", 17, 1.0, "official"),
        ("leclerc", 17, 0.0, "official"),
    ]


def test_weekend_of_two_days_has_the_sessions_that_were_announced(real: Any) -> None:
    saturday, sunday = dt.date(2020, 10, 31), dt.date(2020, 11, 1)
    assert sessions(real, "2020-13", "session_code", "scheduled_date") == [
        ("FP1", saturday),
        ("Q", saturday),
        ("R", sunday),
    ]


def test_day_of_a_test_has_laps_and_drivers_and_neither_round_nor_result(real: Any) -> None:
    (weekend,) = real.rows("curated.weekends", weekend_key="2024-T1").to_dicts()
    assert (weekend["is_test"], weekend["round_number"], weekend["round_id_jolpica"]) == (True, None, None)
    assert sessions(real, "2024-T1", "session_code", "has_timing", "has_official_result") == [
        ("D1", False, False),
        ("D2", False, False),
        ("D3", True, False),
    ]
    laps = real.rows("curated.laps", weekend_key="2024-T1")
    assert (laps.height, laps["lap_time_ms"].count()) == (109, 69)
    drivers = real.rows("curated.driver_identities", weekend_key="2024-T1")
    # The practice is one of 2020: who no longer drove in 2024 is known by the feed's reference alone.
    assert set(drivers["evidence"]) == {"season_code", "feed_reference"}
    assert set(laps["car_number"]) <= set(drivers["car_number"])
    assert real.rows("curated.results", weekend_key="2024-T1").is_empty()
    assert real.rows("curated.standings", weekend_key="2024-T1").is_empty()
    assert coverage(real, "2024-T1-D2") == {"session": "absent"}


# --- called off, put off, shortened


def test_round_that_f1_alone_announces_is_a_weekend_without_a_result(real: Any) -> None:
    weekends = {row["weekend_key"]: row for row in real.rows("curated.weekends", season=2022).to_dicts()}
    called_off = weekends["2022-03"]
    assert (called_off["event_name"], called_off["matched_by"]) == ("Australian Grand Prix", "f1_only")
    assert called_off["round_id_jolpica"] is None
    held = sessions(real, "2022-03", "session_code", "has_official_result")
    assert held == [(code, False) for code in ("FP1", "FP2", "FP3", "Q", "R")]
    for table in ("curated.results", "curated.standings"):
        assert real.rows(table, weekend_key="2022-03").is_empty()
    # The rounds that come after it are found by date and circuit, whatever number Jolpica gives them.
    after = weekends["2022-04"]
    assert (after["event_name"], after["round_id_jolpica"]) == ("Emilia Romagna Grand Prix", 3)


def test_session_that_was_called_off_is_there_and_absent(real: Any) -> None:
    # The typhoon of 2019 left no third practice; the archive's index of that year has no folder for it.
    held = {row[0]: row[1:] for row in sessions(real, "2019-17", "session_code", "has_timing")}
    assert held["FP3"] == (False,)
    assert coverage(real, "2019-17-FP3") == {"session": "absent"}


def test_qualifying_that_was_put_off_is_on_the_day_and_in_the_order_it_was_held(real: Any) -> None:
    saturday, sunday = dt.date(2019, 10, 12), dt.date(2019, 10, 13)
    held = sessions(real, "2019-17", "session_code", "scheduled_date")
    assert held[2:] == [("FP3", saturday), ("Q", sunday), ("R", sunday)]


@pytest.mark.parametrize(
    ("session_key", "folder"),
    [
        ("2019-17-Q", "2019-10-13_Japanese_Grand_Prix/2019-10-12_Qualifying"),
        ("2021-10-S", "2021-07-18_British_Grand_Prix/2021-07-17_Sprint_Qualifying"),
    ],
)
def test_session_is_found_under_the_name_that_the_archive_gave_it(
    real: Any, session_key: str, folder: str
) -> None:
    kept = real.rows("raw.live_timing__responses", session_key=session_key, http_status=200)
    assert kept["topic"].to_list() == ["TrackStatus"]
    assert f"/{folder}/" in kept["url"][0]
    assert coverage(real, session_key)["TrackStatus"] == "available"


def test_race_that_was_stopped_for_good_has_half_points_in_result_and_standings(real: Any) -> None:
    # Belgium 2021: one lap counted, behind the safety car.
    columns = ("driver_key", "laps_completed", "points")
    result = entries(real, "2021-12-R", *columns)
    assert result[:3] == [("max_verstappen", 1, 12.5), ("russell", 1, 9.0), ("hamilton", 1, 7.5)]
    assert sum(points for *_, points in result) == 50.5
    standings = real.rows("curated.standings", weekend_key="2021-12", championship="drivers")
    points = dict(standings.select("driver_key", "points").iter_rows())
    assert (points["hamilton"], points["max_verstappen"]) == (202.5, 199.5)


# --- entries of old seasons


def test_shared_car_has_an_entry_and_an_identity_for_each_driver(real: Any) -> None:
    result = entries(real, "1954-02-R", "driver_key", "car_number", "position", "points")
    # Half of the three points for the fourth place each.
    shared = [row for row in result if row[1] == "34"]
    assert shared == [("ruttman", "34", 4, 1.5), ("darter", "34", 4, 1.5)]
    drivers = real.rows("curated.driver_identities", weekend_key="1954-02", car_number="34")
    assert drivers["driver_key"].sort().to_list() == ["darter", "ruttman"]


def test_shared_car_has_no_points_from_1958_on(real: Any) -> None:
    result = entries(real, "1960-01-R", "driver_key", "car_number", "position", "points")
    assert result[2:5] == [
        ("moss", "38", 3, 0.0),
        ("trintignant", "38", 3, 0.0),
        ("menditeguy", "6", 4, 3.0),
    ]


def test_driver_of_two_cars_has_an_entry_for_each(real: Any) -> None:
    result = entries(real, "1960-01-R", "driver_key", "car_number", "position", "grid_position")
    assert [row[1:] for row in result if row[0] == "moss"] == [("38", 3, 8), ("36", None, 1)]


def test_season_without_a_qualifying_has_no_such_session_and_a_grid(real: Any) -> None:
    assert sessions(real, "1960-01", "session_code") == [("R",)]
    assert coverage(real, "1960-01-Q") == {"qualifying": "not_kept", "session": "not_kept"}
    first = [row for row in entries(real, "1960-01-R", "driver_key", "grid_position") if row[1] == 1]
    assert first == [("moss", 1)]


def test_entry_without_a_car_number_is_a_driver_too(real: Any) -> None:
    identities = real.rows("curated.driver_identities", car_number="-")
    assert identities.select("weekend_key", "driver_key").rows() == [("1961-04", "bordeu")]
    numbers = dict(entries(real, "1961-04-R", "driver_key", "car_number"))
    assert [driver for driver, number in numbers.items() if number is None] == ["bordeu"]


def test_indianapolis_is_a_round_like_others(real: Any) -> None:
    (weekend,) = real.rows("curated.weekends", weekend_key="1954-02").to_dicts()
    assert (weekend["event_name"], weekend["circuit_key"]) == ("Indianapolis 500", "indianapolis")
    columns = ("driver_key", "laps_completed", "points")
    assert entries(real, "1954-02-R", *columns)[0] == ("vukovich", 200, 8.0)
    standings = real.rows("curated.standings", weekend_key="1954-02", championship="drivers")
    assert dict(standings.select("driver_key", "points").iter_rows())["vukovich"] == 8.0


def test_race_has_a_date_in_every_season_and_a_start_since_jolpica_has_it_in_utc(real: Any) -> None:
    columns = ("session_code", "scheduled_date", "scheduled_start_at")
    assert sessions(real, "1954-02", *columns) == [("R", dt.date(1954, 5, 31), None)]
    start = dt.datetime(2007, 10, 21, 16, tzinfo=dt.UTC)
    assert sessions(real, "2007-17", *columns) == [("Q", None, None), ("R", start.date(), start)]
