from __future__ import annotations

import base64
import zlib

import pytest

from racing.errors import PayloadError
from racing.feed.payload import inflate_payload
from racing.feed.stream import LineFault, StreamMessage, join_lines, split_lines, split_stream


def packed(text: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return b'"' + base64.b64encode(deflate.compress(text) + deflate.flush()) + b'"'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"\r\n\r\n",
        b"\xef\xbb\xbf00:00:01.000{}\r\n",
        b"00:00:01.000{}\n00:00:02.000{}",
        b"a\r\nb\nc\r",
    ],
)
def test_lines_joined_are_the_body_again(body: bytes) -> None:
    assert join_lines(split_lines(body)) == body


def test_messages_carry_line_number_clock_and_payload() -> None:
    body = b'\xef\xbb\xbf00:00:01.218{"A":1}\r\n01:02:03.004"x"\n'
    split = split_stream(body)
    assert split.messages == [
        StreamMessage(1, 1218, b'{"A":1}'),
        StreamMessage(2, 3_723_004, b'"x"'),
    ]
    assert split.faults == []


def test_hours_may_have_more_than_two_digits() -> None:
    assert split_stream(b"100:00:00.000{}\r\n").messages[0].session_time_ms == 360_000_000


def test_empty_lines_count_but_are_no_messages() -> None:
    split = split_stream(b"\r\n00:00:01.000{}\r\n\r\n\n00:00:02.000{}\r\n")
    assert [message.line_number for message in split.messages] == [2, 5]
    assert split.faults == []


def test_last_line_without_line_end_is_a_marked_message() -> None:
    split = split_stream(b"00:00:01.000{}\r\n00:00:02.000{")
    assert [message.is_terminated for message in split.messages] == [True, False]


@pytest.mark.parametrize("line", [b"garbage", b"00:61:00.000{}", b"0:00:01.000{}", b"00:00:01.0001{}", b"{}"])
def test_line_without_clock_is_named_and_stops_nothing(line: bytes) -> None:
    split = split_stream(line + b"\r\n00:00:02.000{}\r\n")
    assert [message.line_number for message in split.messages] == [2]
    (fault,) = split.faults
    assert fault.line_number == 1
    assert "does not begin with a session clock" in fault.reason
    assert line.decode() in fault.reason


def test_cut_off_clock_at_the_end_is_named_as_such() -> None:
    split = split_stream(b"00:00:01.000{}\r\n00:00:0")
    (fault,) = split.faults
    assert fault.line_number == 2
    assert "ends there without a line end" in fault.reason


def test_line_faults_with_undecodable_bytes_can_be_shown() -> None:
    assert split_stream(b"\xff\xfe\r\n").faults == [
        LineFault(1, r"the line does not begin with a session clock such as 00:12:34.567: '\\xff\\xfe\r'")
    ]


def test_payload_is_unpacked_from_base64_and_deflate() -> None:
    assert inflate_payload(packed(b'{"A":1}')) == b'{"A":1}'
    assert inflate_payload(packed(b'{"A":1}').strip(b'"')) == b'{"A":1}'
    assert inflate_payload(b"  " + packed(b'{"A":1}') + b" \r") == b'{"A":1}'


def test_byte_order_mark_inside_the_packed_text_is_left_out() -> None:
    assert inflate_payload(packed(b"\xef\xbb\xbf{}")) == b"{}"


def test_escaped_slashes_in_the_packed_text_are_read() -> None:
    # 0xff bytes are slashes in base64: stored deflate block of a text that compresses to them.
    plain = packed(bytes(range(256)) * 4)
    assert b"/" in plain
    assert inflate_payload(plain.replace(b"/", rb"\/")) == bytes(range(256)) * 4


def test_payload_that_is_json_stays_as_it_is() -> None:
    assert inflate_payload(b'{"A":1}') == b'{"A":1}'
    assert inflate_payload(b"[1]") == b"[1]"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'"7ZSx?"', "not base64"),
        (b'"7ZSxDg"', "not base64"),
        (b'"////////"', "does not inflate"),
        (packed(b"x" * 5000)[:-9] + b'"', "does not inflate|not base64"),
        (packed(b"{}")[:-1], "no closing quote"),
        (b'"', "no closing quote"),
        (b'""', "empty"),
        (b"", "empty"),
        (b'"\\x"', "not a JSON string"),
    ],
)
def test_damaged_payload_says_what_is_wrong(payload: bytes, reason: str) -> None:
    with pytest.raises(PayloadError, match=reason):
        inflate_payload(payload)
