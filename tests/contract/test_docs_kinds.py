"""Every kind of weekend that the docs list has its tests, and every test that is named is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "explanation" / "history.md"

FORMS = (
    "test_kinds_in_all_seasons.py::test_every_weekend_has_the_sessions_of_its_form_in_order",
    "test_real_sessions_of_the_mirror.py::test_weekend_has_the_sessions_of_its_form",
)

KINDS = {
    "conventional": (
        *FORMS,
        "test_kinds_of_weekends.py::test_conventional_weekend_has_three_practices",
    ),
    "sprint of 2021 and 2022": (
        *FORMS,
        "test_kinds_of_weekends.py::test_sprint_of_2021_is_a_race_with_points_of_its_own",
        "test_kinds_of_weekends.py::test_session_is_found_under_the_name_that_the_archive_gave_it",
        "test_kinds_in_all_seasons.py::test_archive_keeps_every_session_where_it_is_looked_for",
        "test_marts_of_old_seasons.py::test_pole_of_a_sprint_weekend_is_the_first_in_qualifying",
    ),
    "sprint of 2023": (
        *FORMS,
        "test_real_sessions_of_the_mirror.py::test_sprint_is_an_official_result_and_what_sets_its_grid_is_timed",
    ),
    "sprint since 2024": (
        *FORMS,
        "test_real_sessions_of_the_mirror.py::test_sprint_is_an_official_result_and_what_sets_its_grid_is_timed",
        "test_real_sessions_of_the_mirror.py::test_sprint_qualifying_without_a_document_is_ranked_from_timing",
    ),
    "two days": ("test_kinds_of_weekends.py::test_weekend_of_two_days_has_the_sessions_that_were_announced",),
    "test": (
        "test_kinds_of_weekends.py::test_day_of_a_test_has_laps_and_drivers_and_neither_round_nor_result",
        "test_kinds_in_all_seasons.py::test_days_of_a_test_are_sessions_without_a_round_or_a_result",
        "test_days_of_tests.py::test_test_without_live_timing_by_the_calendar_says_why_it_has_no_laps",
    ),
    "cancelled round": (
        "test_kinds_of_weekends.py::test_round_that_f1_alone_announces_is_a_weekend_without_a_result",
        "test_kinds_in_all_seasons.py::test_round_that_was_called_off_is_no_weekend",
        "test_real_sessions_of_the_mirror.py::test_round_that_was_called_off_is_in_no_calendar_and_no_weekend",
    ),
    "cancelled session": (
        "test_kinds_of_weekends.py::test_session_that_was_called_off_is_there_and_absent",
        "test_kinds_in_all_seasons.py::test_practice_that_was_called_off_is_announced_and_absent",
    ),
    "postponed session": (
        "test_kinds_of_weekends.py::test_qualifying_that_was_put_off_is_on_the_day_and_in_the_order_it_was_held",
        "test_kinds_of_weekends.py::test_session_is_found_under_the_name_that_the_archive_gave_it",
        "test_real_seasons.py::test_qualifying_that_was_put_off_is_on_the_day_of_the_race_and_before_it",
    ),
    "over midnight UTC": (
        "test_midnight_weekend.py::test_race_over_midnight_is_one_session_on_the_day_of_the_circuit",
        "test_real_seasons.py::test_race_of_las_vegas_is_on_the_local_day_and_its_times_in_utc",
    ),
    "shortened race": (
        "test_kinds_in_all_seasons.py::test_shortened_race_can_have_full_points",
        "test_kinds_of_weekends.py::test_race_that_was_stopped_for_good_has_half_points_in_result_and_standings",
        "test_stopped_race.py::test_race_that_is_not_resumed_counts_back_and_says_so",
    ),
    "race stopped for good, half points": (
        "test_kinds_of_weekends.py::test_race_that_was_stopped_for_good_has_half_points_in_result_and_standings",
        "test_kinds_in_all_seasons.py::test_race_stopped_for_good_has_half_points_in_results_and_standings",
    ),
    "race stopped and started again": (
        "test_real_seasons.py::test_laps_are_counted_on_across_the_stop",
        "test_real_seasons.py::test_tyres_may_be_changed_in_the_stop_and_that_is_a_stint_without_a_loss",
        "test_real_seasons.py::test_no_lap_before_during_or_after_a_neutralisation_is_a_clean_one",
    ),
    "substitute": (
        "test_real_sessions_of_the_mirror.py::test_substitute_whom_no_list_of_the_feed_names_is_known_by_the_result",
        "test_real_seasons.py::test_substitute_is_a_driver_of_the_race_with_the_team_he_drove_for",
        "test_kinds_in_all_seasons.py::test_substitute_takes_over_from_the_session_he_first_drove",
    ),
    "reserve in first practice": (
        "test_real_sessions_of_the_mirror.py::test_reserves_of_a_first_practice_are_drivers_with_laps_and_no_race",
    ),
    "one car, two drivers": (
        "test_kinds_of_weekends.py::test_shared_car_has_an_entry_and_an_identity_for_each_driver",
        "test_kinds_of_weekends.py::test_shared_car_has_no_points_from_1958_on",
        "test_kinds_in_all_seasons.py::test_shared_cars_have_an_entry_for_each_driver_and_share_the_points",
    ),
    "one driver, two entries": (
        "test_kinds_of_weekends.py::test_driver_of_two_cars_has_an_entry_for_each",
        "test_marts_of_old_seasons.py::test_driver_of_two_cars_has_the_better_place_and_the_points_of_both",
    ),
    "dropped scores": (
        "test_marts_of_old_seasons.py::test_champion_of_1988_scored_less_than_the_second",
        "test_marts_of_old_seasons.py::test_points_of_a_round_fall_short_once_scores_are_dropped",
    ),
    "entry without a car number": (
        "test_kinds_of_weekends.py::test_entry_without_a_car_number_is_a_driver_too",
    ),
    "Indianapolis 500": ("test_kinds_of_weekends.py::test_indianapolis_is_a_round_like_others",),
    "a date but no time": (
        "test_kinds_of_weekends.py::test_race_has_a_date_in_every_season_and_a_start_since_jolpica_has_it_in_utc",
    ),
    "no qualifying known": (
        "test_kinds_of_weekends.py::test_season_without_a_qualifying_has_no_such_session_and_a_grid",
        "test_marts_of_old_seasons.py::test_pole_without_a_qualifying_is_the_first_place_of_the_grid",
        "test_marts_of_old_seasons.py::test_pole_is_kept_by_who_changes_to_another_car",
    ),
}
"""Kind as the page names it, to the tests that prove what the page says of it."""


def test_every_kind_of_the_page_has_tests() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Kinds of weekends\n")[2].partition("\n## ")[0]
    kinds = re.findall(r"^\| ([^|]+?) \|", section, flags=re.MULTILINE)
    assert kinds[0] == "Kind"
    assert set(kinds[1:]) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_tests_of_a_kind_are_there(kind: str) -> None:
    for named in KINDS[kind]:
        file, _, name = named.partition("::")
        (path,) = (ROOT / "tests").rglob(file)
        assert f"\ndef {name}(" in path.read_text(encoding="utf-8"), named
