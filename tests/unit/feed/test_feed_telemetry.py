from __future__ import annotations

import base64
import json
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from racing.feed import telemetry
from racing.feed.car_data import decode_car_data
from racing.feed.compiled_samples import has_compiler, use_compile_cache
from racing.feed.position_data import decode_position_data
from racing.feed.session_clock import (
    rounded_to_milliseconds,
    sample_session_time_ms,
    session_clock_start,
)
from racing.feed.telemetry import Parser
from racing.feed.values import microseconds_since_1970, status_code, whole_number

NULL = -(2**31)
UTC_TEXT = "2025-10-25T20:47:27.8777755Z"


def line(content: Any, clock: str = "00:01:04.218") -> bytes:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    deflate = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(deflate.compress(text) + deflate.flush())
    return clock.encode() + b'"' + packed + b'"\r\n'


def car_message(cars: dict[str, dict[str, Any]], utc: Any = UTC_TEXT) -> dict[str, Any]:
    return {"Entries": [{"Utc": utc, "Cars": {car: {"Channels": values} for car, values in cars.items()}}]}


def position_message(cars: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"Position": [{"Timestamp": UTC_TEXT, "Entries": cars}]}


FULL = {"0": 10590, "2": 240, "3": 6, "4": 87, "5": 0, "45": 8}


@pytest.fixture(params=["compiled", "plain"])
def parser(request: pytest.FixtureRequest) -> Parser:
    return request.param


def test_car_sample_has_the_columns_of_the_table(parser: Parser) -> None:
    decoded = decode_car_data(line(car_message({"4": FULL})), parser=parser)
    assert decoded.faults == []
    assert decoded.message_count == 1
    assert decoded.table.to_pylist() == [
        {
            "car_number": "4",
            "sample_number": 1,
            "sampled_at": datetime(2025, 10, 25, 20, 47, 27, 877775, tzinfo=UTC),
            "message_session_time_ms": 64218,
            "speed_kph": 240,
            "engine_rpm": 10590,
            "gear": 6,
            "throttle_pct": 87,
            "is_braking": False,
            "drs_code": 8,
            "line_number": 1,
        }
    ]
    assert decoded.table.schema.field("car_number").type == pa.large_string()
    assert decoded.table.schema.field("sampled_at").type == pa.timestamp("us", tz="UTC")
    assert decoded.table.schema.field("speed_kph").type == pa.int32()


def test_position_sample_has_the_columns_of_the_table(parser: Parser) -> None:
    message = position_message({"4": {"Status": "OffTrack", "X": -637, "Y": 881, "Z": 22266}})
    (row,) = decode_position_data(line(message), parser=parser).table.to_pylist()
    assert (row["is_on_track"], row["x_dm"], row["y_dm"], row["z_dm"]) == (False, -637, 881, 22266)
    assert list(row)[:4] == ["car_number", "sample_number", "sampled_at", "message_session_time_ms"]


def test_104_in_throttle_and_brake_is_null(parser: Parser) -> None:
    body = line(car_message({"4": {**FULL, "4": 104, "5": 104}, "5": {**FULL, "5": 100, "0": 104}}))
    table = decode_car_data(body, parser=parser).table
    assert table["throttle_pct"].to_pylist() == [None, 87]
    assert table["is_braking"].to_pylist() == [None, True]
    assert table["engine_rpm"].to_pylist() == [10590, 104]


def test_missing_and_null_channels_are_null_and_unknown_ones_are_left_out(parser: Parser) -> None:
    body = line(car_message({"4": {"2": 240, "3": None, "46": 1, "x": "y"}}))
    (row,) = decode_car_data(body, parser=parser).table.to_pylist()
    assert row["speed_kph"] == 240
    assert [row[name] for name in ("engine_rpm", "gear", "throttle_pct", "is_braking", "drs_code")] == [
        None
    ] * 5


def test_car_without_any_channel_has_no_row(parser: Parser) -> None:
    message = {
        "Entries": [{"Utc": UTC_TEXT, "Cars": {"1": {"Channels": {}}, "4": {}, "5": {"Channels": FULL}}}]
    }
    decoded = decode_car_data(line(message), parser=parser)
    assert decoded.table["car_number"].to_pylist() == ["5"]
    assert decoded.faults == []


