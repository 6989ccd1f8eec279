"""TimingData becomes gap, interval and position of every car, message by message."""

from __future__ import annotations

from typing import Any

import orjson
import polars as pl

from racing.feed.timing_stream import TIMING_STREAM_SCHEMA, TimingStream, decode_timing_stream


def body(*lines: dict[str, Any] | bytes) -> bytes:
    """Return a body with one message a second."""
    texts = [line if isinstance(line, bytes) else orjson.dumps(line) for line in lines]
    return b"\xef\xbb\xbf" + b"".join(
        b"00:00:%02d.000%s\r\n" % (second, text) for second, text in enumerate(texts)
    )


def car(**members: Any) -> dict[str, Any]:
    return {"Lines": {"7": members}}


def decode(*lines: dict[str, Any] | bytes) -> TimingStream:
    return decode_timing_stream(body(*lines))


def column(stream: TimingStream, name: str) -> list[Any]:
    return stream.updates[name].to_list()


def test_what_a_message_leaves_out_is_as_before() -> None:
    stream = decode(
        car(
            GapToLeader="+1.500", IntervalToPositionAhead={"Value": "+0.700", "Catching": True}, Position="3"
        ),
        car(Position="2"),
        car(IntervalToPositionAhead={"Catching": False}),
    )
    assert stream.updates.schema == pl.Schema(TIMING_STREAM_SCHEMA)
    assert column(stream, "position") == [3, 2, 2]
    assert column(stream, "gap_to_leader_ms") == [1500] * 3
    assert column(stream, "interval_ahead_ms") == [700] * 3
    assert column(stream, "is_catching") == [True, True, False]
    assert column(stream, "update_number") == column(stream, "line_number") == [1, 2, 3]
    assert column(stream, "session_time_ms") == [0, 1000, 2000]


def test_gap_is_time_laps_or_the_leaders_lap() -> None:
    texts = ["+12.345", "+1:02.005", "1L", "2 L", "+1 LAP", "LAP 12", "STOP", ""]
    stream = decode(*(car(GapToLeader=text) for text in texts))
    assert column(stream, "gap_text") == [*texts[:-1], None]
    assert column(stream, "gap_to_leader_ms") == [12_345, 62_005, None, None, None, 0, None, None]
    assert column(stream, "laps_down") == [0, 0, 1, 2, 1, 0, None, None]


def test_interval_is_time_or_laps_and_none_for_the_leader() -> None:
    stream = decode(*(car(IntervalToPositionAhead={"Value": text}) for text in ("+0.7", "1 L", "LAP 3")))
    assert column(stream, "interval_ahead_ms") == [700, None, None]
    assert column(stream, "interval_ahead_laps") == [None, 1, None]
    assert column(stream, "interval_text") == ["+0.7", "1 L", "LAP 3"]


def test_practice_sends_differences_of_best_times_not_gaps() -> None:
    stream = decode(car(TimeDiffToFastest="+0.250", TimeDiffToPositionAhead="+0.050"))
    assert column(stream, "delta_to_fastest_ms") == [250]
    assert column(stream, "delta_to_ahead_ms") == [50]
    assert column(stream, "gap_text") == ["+0.250"]
    assert column(stream, "gap_to_leader_ms") == column(stream, "laps_down") == [None]


def test_qualifying_sends_them_by_part() -> None:
    best = {"TimeDiffToFastest": "+0.250", "TimeDifftoPositionAhead": "+0.050"}
    stream = decode(
        {"SessionPart": 1, **car(Stats=[best, {}, {}], Position="4")},
        {"SessionPart": 2, "Lines": {}},
        car(Stats={"1": {"TimeDiffToFastest": "+0.100"}}),
        car(Position="2"),
        car(Stats={"0": {"TimeDifftoPositionAhead": "+0.060"}}),
    )
    assert column(stream, "segment_number") == [1, 1, 2, 2, 1]
    assert column(stream, "delta_to_fastest_ms") == [None, 250, 100, 100, 250]
    assert column(stream, "delta_to_ahead_ms") == [None, 50, None, None, 60]
    assert column(stream, "position") == [4, 4, 4, 2, 2]


def test_mini_sectors_make_no_row_and_cars_do_not_mix() -> None:
    stream = decode(
        car(Sectors={"0": {"Segments": {"2": {"Status": 2048}}}}),
        {"Lines": {"7": {"Position": "1"}, "8": {"Position": "2", "NumberOfLaps": 1}}},
        {"Lines": {"8": {"GapToLeader": "+3.000"}}},
    )
    assert stream.message_count == 2
    assert stream.updates.select("car_number", "position", "laps_completed").rows() == [
        ("7", 1, None),
        ("8", 2, 1),
        ("8", 2, 1),
    ]
    assert stream.lap_ends.select("car_number", "session_time_ms").rows() == [("8", 1000)]


def test_broken_line_is_a_fault_and_the_rest_is_read() -> None:
    stream = decode(
        car(Position="1"),
        b'{"Lines":{"7":{"Position":"2"',
        b'["Position"]',
        b'{"Lines":{"7":{"Position":3}}}',
        car(Position="4", GapToLeader={"Value": "+1.0"}),
    )
    assert [(fault.line_number, fault.reason[:26]) for fault in stream.faults] == [
        (2, "the message cannot be read"),
        (3, "the message is not an obje"),
        (5, "car 7: GapToLeader is neit"),
    ]
    assert column(stream, "position") == [1, 3, 4]
    assert column(stream, "line_number") == [1, 4, 5]


def test_two_objects_on_one_line_do_not_shift_the_lines_after_it() -> None:
    stream = decode(car(Position="1"), b'{"Lines":{}},{"NumberOfLaps":0}', car(Position="2"))
    assert [fault.line_number for fault in stream.faults] == [2]
    assert column(stream, "line_number") == [1, 3]


def test_empty_body_gives_no_rows() -> None:
    stream = decode_timing_stream(b"\xef\xbb\xbf")
    assert stream.updates.is_empty()
    assert stream.updates.schema == pl.Schema(TIMING_STREAM_SCHEMA)
    assert stream.faults == []
