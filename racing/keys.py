"""Keys of weekends, sessions and drivers, made here and nowhere else.

A key is text that sorts by time within a season. Matching an upstream's own numbering to a key is
``racing/weekends.py``; this module only writes and reads keys.
"""

from __future__ import annotations

import re

from racing.errors import InvalidKeyError

SESSION_CODES: tuple[str, ...] = ("FP1", "FP2", "FP3", "SQ", "S", "Q", "R", "D1", "D2", "D3")
"""Closed list of session codes: practice, sprint qualifying, sprint, qualifying, race, test days."""

RACE_CODES: frozenset[str] = frozenset({"R", "S"})
"""Sessions that are races: cars start together and the order at the flag counts."""

_WEEKEND = re.compile(r"^(\d{4})-(?:(\d{2})|T(\d))$")
_SESSION_NAMES = {
    "practice 1": "FP1",
    "practice 2": "FP2",
    "practice 3": "FP3",
    "qualifying": "Q",
    "sprint": "S",
    "sprint shootout": "SQ",
    "sprint qualifying": "SQ",
    "race": "R",
}


def weekend_key(season: int, round_number: int) -> str:
    """Return the key of a race weekend, such as ``2024-08``.

    Args:
        season: Year of the championship.
        round_number: Round as the season's own calendar announced it. From 1 to 99.

    Raises:
        InvalidKeyError: If the season or the round is out of range.
    """
    if not (1950 <= season <= 2999 and 1 <= round_number <= 99):
        raise InvalidKeyError(f"no weekend key for season {season}, round {round_number}")
    return f"{season}-{round_number:02d}"


def preseason_test_key(season: int, test_number: int) -> str:
    """Return the key of a pre-season test, such as ``2026-T1``; tests are counted from 1."""
    if not 1 <= test_number <= 9:
        raise InvalidKeyError(f"no key for test {test_number} of {season}")
    return f"{season}-T{test_number}"


def split_weekend_key(key: str) -> tuple[int, int | None, int | None]:
    """Return (season, round number, test number) of a weekend key; the one that does not apply is null.

    Raises:
        InvalidKeyError: If the text is not a weekend key.
    """
    match = _WEEKEND.match(key)
    if match is None:
        raise InvalidKeyError(
            f"{key!r} is not a race weekend: write season-round such as 2024-08, or 2026-T1 for a test"
        )
    season, round_text, test_text = match.groups()
    return int(season), int(round_text) if round_text else None, int(test_text) if test_text else None


def season_of(key: str) -> int:
    """Return the season of a weekend key or session key."""
    return split_weekend_key(weekend_of(key))[0]


def session_key(weekend: str, code: str) -> str:
    """Return the key of a session, such as ``2024-08-R``.

    Raises:
        InvalidKeyError: If the weekend key or the session code is not one.
    """
    split_weekend_key(weekend)
    if code not in SESSION_CODES:
        raise InvalidKeyError(f"{code!r} is not a session: use one of {', '.join(SESSION_CODES)}")
    return f"{weekend}-{code}"


def weekend_of(key: str) -> str:
    """Return the weekend key of a weekend key or session key."""
    parts = key.split("-")
    weekend = "-".join(parts[:2])
    split_weekend_key(weekend)
    if len(parts) > 2:
        session_key(weekend, "-".join(parts[2:]))
    return weekend


def code_of(key: str) -> str:
    """Return the session code of a session key."""
    weekend = weekend_of(key)
    if key == weekend:
        raise InvalidKeyError(f"{key!r} is a weekend, not a session")
    return key[len(weekend) + 1 :]


def session_code(name: str, *, is_test: bool = False, holds_race_start: bool = False) -> str:
    """Return the session code for a session's announced name.

    Args:
        name: Name as an upstream writes it, such as ``Practice 1`` or ``Sprint Shootout``.
        is_test: True for a pre-season test, whose practices are days.
        holds_race_start: True where the session of that name was itself the sprint race: 2021's
            "Sprint Qualifying" was the race that set the grid.

    Raises:
        InvalidKeyError: If the name is not a known session.

    Source: docs/glossary.md#session.
    """
    folded = name.strip().lower()
    if is_test and folded.startswith("practice "):
        return f"D{folded[-1]}"
    if folded == "sprint qualifying" and holds_race_start:
        return "S"
    try:
        return _SESSION_NAMES[folded]
    except KeyError:
        raise InvalidKeyError(f"unknown session name {name!r}") from None


def driver_key(jolpica_id: str | None, reference: str | None, season: int, car_number: str) -> str:
    """Return a driver's key, from the strongest identity known.

    Args:
        jolpica_id: Jolpica's driverId, such as ``norris``, where a result names the driver.
        reference: The feed's driver reference, such as ``LANNOR01``.
        season: Year, for the provisional key.
        car_number: Car number, for the provisional key.

    Returns:
        ``norris``, else ``ref:lannor01``, else the provisional ``2024#4``.
    """
    if jolpica_id:
        return jolpica_id
    if reference:
        return f"ref:{reference.lower()}"
    return f"{season}#{car_number}"