def test_samples_of_a_car_are_numbered_in_order_of_arrival(parser: Parser) -> None:
    body = line(car_message({"1": FULL, "44": FULL})) + line(car_message({"44": FULL, "1": FULL, "9": FULL}))
    table = decode_car_data(body, parser=parser).table
    assert table["car_number"].to_pylist() == ["1", "1", "44", "44", "9"]
    assert table["sample_number"].to_pylist() == [1, 2, 1, 2, 1]
    assert table["line_number"].to_pylist() == [1, 2, 1, 2, 2]


def test_a_message_left_to_the_plain_parser_keeps_its_place(parser: Parser) -> None:
    odd = car_message({"é": FULL, "1": {**FULL, "2": "77"}})
    body = line(car_message({"1": FULL})) + line(odd) + line(car_message({"1": FULL}))
    table = decode_car_data(body, parser=parser).table
    assert table["car_number"].to_pylist() == ["1", "1", "1", "é"]
    assert table["speed_kph"].to_pylist() == [240, 77, 240, 240]
    assert table["sample_number"].to_pylist() == [1, 2, 3, 1]


def test_unreadable_value_is_null_and_named(parser: Parser) -> None:
    decoded = decode_car_data(
        line(car_message({"4": {**FULL, "2": "fast", "3": 2**40, "0": True}})), parser=parser
    )
    (row,) = decoded.table.to_pylist()
    assert (row["speed_kph"], row["gear"], row["engine_rpm"], row["throttle_pct"]) == (None, None, None, 87)
    assert [fault.line_number for fault in decoded.faults] == [1, 1, 1]
    assert "entry 1, car 4, 2: 'fast' is not a whole number" in "".join(f.reason for f in decoded.faults)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"Entries":[', "not valid JSON"),
        (b"", "not valid JSON"),
        ({"Entries": {}}, "no list 'Entries'"),
        ([1], "no list 'Entries'"),
        ({"Entries": [1]}, "entry 1 has no object 'Cars'"),
        ({"Entries": [{"Utc": UTC_TEXT}]}, "entry 1 has no object 'Cars'"),
        (car_message({"4": FULL}, utc="yesterday"), "Utc 'yesterday' is not a time"),
        (car_message({"4": FULL}, utc="2025-02-29T00:00:00Z"), "is not a time"),
        ({"Entries": [{"Utc": UTC_TEXT, "Cars": {"4": 1}}]}, "car 4: the values are not an object"),
    ],
)
def test_damaged_message_is_named_and_the_others_are_read(parser: Parser, content: Any, reason: str) -> None:
    good = line(car_message({"4": FULL}))
    decoded = decode_car_data(good + line(content) + b"00:00:0x\r\n" + good, parser=parser)
    assert decoded.table["line_number"].to_pylist() == [1, 4]
    assert [fault.line_number for fault in decoded.faults] == [2, 3]
    assert reason in decoded.faults[0].reason
    assert decoded.message_count == 4


def test_one_bad_entry_leaves_the_other_entries_of_its_message(parser: Parser) -> None:
    message = {
        "Entries": [*car_message({"4": FULL})["Entries"], {"Utc": "?", "Cars": {"4": {"Channels": FULL}}}]
    }
    decoded = decode_car_data(line(message), parser=parser)
    assert decoded.table.num_rows == 1
    assert "entry 2" in decoded.faults[0].reason


def test_last_line_without_line_end_is_read_where_it_is_whole(parser: Parser) -> None:
    whole = line(car_message({"4": FULL})).rstrip(b"\r\n")
    assert decode_car_data(whole, parser=parser).table.num_rows == 1
    decoded = decode_car_data(whole[:-4], parser=parser)
    assert decoded.table.num_rows == 0
    assert "without a line end" in decoded.faults[0].reason


def test_empty_body_gives_an_empty_table_with_types(parser: Parser) -> None:
    for decoded in (decode_car_data(b"", parser=parser), decode_position_data(b"\r\n", parser=parser)):
        assert decoded.table.num_rows == 0
        assert decoded.table.schema.field("sampled_at").type == pa.timestamp("us", tz="UTC")
        assert decoded.faults == []


