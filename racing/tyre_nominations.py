"""Which compound grades Pirelli nominated for each weekend: facts that no source of ours serves.

From 2019 on SOFT, MEDIUM and HARD are three of the grades C0 (hardest) to C6, another three from weekend to
weekend and not always neighbours. All weekends of 2019 to 2025 are here. Those of 2019, 2020 and 2022 are
compared with a public list of nominations, which is wrong for 2021 and ends with 2022; each weekend of 2021
and of 2023 to 2025 was read in two independent reports. A weekend that is not here has no grades: they are
not guessed. In 2018 the compounds had names of their own, and a pre-season test has no nomination.

What a stint was driven on is ``racing/stints.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from racing.keys import split_weekend_key, weekend_key

GRADES = ("C0", "C1", "C2", "C3", "C4", "C5", "C6")
"""Closed list of compound grades, hardest first."""

NOMINATED_COMPOUNDS = ("HARD", "MEDIUM", "SOFT")
"""Compounds whose grade changes with the weekend, in the order of a nomination."""

FIRST_SEASON = 2019
"""First season whose compounds have grades."""

NOT_KNOWN = "which of C0 to C6 the weekend's HARD, MEDIUM and SOFT were is not known"
NOT_OF_TESTS = "a test has no nomination: a compound has a grade only where the feed spells one"
BEFORE_GRADES = "compounds have names of their own before 2019, and no grades"
"""Why a session has no grades."""

_ROUNDS: Mapping[int, Mapping[str, tuple[int, ...]]] = {
    2019: {
        "C1 C2 C3": (2, 5, 10, 13, 17, 20),
        "C2 C3 C4": (1, 3, 4, 8, 9, 11, 12, 14, 16, 18, 19),
        "C3 C4 C5": (6, 7, 15, 21),
    },
    2020: {
        "C1 C2 C3": (4, 6, 9, 12, 14),
        "C2 C3 C4": (1, 2, 3, 5, 7, 8, 11, 13, 15, 16),
        "C3 C4 C5": (10, 17),
    },
    2021: {
        "C1 C2 C3": (3, 4, 10, 13, 20),
        "C2 C3 C4": (1, 2, 7, 8, 11, 12, 14, 16, 17, 18, 19, 21),
        "C3 C4 C5": (5, 6, 9, 15, 22),
    },
    2022: {
        "C1 C2 C3": (1, 6, 10, 15, 18),
        "C2 C3 C4": (2, 4, 5, 12, 13, 14, 16, 19, 20, 21),
        "C2 C3 C5": (3,),
        "C3 C4 C5": (7, 8, 9, 11, 17, 22),
    },
    2023: {
        "C1 C2 C3": (1, 7, 10, 13, 16, 17),
        "C2 C3 C4": (2, 3, 5, 12, 18, 20),
        "C3 C4 C5": (4, 6, 8, 9, 11, 14, 15, 19, 21, 22),
    },
    2024: {
        "C1 C2 C3": (1, 4, 10, 12, 15, 23),
        "C2 C3 C4": (2, 5, 6, 14, 19),
        "C3 C4 C5": (3, 7, 8, 9, 11, 13, 16, 17, 18, 20, 21, 22, 24),
    },
    2025: {
        "C1 C2 C3": (3, 4, 9, 23),
        "C1 C3 C4": (13, 19),
        "C2 C3 C4": (2, 12, 15, 21),
        "C2 C4 C5": (20,),
        "C3 C4 C5": (1, 5, 6, 11, 14, 16, 18, 22, 24),
        "C4 C5 C6": (7, 8, 10, 17),
    },
}
"""Season to the grades of HARD, MEDIUM and SOFT to the rounds they were nominated for."""

NOMINATIONS: Mapping[str, Mapping[str, str]] = {
    weekend_key(season, round_number): dict(zip(NOMINATED_COMPOUNDS, grades.split(), strict=True))
    for season, nominated in _ROUNDS.items()
    for grades, rounds in nominated.items()
    for round_number in rounds
}
"""Weekend key to compound to its grade, of the weekends whose nomination is known."""


def nominated_grades(weekend: str) -> Mapping[str, str]:
    """Return compound to grade in a weekend; empty where its nomination is not known.

    Source: docs/glossary.md#compound-grade.
    """
    return NOMINATIONS.get(weekend, {})


def why_without_grades(weekend: str) -> str | None:
    """Return why the compounds of a weekend have no grades; null where its nomination is known."""
    if weekend in NOMINATIONS:
        return None
    season, _, test_number = split_weekend_key(weekend)
    if season < FIRST_SEASON:
        return BEFORE_GRADES
    return NOT_OF_TESTS if test_number else NOT_KNOWN
