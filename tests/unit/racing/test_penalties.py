"""Penalties as race control words them, from 2018 to 2025."""

from __future__ import annotations

import polars as pl
import pytest

from racing.penalties import announced_penalties, can_sum_to, investigated_cars, unserved_seconds


def messages(*texts: str | None) -> pl.DataFrame:
    rows = {"message_number": list(range(1, len(texts) + 1)), "message": list(texts)}
    return pl.DataFrame(rows, schema={"message_number": pl.Int32, "message": pl.String})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 SECOND TIME PENALTY FOR CAR 9 (ERI) - CAUSING A COLLISION", ("9", "TIME", 10)),
        ("FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 11 (PER) - UNSAFE RELEASE", ("11", "TIME", 5)),
        ("FIA STEWARDS: 10 SECOND STOP/GO PENALTY FOR CAR 23 (ALB) - UNSAFE", ("23", "STOP_GO", 10)),
        ("FIA STEWARDS: DRIVE THROUGH PENALTY FOR CAR 44 (HAM) - SPEEDING", ("44", "DRIVE_THROUGH", None)),
    ],
)
def test_announcement_is_read(text: str, expected: tuple[str, str, int | None]) -> None:
    (penalty,) = announced_penalties(messages(text))
    assert (penalty.car_number, penalty.kind, penalty.seconds) == expected
    assert not penalty.is_served
    assert penalty.message == text


def test_other_messages_are_no_penalties() -> None:
    noted = "INCIDENT INVOLVING CAR 20 (MAG) NOTED - FAILING TO SERVE TIME PENALTY CORRECTLY"
    assert announced_penalties(messages(noted, None, "TRACK LIMITS")) == ()


def test_served_penalty_is_no_longer_open() -> None:
    announced = "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 1 (VER) - SPEEDING"
    served = "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 1 (VER)"
    penalties = announced_penalties(messages(announced, announced, served))
    assert unserved_seconds(penalties, "1") == (5,)
    assert [penalty.is_served for penalty in penalties] == [False, True]


def test_served_message_alone_opens_nothing() -> None:
    served = "FIA STEWARDS: PENALTY SERVED - 5 SECOND TIME PENALTY FOR CAR 1 (VER)"
    assert unserved_seconds(announced_penalties(messages(served)), "1") == ()


def test_only_time_penalties_of_the_car_are_unserved_seconds() -> None:
    texts = [
        "10 SECOND TIME PENALTY FOR CAR 1 (VER) - A",
        "5 SECOND TIME PENALTY FOR CAR 2 (SAR) - B",
        "DRIVE THROUGH PENALTY FOR CAR 1 (VER) - C",
    ]
    assert unserved_seconds(announced_penalties(messages(*texts)), "1") == (10,)


@pytest.mark.parametrize(("seconds", "expected"), [(5, True), (15, True), (20, False), (0, False)])
def test_some_penalties_may_have_been_served(seconds: int, expected: bool) -> None:
    assert can_sum_to(seconds, (5, 10)) is expected


def test_cars_under_scrutiny_are_named() -> None:
    noted = "TURN 8 INCIDENT INVOLVING CARS 10 (GAS) AND 31 (OCO) NOTED - CAUSING A COLLISION"
    assert investigated_cars(messages(noted, "CAR 4 (NOR) TIME 1:20.000 DELETED")) == {"10", "31"}