def test_more_rows_than_guessed_are_kept(parser: Parser) -> None:
    # A text that packs unusually well has more rows than its packed size suggests.
    message = {"Entries": car_message({str(number): {"2": 1} for number in range(90)})["Entries"] * 300}
    table = decode_car_data(line(message) * 2, parser=parser).table
    assert table.num_rows == 2 * 90 * 300
    assert table["speed_kph"].unique().to_pylist() == [1]


def test_older_statuses_are_numbers_and_unknown_ones_are_null(parser: Parser) -> None:
    statuses = {"1": "0", "2": 1, "3": "OnTrack", "4": "Stopped", "5": "OffTrack"}
    body = line(position_message({car: {"Status": status, "X": 1} for car, status in statuses.items()}))
    table = decode_position_data(body, parser=parser).table
    assert table["is_on_track"].to_pylist() == [True, False, True, None, False]
    assert table["y_dm"].null_count == 5


def test_plain_parser_serves_where_there_is_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "has_compiler", lambda: False)
    assert decode_car_data(line(car_message({"4": FULL}))).table.num_rows == 1


def test_compile_cache_is_left_alone_once_code_is_loaded(tmp_path: Path) -> None:
    import numba

    decode_car_data(line(car_message({"4": FULL})), parser="compiled")
    used = numba.config.CACHE_DIR
    assert not use_compile_cache(tmp_path)
    assert used == numba.config.CACHE_DIR


def test_compile_cache_is_set_before_compiling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delitem(sys.modules, "racing.feed.kernel", raising=False)
    assert use_compile_cache(tmp_path)
    assert numba.config.CACHE_DIR == str(tmp_path.resolve())  # noqa: SIM300
    assert has_compiler()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000001", 1),
        ("2024-02-29T12:00:00.1234567Z", 1_709_208_000_123_456),
        ("2025-10-25T20:47:27.87777Z", 1_761_425_247_877_770),
        ("2025-13-01T00:00:00Z", None),
        ("2025-10-25T20:47:60Z", None),
        ("2025-10-25 20:47:27", None),
        ("", None),
        (None, None),
    ],
)
def test_moments_are_cut_to_microseconds(text: str | None, expected: int | None) -> None:
    assert microseconds_since_1970(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        (-1.9, -1),
        ("7", 7),
        (None, NULL),
        (True, None),
        ("7.5", None),
        (2**31, None),
        (1e300, None),
        ([], None),
    ],
)
def test_whole_numbers_are_cut_towards_zero(value: object, expected: int | None) -> None:
    assert whole_number(value) == expected


def test_status_codes_cover_both_spellings() -> None:
    spellings = ("OnTrack", "OffTrack", 0, "3", None, "²")
    assert [status_code(value) for value in spellings] == [1, 0, 1, 0, None, None]


def table_of(sampled_at_us: list[int], message_ms: list[int]) -> pa.Table:
    return pa.table(
        {
            "sampled_at": pa.array(sampled_at_us).cast(pa.timestamp("us", tz="UTC")),
            "message_session_time_ms": pa.array(message_ms, type=pa.int64()),
        }
    )


def test_session_clock_starts_at_the_message_with_the_least_delay() -> None:
    car = table_of([10_000_000, 11_000_700], [9_000, 10_000])
    position = table_of([12_002_500], [11_000])
    assert session_clock_start(car, position) == np.datetime64(1002, "ms")
    assert session_clock_start(car, None) == np.datetime64(1001, "ms")


def test_session_clock_is_unknown_without_samples() -> None:
    assert session_clock_start(None, None) is None
    assert session_clock_start(table_of([], []), None) is None


def test_milliseconds_are_rounded_half_to_even() -> None:
    rounded = rounded_to_milliseconds(np.array([500, 1500, 2501, -500, -1500, 499]))
    assert rounded.tolist() == [0, 2, 3, 0, -2, 0]


def test_samples_stand_on_the_session_clock_in_milliseconds() -> None:
    table = table_of([5_000_499, 5_001_500], [0, 0])
    assert sample_session_time_ms(table["sampled_at"], np.datetime64(1000, "ms")).to_pylist() == [4000, 4002]
