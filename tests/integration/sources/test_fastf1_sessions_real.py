"""Real sessions through FastF1: the counts that a full load of the same bytes gives."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lake.tables.registry import ALL_TABLES
from sources.errors import DamagedCacheError, UnreadableSessionError
from sources.fastf1_sessions import ParsedSession, SessionInput, parse_session
from sources.open_source import Source, open_source

SessionInputs = Callable[[Source, str], SessionInput]

LAPS = "processed.fastf1__laps"
COUNTS = {
    "2018-04-R": (848, 836),
    "2019-14-Q": (275, 166),
    "2020-03-FP2": (109, 69),
    "2020-05-FP2": (535, 457),
    "2021-14-FP2": (482, 426),
    "2021-18-Q": (311, 191),
    "2022-02-Q": (327, 213),
    "2022-10-FP1": (80, 34),
    "2023-04-Q": (356, 212),
    "2023-04-S": (308, 288),
    "2023-04-SQ": (233, 143),
    "2024-05-SQ": (218, 162),
    "2024-10-Q": (257, 161),
    "2024-12-FP1": (459, 370),
    "2025-06-S": (331, 311),
}


@pytest.fixture(scope="module")
def mexico(mirror: Source, session_input: SessionInputs) -> ParsedSession:
    return parse_session(session_input(mirror, "2025-20-Q"))


def test_mexico_qualifying_has_all_rows(mexico: ParsedSession) -> None:
    frames = {name.removeprefix("processed.fastf1__"): rows for name, rows in mexico.frames.items()}
    assert {name: rows.height for name, rows in frames.items()} == {
        "sessions": 1,
        "session_drivers": 20,
        "laps": 307,
        "tyre_stints": 100,
        "weather": 78,
        "race_control_messages": 14,
        "track_status": 3,
        "session_status": 11,
        "session_notes": 0,
    }
    laps = frames["laps"]
    assert laps["lap_time_ms"].is_not_null().sum() == 200
    assert laps["is_accurate"].sum() == 107
    assert mexico.malformed == ()
    assert mexico.notes == ()


def test_mexico_pole_is_norris(mexico: ParsedSession) -> None:
    laps = mexico.frames[LAPS].filter(~pl.col("is_deleted"))
    best = laps.group_by("driver_code").agg(pl.col("lap_time_ms").min()).sort("lap_time_ms")
    assert best.head(3).rows() == [("NOR", 75_586), ("LEC", 75_848), ("HAM", 75_938)]


def test_session_times_are_utc(mexico: ParsedSession) -> None:
    row = mexico.frames["processed.fastf1__sessions"].to_dicts()[0]
    assert row["scheduled_start_at"] == dt.datetime(2025, 10, 25, 21, 0, tzinfo=dt.UTC)
    assert row["gmt_offset"] == "-06:00"
    assert row["started_session_time_ms"] == 816_231
    assert row["ended_session_time_ms"] == 4_416_246


@pytest.mark.soak  # tests/e2e/test_real_sessions_of_the_mirror.py counts them in the lake
@pytest.mark.parametrize("key", sorted(COUNTS))
def test_every_session_with_timing_has_its_laps(
    key: str, mirror: Source, session_input: SessionInputs
) -> None:
    parsed = parse_session(session_input(mirror, key))
    laps = parsed.frames[LAPS]
    assert (laps.height, laps["lap_time_ms"].is_not_null().sum()) == COUNTS[key]
    assert laps.select("car_number", "lap_number").is_unique().all()
    _assert_contracts(parsed)


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        ("2022-06-Q", "TimingAppData, SessionStatus"),
        ("2023-08-Q", "TimingAppData, SessionStatus"),
        ("2025-18-R", "TimingData"),
        ("2024-10-R", "TimingData, TimingAppData, SessionStatus"),
    ],
)
def test_session_without_what_laps_need_is_partial_and_says_so(
    key: str, missing: str, mirror: Source, session_input: SessionInputs
) -> None:
    parsed = parse_session(session_input(mirror, key))
    assert parsed.frames[LAPS].is_empty()
    assert str(parsed.notes[0]) == f"no laps: no layer has {missing}"
    _assert_contracts(parsed)


def test_singapore_without_timing_keeps_the_rest(mirror: Source, session_input: SessionInputs) -> None:
    parsed = parse_session(session_input(mirror, "2025-18-R"))
    assert parsed.frames["processed.fastf1__race_control_messages"].height == 119
    assert parsed.frames["processed.fastf1__weather"].height == 161


def test_frames_keep_their_contracts(mexico: ParsedSession) -> None:
    _assert_contracts(mexico)


def test_laps_equal_a_full_load_by_fastf1(mirror: Source, session_input: SessionInputs) -> None:
    import fastf1
    import pandas as pd

    from sources.calendar_documents import schedule_document
    from sources.fastf1_engine import mounted_fastf1
    from sources.topics import topic_file_name

    found = session_input(mirror, "2025-20-Q")
    topics = {topic_file_name(topic): response.body for topic, response in found.topics.items()}
    calendar = {schedule_document(found.calendar): found.calendar.body}
    with mounted_fastf1(topics, calendar):
        session = fastf1.get_session(2025, 20, "Q")
        session.load()
    theirs = session.laps.assign(order=session.laps["DriverNumber"].astype(int))
    theirs = theirs.sort_values(["order", "LapNumber"]).reset_index(drop=True)
    started_at = session.t0_date.to_pydatetime().replace(tzinfo=dt.UTC)
    ours = parse_session(found, clock_started_at=started_at).frames[LAPS]
    assert ours["car_number"].to_list() == theirs["DriverNumber"].to_list()
    for column, name in {
        "lap_time_ms": "LapTime",
        "sector_2_ms": "Sector2Time",
        "sector_3_session_time_ms": "Sector3SessionTime",
        "lap_start_session_time_ms": "LapStartTime",
        "lap_end_session_time_ms": "Time",
        "pit_in_session_time_ms": "PitInTime",
        "pit_out_session_time_ms": "PitOutTime",
    }.items():
        expected = [None if pd.isna(value) else round(value.total_seconds() * 1000) for value in theirs[name]]
        assert ours[column].to_list() == expected, column
    starts = [None if pd.isna(value) else value.to_pydatetime() for value in theirs["LapStartDate"]]
    assert ours["lap_start_at"].dt.replace_time_zone(None).to_list() == starts
    for column, name in {
        "speed_st_kph": "SpeedST",
        "tyre_age_laps": "TyreLife",
        "lap_number": "LapNumber",
    }.items():
        assert ours[column].to_list() == [None if pd.isna(value) else value for value in theirs[name]]
    for column, name in {
        "is_accurate": "IsAccurate",
        "is_deleted": "Deleted",
        "is_personal_best": "IsPersonalBest",
        "compound_text": "Compound",
        "track_status": "TrackStatus",
    }.items():
        assert ours[column].to_list() == theirs[name].to_list(), column
    assert fastf1.Cache._CACHE_DIR is None


def test_broken_lines_are_named_and_the_rest_is_read(mirror: Source, session_input: SessionInputs) -> None:
    found = session_input(mirror, "2025-20-Q")
    broken = dict(found.topics)
    for topic, line in (
        ("RaceControlMessages", b'00:20:00.000{"_kf":true}'),
        ("WeatherData", b""),
        ("TimingAppData", b'00:20:00.000{"Lines":{"4":7}}'),
        ("TimingData", b"00:20:00.000{cut off"),
    ):
        lines = broken[topic].body.split(b"\r\n")
        body = b"\r\n".join([*lines[:2], line, *lines[2:]])
        broken[topic] = replace(broken[topic], body=body)
    parsed = parse_session(replace(found, topics=broken))
    assert {line.topic: line.line_number for line in parsed.malformed} == {
        "RaceControlMessages": 3,
        "WeatherData": 3,
        "TimingAppData": 3,
        "TimingData": 3,
    }
    assert parsed.frames[LAPS].height == 307
    assert parsed.frames["processed.fastf1__race_control_messages"].height == 14
    assert parsed.frames["processed.fastf1__weather"].height == 78
    assert "TimingData: 1 of" in " ".join(map(str, parsed.notes))


def test_topic_without_a_readable_line_is_an_error(mirror: Source, session_input: SessionInputs) -> None:
    found = session_input(mirror, "2025-20-Q")
    broken = {
        **found.topics,
        "TimingData": replace(found.topics["TimingData"], body=b"<html>\r\n</html>\r\n"),
    }
    with pytest.raises(UnreadableSessionError, match=r"2025-20-Q: none of the 2 lines of TimingData.*line 1"):
        parse_session(replace(found, topics=broken))


def _with(session: SessionInput, topic: str, body: bytes) -> SessionInput:
    return replace(session, topics={**session.topics, topic: replace(session.topics[topic], body=body)})


def test_fields_that_are_null_cost_no_message(mirror: Source, session_input: SessionInputs) -> None:
    found = session_input(mirror, "2025-20-Q")
    messages = found.topics["RaceControlMessages"].body.replace(b'"Category"', b'"Lap":null,"Category"')
    weather = found.topics["WeatherData"].body.replace(b'"Pressure":"780.8"', b'"Pressure":null', 1)
    parsed = parse_session(_with(_with(found, "RaceControlMessages", messages), "WeatherData", weather))
    assert parsed.frames["processed.fastf1__race_control_messages"].height == 14
    samples = parsed.frames["processed.fastf1__weather"]
    assert (samples.height, samples["pressure_hpa"].null_count()) == (78, 1)
    assert parsed.malformed == ()


def test_first_session_info_that_is_incomplete_is_passed_over(
    mirror: Source, session_input: SessionInputs
) -> None:
    found = session_input(mirror, "2025-20-Q")
    body = b'00:00:00.000{"Name":"Qualifying"}\r\n' + found.topics["SessionInfo"].body
    parsed = parse_session(_with(found, "SessionInfo", body))
    assert parsed.frames["processed.fastf1__sessions"]["session_id_f1"].to_list() == [9873]
    assert str(parsed.malformed[0]).startswith("SessionInfo line 1: no StartDate")


def test_sound_lines_that_fastf1_cannot_take_are_an_error(
    mirror: Source, session_input: SessionInputs
) -> None:
    found = session_input(mirror, "2025-20-Q")
    timing = found.topics["TimingData"].body.replace(
        b'"InPit":true', b'"InPit":true,"BestLapTimes":{"x":{}}', 1
    )
    with pytest.raises(UnreadableSessionError, match="2025-20-Q: FastF1 could not make laps of TimingData"):
        parse_session(_with(found, "TimingData", timing))
    status = b'00:00:01.000{"Messages":{"1":{"Utc":"2025-10-25T21:00:00","Lap":[]}}}\r\n'
    with pytest.raises(UnreadableSessionError, match="FastF1 could not read RaceControlMessages"):
        parse_session(_with(found, "RaceControlMessages", status))


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (b'00:00:12.704{"Status":"Inactive"}\r\n', "no laps: the session never started"),
        (b'00:00:12.704{"Status":"Started"}\r\n', "no laps: no car drove one"),
    ],
)
def test_session_without_a_lap_is_no_error(
    status: bytes, note: str, mirror: Source, session_input: SessionInputs
) -> None:
    found = session_input(mirror, "2025-20-Q")
    timing = b"\r\n".join(found.topics["TimingData"].body.split(b"\r\n")[:3]) + b"\r\n"
    parsed = parse_session(_with(_with(found, "TimingData", timing), "SessionStatus", status))
    assert parsed.frames[LAPS].is_empty()
    assert str(parsed.notes[0]) == note


def test_empty_topic_is_partial_not_failed(mirror: Source, session_input: SessionInputs) -> None:
    found = session_input(mirror, "2025-20-Q")
    emptied = {**found.topics, "WeatherData": replace(found.topics["WeatherData"], body=b"")}
    emptied["TimingData"] = replace(found.topics["TimingData"], body=b"\xef\xbb\xbf")
    parsed = parse_session(replace(found, topics=emptied))
    assert parsed.frames[LAPS].is_empty()
    assert parsed.frames["processed.fastf1__weather"].is_empty()
    assert parsed.line_counts["TimingData"] == 0


def test_converting_costs_little_beside_fastf1(mirror: Source, session_input: SessionInputs) -> None:
    from sources import fastf1_frames, fastf1_sessions

    spent = []
    convert = fastf1_frames.session_frames

    def timed(*args: object) -> dict[str, pl.DataFrame]:
        begin = time.thread_time()
        frames = convert(*args)  # type: ignore[arg-type]
        spent.append(time.thread_time() - begin)
        return frames

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fastf1_sessions, "session_frames", timed)
        found = session_input(mirror, "2025-20-Q")
        parse_session(found)
    assert spent[0] < 0.2


def test_monaco_is_read_from_parsed_files_and_the_cache_stays_as_it_was(
    test_data: Path, tmp_path: Path, session_input: SessionInputs
) -> None:
    cache = test_data / "fastf1-cache"
    before = _tree_hash(cache)
    source = open_source(f"fastf1-cache:{cache},mirror:{test_data / 'mirror'}")
    found = session_input(source, "2024-08-R")
    assert found.topics == {}
    parsed = parse_session(found, scratch=tmp_path)
    laps = parsed.frames[LAPS]
    assert laps.height == 1237
    assert laps["source_layer"].unique().to_list() == ["fastf1-cache"]
    assert laps["response_sha256"].null_count() == 1237
    assert parsed.frames["processed.fastf1__race_control_messages"].height == 118
    finish = laps.filter(pl.col("lap_number") == 78).sort("position")["driver_code"].to_list()
    assert finish[:3] == ["LEC", "PIA", "SAI"]
    _assert_contracts(parsed)
    assert _tree_hash(cache) == before
    assert list(tmp_path.iterdir()) == []


def test_parsed_file_of_another_version_is_refused(
    test_data: Path, tmp_path: Path, session_input: SessionInputs
) -> None:
    import pickle

    source = open_source(f"fastf1-cache:{test_data / 'fastf1-cache'}")
    found = session_input(source, "2024-08-R")
    (tmp_path / "lap_count.ff1pkl").write_bytes(pickle.dumps({"version": 13, "data": {}}))
    with pytest.raises(DamagedCacheError, match="version 13"):
        parse_session(replace(found, parsed_folder=tmp_path))


def _assert_contracts(parsed: ParsedSession) -> None:
    for name, rows in parsed.frames.items():
        contract = ALL_TABLES[name]
        assert tuple(rows.columns) == contract.column_names
        schema = rows.to_arrow().schema
        for column in contract.columns:
            assert schema.field(column.name).type.equals(column.arrow_type), (name, column.name)
            assert column.nullable or rows[column.name].null_count() == 0, (name, column.name)
        assert rows.select(contract.key).is_unique().all()


def _tree_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        stat = path.stat()
        digest.update(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
