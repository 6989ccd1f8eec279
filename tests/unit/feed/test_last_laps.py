from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from racing.feed.lap_reconciliation import LAP_COLUMNS, LapReconciliation, reconcile_last_laps
from racing.feed.last_lap_values import lap_time_ms, last_lap_values


def body(*messages: tuple[str, dict[str, Any]]) -> bytes:
    """TimingData of car 4, one message per (clock, line)."""
    return b"".join(f"{clock}{json.dumps({'Lines': {'4': line}})}\r\n".encode() for clock, line in messages)


def last(value: str, **more: Any) -> dict[str, Any]:
    return {"LastLapTime": {"Value": value}, **more}


def lap(number: int, time_ms: int | None, end_ms: int | None, **more: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(LAP_COLUMNS),
        "car_number": "4",
        "lap_number": number,
        "lap_time_ms": time_ms,
        "lap_end_session_time_ms": end_ms,
        **more,
    }


def sectors(first: int | None, second: int | None, third: int | None) -> dict[str, int | None]:
    return {"sector_1_ms": first, "sector_2_ms": second, "sector_3_ms": third}


def reconciled(stream: bytes, *laps: dict[str, Any]) -> LapReconciliation:
    schema = {name: pl.String if name == "car_number" else pl.Int64 for name in LAP_COLUMNS}
    return reconcile_last_laps(last_lap_values(stream).values, pl.DataFrame(list(laps), schema=schema))


def outcomes(result: LapReconciliation) -> list[tuple[str, str | None, int | None]]:
    return result.values.select("outcome", "rule", "lap_number").rows()


OUT = ("00:09:00.000", {"InPit": False})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:15.586", 75_586),
        ("59.9", 59_900),
        ("12:01.050", 721_050),
        ("1:00:00.001", 3_600_001),
        ("", None),
        ("LAP 5", None),
        ("+1.2", None),
    ],
)
def test_times_of_the_feed_are_read_in_milliseconds(text: str, expected: int | None) -> None:
    assert lap_time_ms(text) == expected


def test_values_carry_what_the_feed_had_said_of_the_car() -> None:
    stream = body(
        ("00:00:01.000", {"Sectors": [{"Value": "20.0"}, {"Value": "20.0"}, {"Value": ""}]}),
        ("00:00:02.000", last("", NumberOfLaps=3)),
        ("00:00:03.000", {"InPit": False, "NumberOfLaps": 2}),
        ("00:00:04.000", last("1:01.5", Sectors={"2": {"Value": "21.500"}})),
    )
    flag_only = b'00:00:05.000{"Lines":{"4":{"LastLapTime":{"PersonalFastest":true}}}}\r\n'
    values = last_lap_values(stream + flag_only + b'00:00:06.000{"Lines":[]}\r\nx')
    assert values.values.rows() == [
        ("4", 2, 2000, "", None, 3, 3, False, None),
        ("4", 4, 4000, "1:01.5", 61_500, 2, 3, True, 61_500),
    ]
    assert [fault.line_number for fault in values.faults] == [7]


def test_value_that_is_the_time_of_a_lap_is_matched() -> None:
    result = reconciled(
        body(OUT, ("00:10:00.100", last("1:30.000", NumberOfLaps=2))), lap(2, 90_000, 600_000)
    )
    assert outcomes(result) == [("matched", "on_time", 2)]
    assert result.laps["rule"].to_list() == ["on_wire"]
    assert result.unexplained_count == 0


def test_value_of_no_lap_and_lap_of_no_value_are_unexplained() -> None:
    result = reconciled(body(OUT, ("00:10:00.100", last("1:30.000"))), lap(2, 90_001, 600_000))
    assert outcomes(result) == [("unexplained", None, None)]
    assert result.laps["outcome"].to_list() == ["unexplained"]
    assert result.unexplained_count == 2


def test_each_of_two_equal_laps_takes_the_value_that_came_at_its_line() -> None:
    stream = body(OUT, ("00:10:00.100", last("1:30.000")), ("00:11:30.100", last("1:30.000")))
    result = reconciled(stream, lap(2, 90_000, 600_000), lap(3, 90_000, 690_000))
    assert [number for _, _, number in outcomes(result)] == [2, 3]


def test_one_value_is_not_two_laps() -> None:
    stream = body(OUT, ("00:11:30.100", last("1:30.000")))
    result = reconciled(stream, lap(2, 90_000, 600_000), lap(4, 90_000, 690_000))
    assert [number for _, _, number in outcomes(result)] == [4]
    assert result.laps.rows() == [
        ("4", 2, 90_000, "unexplained", None),
        ("4", 4, 90_000, "matched", "on_wire"),
    ]


