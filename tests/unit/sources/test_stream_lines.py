"""Which lines of a topic can be read, and how the broken ones are named."""

from __future__ import annotations

import pytest

from sources.stream_lines import check_lines, read_messages

BOM = b"\xef\xbb\xbf"


def test_whole_topic_is_passed_on_byte_for_byte() -> None:
    body = BOM + b'00:00:01.000{"Status":"1"}\r\n00:00:02.500{"Status":"2"}\r\n'
    lines = check_lines("TrackStatus", body)
    assert lines.body is body
    assert (lines.line_count, lines.malformed) == (2, ())


@pytest.mark.parametrize(
    ("topic", "line", "reason"),
    [
        ("TrackStatus", b"", "empty line"),
        ("TrackStatus", b"<html>", "session time"),
        ("TrackStatus", b'00:00:01.000{"Status":', "not JSON"),
        ("TrackStatus", b'00:00:01.000"text"', "a text, not an object"),
        ("TrackStatus", b"00:00:01.000[1]", "a list, not an object"),
        ("TrackStatus", b"00:00:01.000null", "null, not an object"),
        ("TrackStatus", b"00:00:01.0007", "7, not an object"),
        ("TrackStatus", b'00:00:01.000{"_kf":true}', "no Status"),
        ("SessionStatus", b"00:00:01.000[]", "a list"),
        ("WeatherData", b'00:00:01.000{"AirTemp":"\xff"}', "not JSON"),
        ("TimingData", b'00:00:01.000{"Lines":[]}', "Lines is a list"),
        ("TimingData", b'00:00:01.000{"Lines":{"4":null}}', "car 4"),
        ("TimingAppData", b"00:00:01.000[]", "a list"),
        ("RaceControlMessages", b'00:00:01.000{"_kf":true}', "no Messages"),
        ("RaceControlMessages", b'00:00:01.000{"Messages":[{"Message":"x"}]}', "without Utc"),
        ("RaceControlMessages", b"00:00:01.000[]", "a list"),
        ("CarData.z", b"00:00:01.000", "no payload"),
    ],
)
def test_broken_line_is_named_and_taken_out(topic: str, line: bytes, reason: str) -> None:
    good = {
        "TimingData": b'00:00:01.000{"Lines":{"4":{}}}',
        "TimingAppData": b'00:00:01.000{"Lines":{}}',
        "RaceControlMessages": b'00:00:01.000{"Messages":{"1":{"Utc":"2025-10-25T21:00:00"}}}',
        "CarData.z": b'00:00:01.000"7ZQ="',
    }.get(topic, b'00:00:01.000{"Status":"1"}')
    lines = check_lines(topic, good + b"\r\n" + line + b"\r\n" + good + b"\r\n")
    assert lines.line_count == 2
    assert lines.body == (good + b"\r\n") * 2
    assert [(broken.topic, broken.line_number) for broken in lines.malformed] == [(topic, 2)]
    assert reason in lines.malformed[0].reason
    assert str(lines.malformed[0]).startswith(f"{topic} line 2: ")


def test_last_line_without_line_end_is_kept() -> None:
    lines = check_lines("TrackStatus", b'00:00:01.000{"Status":"1"}\r\n00:00:02.000{"Status":"2"}')
    assert lines.line_count == 2
    assert lines.body.endswith(b'{"Status":"2"}\r\n')


def test_plain_line_feeds_are_read_too() -> None:
    lines = check_lines("TrackStatus", b'00:00:01.000{"Status":"1"}\n00:00:02.000{"Status":"2"}\n')
    assert lines.line_count == 2
    assert lines.body.count(b"\r\n") == 2


@pytest.mark.parametrize("body", [b"", BOM])
def test_empty_topic_has_no_lines_and_no_fault(body: bytes) -> None:
    lines = check_lines("TimingData", body)
    assert (lines.line_count, lines.malformed) == (0, ())


def test_messages_come_with_their_session_time() -> None:
    body = BOM + b'00:00:01.000{"a":1}\r\nbroken\r\n01:02:03.456{"b":2}\r\n'
    assert list(read_messages(body)) == [(1000, {"a": 1}), (3_723_456, {"b": 2})]
