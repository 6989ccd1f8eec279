"""LapSeries, TeamRadio and ChampionshipPrediction become rows; what cannot be read is named."""

from __future__ import annotations

import datetime as dt

import polars as pl

from racing.feed.championship_prediction import decode_championship_prediction
from racing.feed.lap_positions import LAP_POSITION_SCHEMA, decode_lap_series, lap_positions
from racing.feed.team_radio import decode_team_radio
from racing.feed.timing_stream import decode_timing_stream

LAP_SERIES = (
    b'00:00:01.000{"7":{"RacingNumber":"7","LapPosition":["2"]},"8":{"RacingNumber":"8","LapPosition":["1"]}}\r\n'
    b'00:02:01.000{"7":{"LapPosition":{"1":"1"}}}\r\n'
    b'00:02:02.000{"8":{"LapPosition":{"1":"2"}}}\r\n'
)
TIMING = (
    b'00:00:01.000{"Lines":{"7":{"Position":"2"},"8":{"Position":"1"},"9":{"Position":"3"}}}\r\n'
    b'00:02:00.900{"Lines":{"7":{"Position":"1"},"8":{"Position":"2"}}}\r\n'
    b'00:02:01.000{"Lines":{"7":{"NumberOfLaps":1}}}\r\n'
    b'00:02:03.000{"Lines":{"9":{"NumberOfLaps":1}}}\r\n'
    b'00:04:03.000{"Lines":{"9":{"NumberOfLaps":2,"Position":"2"}}}\r\n'
    b'00:04:04.000{"Lines":{"9":{"NumberOfLaps":2}}}\r\n'
    b'00:05:00.000{"Lines":{"8":{"Position":"1"}}}\r\n'
)


def test_lap_series_begins_with_the_grid() -> None:
    decoded = decode_lap_series(LAP_SERIES)
    assert decoded.rows.schema == pl.Schema(LAP_POSITION_SCHEMA)
    assert decoded.rows.select("car_number", "lap_number", "position").rows() == [
        ("7", 0, 2),
        ("8", 0, 1),
        ("7", 1, 1),
        ("8", 1, 2),
    ]
    assert decoded.faults == []


def test_position_at_the_line_is_the_one_sent_by_then() -> None:
    rows = lap_positions(decode_timing_stream(TIMING), None)
    assert rows.select("car_number", "lap_number", "position", "session_time_ms").rows() == [
        ("7", 1, 1, 121_000),
        ("9", 1, 3, 123_000),
        ("9", 2, 2, 244_000),
    ]


def test_lap_series_goes_before_timing_data() -> None:
    rows = lap_positions(decode_timing_stream(TIMING), decode_lap_series(LAP_SERIES))
    sources = rows.select("car_number", "lap_number", "source_topic").rows()
    assert sources == [
        ("7", 0, "LapSeries"),
        ("7", 1, "LapSeries"),
        ("8", 0, "LapSeries"),
        ("8", 1, "LapSeries"),
        ("9", 1, "TimingData"),
        ("9", 2, "TimingData"),
    ]
    alone = lap_positions(None, decode_lap_series(LAP_SERIES))
    assert alone.height == 4
    assert lap_positions(None, None).schema == pl.Schema(LAP_POSITION_SCHEMA)


def test_odd_position_is_a_fault_and_the_others_are_read() -> None:
    decoded = decode_lap_series(b'00:00:01.000{"7":{"LapPosition":["1","x"]}}\r\n00:00:02.000[]\r\nnoise\r\n')
    assert decoded.rows["lap_number"].to_list() == [0]
    assert {fault.line_number for fault in decoded.faults} == {1, 2, 3}
    assert "car 7: 'x' in lap 1 is not a position" in {fault.reason for fault in decoded.faults}


def test_radio_captures_are_listed_once_with_their_moment() -> None:
    decoded = decode_team_radio(
        b'00:12:45.660{"Captures":[{"Utc":"2030-10-25T20:59:10.493Z","RacingNumber":"7","Path":"TeamRadio/A.mp3"}]}\r\n'
        b'00:34:18.128{"Captures":{"1":{"RacingNumber":"8","Path":"TeamRadio/B.mp3"}}}\r\n'
        b'00:34:19.128{"Captures":{"1":{"Utc":"2030-10-25T21:20:42Z"}}}\r\n'
        b'00:35:00.000{"Else":1}\r\n'
    )
    moment = dt.datetime(2030, 10, 25, 20, 59, 10, 493_000, tzinfo=dt.UTC)
    assert decoded.rows.rows() == [
        (1, "7", moment, 765_660, "TeamRadio/A.mp3", 1),
        (2, "8", dt.datetime(2030, 10, 25, 21, 20, 42, tzinfo=dt.UTC), 2_058_128, "TeamRadio/B.mp3", 2),
    ]
    assert [(fault.line_number, fault.reason) for fault in decoded.faults] == [
        (4, "the message has no Captures")
    ]


def test_prediction_merges_what_a_message_leaves_out() -> None:
    decoded = decode_championship_prediction(
        b'00:00:01.000{"Drivers":{"7":{"RacingNumber":"7","CurrentPosition":2,"PredictedPosition":2,'
        b'"CurrentPoints":100.5,"PredictedPoints":100.5}},"Teams":{"Team A Engine":{"TeamName":"Team A",'
        b'"CurrentPosition":1,"PredictedPosition":1,"CurrentPoints":150,"PredictedPoints":150}}}\r\n'
        b'00:10:00.000{"Drivers":{"7":{"PredictedPosition":1,"PredictedPoints":125.5}}}\r\n'
        b'00:11:00.000{"Teams":{"Team A Engine":{"PredictedPoints":175.0}}}\r\n'
    )
    shown = decoded.rows.select(
        "championship",
        "competitor",
        "update_number",
        "car_number",
        "team_name",
        "predicted_position",
        "predicted_points",
    )
    assert shown.rows() == [
        ("drivers", "7", 1, "7", None, 2, 100.5),
        ("constructors", "Team A Engine", 1, None, "Team A", 1, 150.0),
        ("drivers", "7", 2, "7", None, 1, 125.5),
        ("constructors", "Team A Engine", 2, None, "Team A", 1, 175.0),
    ]
    assert decoded.rows["current_points"].to_list() == [100.5, 150.0, 100.5, 150.0]
    assert decoded.faults == []


def test_prediction_without_an_object_is_a_fault() -> None:
    decoded = decode_championship_prediction(b"00:00:01.000[1]\r\n")
    assert decoded.rows.is_empty()
    assert [fault.line_number for fault in decoded.faults] == [1]
