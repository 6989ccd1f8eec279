"""Keys are written and read back the same, and what is not a key is refused with the way to write one."""

from __future__ import annotations

import pytest

from racing.errors import InvalidKeyError
from racing.keys import (
    SESSION_CODES,
    code_of,
    driver_key,
    preseason_test_key,
    season_of,
    session_code,
    session_key,
    split_weekend_key,
    weekend_key,
    weekend_of,
)


def test_weekend_key_round_trips() -> None:
    assert weekend_key(2024, 8) == "2024-08"
    assert split_weekend_key("2024-08") == (2024, 8, None)
    assert split_weekend_key(preseason_test_key(2026, 1)) == (2026, None, 1)


@pytest.mark.parametrize("code", SESSION_CODES)
def test_session_key_names_weekend_and_code(code: str) -> None:
    key = session_key("2024-08", code)
    assert weekend_of(key) == "2024-08"
    assert code_of(key) == code
    assert season_of(key) == 2024


@pytest.mark.parametrize("text", ["2024", "2024-8", "24-08", "2024-08-X", "2024-08-R-1", "", "2024-T"])
def test_text_that_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidKeyError):
        weekend_of(text)


def test_sprint_qualifying_is_the_race_only_where_it_was_one() -> None:
    assert session_code("Sprint Qualifying") == "SQ"
    assert session_code("Sprint Qualifying", holds_race_start=True) == "S"
    assert session_code("Sprint Shootout") == "SQ"
    assert session_code("Practice 2", is_test=True) == "D2"


def test_driver_key_takes_the_strongest_identity() -> None:
    assert driver_key("norris", "LANNOR01", 2024, "4") == "norris"
    assert driver_key(None, "LANNOR01", 2024, "4") == "ref:lannor01"
    assert driver_key(None, None, 2024, "4") == "2024#4"
