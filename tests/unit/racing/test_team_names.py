"""Feed names of teams are told by their words, and by elimination; what cannot be told is left open."""

from __future__ import annotations

from racing.team_names import match_teams

CONSTRUCTORS = {
    "red_bull": "Red Bull",
    "mclaren": "McLaren",
    "rb": "RB F1 Team",
    "sauber": "Sauber",
    "haas": "Haas F1 Team",
}


def test_words_of_one_name_in_the_other_tell_the_team() -> None:
    teams = ["Red Bull Racing", "McLaren", "Kick Sauber", "Haas F1 Team"]
    assert match_teams(teams, CONSTRUCTORS) == {
        "Red Bull Racing": "red_bull",
        "McLaren": "mclaren",
        "Kick Sauber": "sauber",
        "Haas F1 Team": "haas",
    }


def test_last_team_is_the_last_constructor() -> None:
    teams = ["Red Bull Racing", "McLaren", "Kick Sauber", "Haas F1 Team", "Racing Bulls"]
    assert match_teams(teams, CONSTRUCTORS)["Racing Bulls"] == "rb"


def test_two_that_cannot_be_told_stay_open() -> None:
    assert match_teams(["Alpha", "Beta"], {"gamma": "Gamma", "delta": "Delta"}) == {}
    assert match_teams([], {}) == {}


def test_name_that_fits_two_constructors_is_not_guessed() -> None:
    assert match_teams(["Lotus", "Other"], {"a": "Lotus Racing", "b": "Lotus Renault", "c": "X"}) == {}
