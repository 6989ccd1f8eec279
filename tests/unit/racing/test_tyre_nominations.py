"""Nominations are three grades, ever softer, of rounds that were held; a list and the calendars agree."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from racing.keys import split_weekend_key, weekend_key
from racing.tyre_nominations import (
    BEFORE_GRADES,
    GRADES,
    NOMINATED_COMPOUNDS,
    NOMINATIONS,
    NOT_KNOWN,
    NOT_OF_TESTS,
    nominated_grades,
    why_without_grades,
)

ROUNDS = {2019: 21, 2020: 17, 2021: 22, 2022: 22, 2023: 22, 2024: 24, 2025: 24}


def test_every_round_of_the_seasons_is_there_once() -> None:
    expected = {
        weekend_key(season, number) for season, last in ROUNDS.items() for number in range(1, last + 1)
    }
    assert set(NOMINATIONS) == expected


@pytest.mark.parametrize("weekend", NOMINATIONS)
def test_grades_are_three_and_ever_softer(weekend: str) -> None:
    nominated = NOMINATIONS[weekend]
    assert tuple(nominated) == NOMINATED_COMPOUNDS
    places = [GRADES.index(grade) for grade in nominated.values()]
    assert places == sorted(set(places))


def test_grades_exist_in_the_season_they_are_nominated_in() -> None:
    seasons = {
        grade: {
            split_weekend_key(key)[0] for key, nominated in NOMINATIONS.items() if grade in nominated.values()
        }
        for grade in GRADES
    }
    assert (seasons["C0"], seasons["C6"]) == (set(), {2025})


def test_nominations_that_skip_a_grade_are_known() -> None:
    skipping = {
        key: tuple(nominated.values())
        for key, nominated in NOMINATIONS.items()
        if GRADES.index(nominated["SOFT"]) - GRADES.index(nominated["HARD"]) > 2
    }
    assert skipping == {
        "2022-03": ("C2", "C3", "C5"),
        "2025-13": ("C1", "C3", "C4"),
        "2025-19": ("C1", "C3", "C4"),
        "2025-20": ("C2", "C4", "C5"),
    }


def test_what_is_not_known_is_not_guessed_and_has_a_reason() -> None:
    for weekend, reason in (
        ("2025-90", NOT_KNOWN),
        ("2026-01", NOT_KNOWN),
        ("2024-T1", NOT_OF_TESTS),
        ("2018-21", BEFORE_GRADES),
        ("2018-T1", BEFORE_GRADES),
    ):
        assert (nominated_grades(weekend), why_without_grades(weekend)) == ({}, reason)
    assert nominated_grades("2024-08") == {"HARD": "C3", "MEDIUM": "C4", "SOFT": "C5"}
    assert why_without_grades("2024-08") is None


def test_nominations_are_those_of_the_list(test_data: Path) -> None:
    path = test_data / "laps" / "compound_selection_2018_2022.csv"
    if not path.is_file():
        pytest.skip("no list of nominations there")
    listed: dict[str, dict[int, str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["season"] in {"2019", "2020", "2022"}:
                key = weekend_key(int(row["season"]), int(row["round"]))
                listed.setdefault(key, {})[int(row["listed"])] = row["compound"]
    expected = {key: [grades[place] for place in sorted(grades)] for key, grades in listed.items()}
    assert len(expected) == 21 + 17 + 22
    assert {key: list(NOMINATIONS[key].values()) for key in expected} == expected


@pytest.mark.parametrize("season", ROUNDS)
def test_weekends_are_rounds_of_the_calendars(test_data: Path, season: int) -> None:
    mirror = test_data / "mirror"
    paths = (
        mirror / "api.jolpi.ca" / "ergast" / "f1" / str(season) / "races.json",
        mirror
        / "raw.githubusercontent.com"
        / "theOehrly"
        / "f1schedule"
        / "master"
        / f"schedule_{season}.json",
    )
    if not all(path.is_file() for path in paths):
        pytest.skip(f"no calendars of {season} there")
    jolpica, f1 = (json.loads(path.read_bytes()) for path in paths)
    mine = {split_weekend_key(key)[1] for key in NOMINATIONS if split_weekend_key(key)[0] == season}
    assert {int(race["round"]) for race in jolpica["MRData"]["RaceTable"]["Races"]} == mine
    assert {number for number in f1["round_number"].values() if number} == mine