def test_late_value_is_matched_and_called_late() -> None:
    result = reconciled(body(OUT, ("00:14:00.000", last("1:30.000"))), lap(2, 90_000, 600_000))
    assert outcomes(result) == [("matched", "late", 2)]


def test_value_far_from_a_line_time_before_the_pit_exit_says_so() -> None:
    stream = body(OUT, ("01:10:00.000", last("1:30.000")))
    result = reconciled(
        stream, lap(2, None, 510_000, pit_out_session_time_ms=4_100_000), lap(3, 90_000, 600_000)
    )
    assert outcomes(result) == [("matched", "line_before_pit_exit", 3)]


def test_lap_without_line_time_can_be_matched() -> None:
    result = reconciled(body(OUT, ("00:10:00.100", last("1:30.000"))), lap(2, 90_000, None))
    assert outcomes(result) == [("matched", "late", 2)]


@pytest.mark.parametrize(
    ("rule", "messages", "laps"),
    [
        ("taken_back", [OUT, ("00:10:00.000", last(""))], [lap(1, None, 600_000)]),
        ("before_first_exit", [("00:10:00.000", last("1:30.000"))], []),
        (
            "lap_gone_by",
            [OUT, ("00:10:00.000", {"NumberOfLaps": 5}), ("00:10:01.000", last("1:31.000", NumberOfLaps=4))],
            [],
        ),
        ("slow_without_sectors", [OUT, ("00:10:00.000", last("9:30.000"))], [lap(2, None, 600_000)]),
        ("slow_without_sectors", [OUT, ("00:10:00.000", last("9:30.000"))], []),
        (
            "shorter_than_sectors",
            [OUT, ("00:10:00.000", last("1:01.000"))],
            [lap(2, None, 600_000, **sectors(None, 32_000, 32_000))],
        ),
        (
            "replaced",
            [OUT, ("00:10:00.000", last("1:30.000", NumberOfLaps=2)), ("00:10:02.000", last("1:30.005"))],
            [lap(2, 90_005, 600_000)],
        ),
    ],
)
def test_first_unmatched_value_is_explained_by_its_rule(
    rule: str, messages: list[tuple[str, dict[str, Any]]], laps: list[dict[str, Any]]
) -> None:
    assert outcomes(reconciled(body(*messages), *laps))[0] == ("explained", rule, None)


def test_value_followed_by_that_of_the_next_lap_is_not_replaced() -> None:
    stream = body(OUT, ("00:10:00.000", last("1:30.000", NumberOfLaps=2)), ("00:11:31.000", last("1:31.000")))
    result = reconciled(stream, lap(3, 91_000, 691_000))
    assert outcomes(result) == [("unexplained", None, None), ("matched", "on_time", 3)]


def test_value_sent_again_at_the_same_lap_is_not_a_second_lap() -> None:
    stream = body(OUT, ("00:10:00.100", last("1:30.000", NumberOfLaps=2)), ("00:10:04.000", last("1:30.000")))
    result = reconciled(stream, lap(2, 90_000, 600_000))
    assert [rule for _, rule, _ in outcomes(result)] == ["on_time", "sent_again"]


def test_slow_lap_whose_last_sector_came_late_names_the_lap_that_lost_its_time() -> None:
    stream = body(
        OUT, ("00:10:00.000", last("2:40.000")), ("00:10:00.100", {"Sectors": {"2": {"Value": "60.0"}}})
    )
    result = reconciled(stream, lap(2, None, 600_000, **sectors(50_000, 50_000, 60_000)))
    assert outcomes(result) == [("explained", "slow_before_its_sectors", 2)]


def test_slow_lap_whose_sectors_had_come_is_unexplained_when_missing() -> None:
    shown = {str(place): {"Value": value} for place, value in enumerate(("50.0", "50.0", "60.0"))}
    stream = body(OUT, ("00:10:00.000", last("2:40.000", Sectors=shown)))
    result = reconciled(stream, lap(2, None, 600_000, **sectors(50_000, 50_000, 60_000)))
    assert outcomes(result) == [("unexplained", None, None)]


def test_timed_laps_that_are_not_on_the_wire_are_explained_too() -> None:
    laps = [
        lap(1, 99_000, 500_000),
        lap(2, 90_000, 600_000),
        lap(3, 90_000, 690_000),
        lap(4, 95_000, 785_000, **sectors(30_000, 30_000, 35_000)),
        lap(5, None, 900_000),
    ]
    result = reconciled(body(OUT, ("00:10:00.100", last("1:30.000"))), *laps)
    assert result.laps["rule"].to_list() == ["first_lap", "on_wire", "same_as_lap_before", "sum_of_sectors"]
    assert result.unexplained_count == 0
