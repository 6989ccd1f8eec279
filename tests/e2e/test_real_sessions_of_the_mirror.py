"""Every session of the mirror is in the lake, or a coverage row says what is missing."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from racing.invariants import check_invariants
from sources.open_source import open_source

LAPS = {
    "2018-04-R": 848,
    "2019-14-Q": 275,
    "2020-03-FP2": 109,
    "2020-05-FP2": 535,
    "2021-14-FP2": 482,
    "2021-18-Q": 311,
    "2022-02-Q": 327,
    "2022-10-FP1": 80,
    "2023-04-Q": 356,
    "2023-04-S": 308,
    "2023-04-SQ": 233,
    "2024-05-SQ": 218,
    "2024-10-Q": 257,
    "2024-12-FP1": 459,
    "2025-06-S": 331,
    "2025-20-Q": 307,
}
"""Sessions with complete timing, and the laps that FastF1 makes of them."""

WITHOUT_LAPS = {"2022-06-Q", "2023-08-Q", "2025-18-R"}
"""TimingData without the topics that FastF1 needs beside it, and a race without TimingData."""

WITHOUT_TIMING = {"2022-02-R", "2024-10-R"}
"""Races of the same weekends of which the mirror has other topics."""

KNOWN_WARNINGS = {
    # FastF1 places an in-lap of a red-flagged session before its own start.
    ("2022-02-Q", "laps_follow_each_other"),
    # The official document gives two gaps to the car ahead.
    ("2023-04-S", "gaps_grow_with_position"),
}
"""Session and invariant that does not hold there."""

ARCHIVE = "https://livetiming.formula1.com/static/"

WEEKENDS = sorted({key.rpartition("-")[0] for key in {*LAPS, *WITHOUT_LAPS}})


@dataclass(frozen=True)
class Mirror:
    """A lake that took in the mirror's weekends, and the mirror."""

    lake: Lake
    folder: Path

    def rows(self, sql: str) -> pl.DataFrame:
        """Return the answer to a statement."""
        return pl.DataFrame(pl.from_arrow(self.lake.query(sql)))


@pytest.fixture(scope="module")
def mirror(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    folder = test_data / "mirror"
    source = open_source(f"mirror:{folder}")
    with Lake.open(LakeSettings(home=tmp_path_factory.mktemp("mirror"))) as lake:
        for key in WEEKENDS:
            options = RunOptions("run", key, has_pictures=False)
            fetch_raw(lake, options, source)
            compute_processed(lake, options, source)
            compute_curated(lake, options, CURATED)
        yield Mirror(lake, folder)


def test_every_session_has_the_laps_that_fastf1_makes_of_it(mirror: Mirror) -> None:
    counted = mirror.rows("select session_key, count(*) from curated.laps group by all")
    assert dict(counted.iter_rows()) == LAPS


def test_mexico_qualifying_is_complete(mirror: Mirror) -> None:
    where = "where session_key = '2025-20-Q'"
    assert mirror.rows(f"select count(*) from curated.driver_identities {where}").item() == 20
    assert mirror.rows(f"select count(*) from processed.fastf1__weather {where}").item() == 78
    assert mirror.rows(f"select count(*) from processed.fastf1__race_control_messages {where}").item() == 14
    telemetry = "processed.live_timing__"
    assert mirror.rows(f"select count(*) from {telemetry}car_telemetry {where}").item() == 347_120
    assert mirror.rows(f"select count(*) from {telemetry}position_telemetry {where}").item() == 358_400
    first = mirror.rows(
        "select driver_code, coalesce(q3_ms, q2_ms, q1_ms) from curated.results "
        f"{where} order by result_order limit 3"
    )
    assert first.rows() == [("NOR", 75_586), ("LEC", 75_848), ("HAM", 75_938)]


def test_raw_bytes_are_those_of_the_index(mirror: Mirror) -> None:
    with (mirror.folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        promised = {row["url"]: row["sha256"] for row in rows}
    stored = mirror.lake.read("raw.live_timing__responses", columns=["url", "body", "sha256"])
    assert stored.num_rows > 120
    for row in stored.to_pylist():
        assert hashlib.sha256(row["body"]).hexdigest() == row["sha256"] == promised[row["url"]]


def test_what_a_session_lacks_is_a_coverage_row_with_the_reason(mirror: Mirror) -> None:
    lacking = mirror.rows(
        "select subject_key, topic, reason from curated.coverage "
        "where is_essential and coverage_status = 'absent'"
    )
    assert lacking["reason"].null_count() == 0
    topics = {(row[0], row[1]) for row in lacking.iter_rows()}
    assert ("2025-18-R", "TimingData") in topics
    assert {("2022-06-Q", "TimingAppData"), ("2023-08-Q", "SessionStatus")} <= topics
    announced = set(mirror.rows("select session_key from curated.sessions")["session_key"])
    covered = set(mirror.rows("select distinct subject_key from curated.coverage")["subject_key"])
    assert {key for key in announced if re.fullmatch(r"\d{4}-\d{2}-\w+", key)} <= covered


def test_no_difference_is_unexplained(mirror: Mirror) -> None:
    assert mirror.rows("select * from curated.discrepancies where not is_explained").rows() == []


def test_every_invariant_holds_over_all_sessions(mirror: Mirror) -> None:
    names = ("curated.laps", "curated.stints", "curated.pit_stops", "curated.results")
    frames = {name: mirror.rows(f"select * from {name}") for name in names}
    assert frames["curated.laps"]["stint_number"].null_count() == 0
    broken = {
        (violation.session_key, name)
        for name, violations in check_invariants(frames).items()
        for violation in violations
    }
    assert broken == KNOWN_WARNINGS


Messages = list[dict[str, Any]]


def messages_of(body: bytes) -> Messages:
    """Return the messages of a body, read by nothing of the project; lines that are none are left out."""
    found = []
    for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        clock = re.match(rb"\d{2,}:\d\d:\d\d\.\d{3}", line)
        text = line[clock.end() :].strip() if clock else b""
        try:
            if text.startswith(b'"'):
                text = zlib.decompress(base64.b64decode(text[1:-1]), -15).removeprefix(b"\xef\xbb\xbf")
            found.append(orjson.loads(text))
        except (orjson.JSONDecodeError, zlib.error, ValueError):
            continue
    return found


def parts(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value or [])


def car_samples(messages: Messages) -> int:
    cars = (car for m in messages for entry in m["Entries"] for car in entry["Cars"].values())
    return sum(any(value is not None for value in car["Channels"].values()) for car in cars)


def position_samples(messages: Messages) -> int:
    return sum(bool(car) for m in messages for entry in m["Position"] for car in entry["Entries"].values())


def standings(messages: Messages) -> int:
    """Count what TimingData says of where cars stand: by car, and by car and part of qualifying."""
    count = 0
    for line in (line for message in messages for line in parts(message.get("Lines"))):
        interval = (line.get("IntervalToPositionAhead") or {}).keys()
        said = line.keys() & {"Position", "NumberOfLaps", "GapToLeader", "TimeDiffToFastest"}
        count += bool(said or interval & {"Value", "Catching"} or "TimeDiffToPositionAhead" in line)
        best = {"TimeDiffToFastest", "TimeDifftoPositionAhead"}
        count += sum(bool(part.keys() & best) for part in parts(line.get("Stats")))
    return count


def laps_counted(messages: Messages) -> int:
    lines = ((car, line) for m in messages for car, line in (m.get("Lines") or {}).items())
    return len({(car, line["NumberOfLaps"]) for car, line in lines if line.get("NumberOfLaps")})


def tyre_stints(messages: Messages) -> int:
    found = set()
    for car, line in ((car, line) for m in messages for car, line in (m.get("Lines") or {}).items()):
        stints = line.get("Stints") or []
        found |= {(car, str(place)) for place in (stints if isinstance(stints, dict) else range(len(stints)))}
    return len(found)


WIRE: tuple[tuple[str, str, Callable[[Messages], int]], ...] = (
    ("CarData.z", "processed.live_timing__car_telemetry", car_samples),
    ("Position.z", "processed.live_timing__position_telemetry", position_samples),
    ("TimingData", "processed.live_timing__timing_stream", standings),
    ("TimingData", "processed.live_timing__lap_positions", laps_counted),
    ("TimingAppData", "processed.fastf1__tyre_stints", tyre_stints),
    ("RaceControlMessages", "curated.race_control_events", lambda ms: sum(len(m["Messages"]) for m in ms)),
    ("TeamRadio", "processed.live_timing__team_radio", lambda ms: sum(len(m["Captures"]) for m in ms)),
    ("WeatherData", "processed.fastf1__weather", len),
    ("TrackStatus", "processed.fastf1__track_status", len),
    ("SessionStatus", "processed.fastf1__session_status", len),
)
"""Topic, the table that it fills, and how many rows its messages hold, counted apart from our readers."""


def test_of_the_rows_on_the_wire_fewer_than_one_in_a_thousand_are_lost_and_each_is_named(
    mirror: Mirror,
) -> None:
    found = mirror.rows(
        "select session_key, topic, body from raw.live_timing__responses where http_status = 200"
    )
    bodies = {(key, topic): body for key, topic, body in found.iter_rows()}
    named = mirror.rows("select session_key, topic from processed.live_timing__unreadable_lines").rows()
    sent = lost = 0
    unnamed = []
    for topic, table, count in WIRE:
        counted = mirror.rows(f"select session_key, count(*) from {table} group by all")
        kept = dict(counted.iter_rows())
        for key in sorted(key for key, other in bodies if other == topic):
            on_wire = count(messages_of(bodies[key, topic]))
            sent += on_wire
            lost += abs(on_wire - kept.get(key, 0))
            if on_wire != kept.get(key, 0) and (key, topic) not in named:
                unnamed.append((key, topic, table, on_wire, kept.get(key, 0)))
    assert unnamed == []
    assert sent > 750_000
    assert lost < 0.001 * sent


def test_every_topic_that_the_mirror_holds_of_a_session_is_in_the_raw_zone(mirror: Mirror) -> None:
    with (mirror.folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    held = {row["url"] for row in rows if row["status"] == "200" and row["url"].startswith(ARCHIVE)}
    kept = set(mirror.rows("select url from raw.live_timing__responses where http_status = 200")["url"])
    folders = {url.rpartition("/")[0] for url in kept}
    assert len(folders) == len(LAPS) + len(WITHOUT_LAPS) + len(WITHOUT_TIMING)
    assert {url for url in held if url.rpartition("/")[0] in folders} == kept


def test_messages_of_race_control_are_understood(mirror: Mirror) -> None:
    events = mirror.rows("select event_kind, message from curated.race_control_events")
    assert events.height > 400
    unknown = events.filter(pl.col("event_kind") == "OTHER")["message"].to_list()
    assert len(unknown) < 0.03 * events.height, unknown


def test_used_tyres_of_the_sprint_are_those_of_the_shootout_before(mirror: Mirror) -> None:
    used = mirror.rows(
        "select car_number from curated.tyre_sets where weekend_key = '2023-04' and stints = 'SQ 2, S 1'"
    )
    assert {"1", "11"} <= set(used["car_number"])


def test_reserves_of_a_first_practice_are_drivers_with_laps_and_no_race(mirror: Mirror) -> None:
    reserves = mirror.rows(
        "select car_number, driver_key, team_key, evidence from curated.driver_identities "
        "where session_key = '2024-12-FP1' and driver_key not in "
        "(select driver_key from curated.results where session_key = '2024-12-R') order by car_number"
    )
    # Jolpica's list of the season has those who raced later that year; Hadjar did not before 2025.
    assert reserves.rows() == [
        ("37", "ref:isahad01", "red_bull", "feed_reference"),
        ("45", "colapinto", "williams", "season_code"),
        ("50", "bearman", "haas", "season_code"),
        ("61", "doohan", "alpine", "season_code"),
    ]
    laps = mirror.rows(
        "select car_number, driver_key, count(*) from curated.laps where session_key = '2024-12-FP1' "
        "and car_number in ('37', '45', '50', '61') group by all having count(lap_time_ms) > 5 order by all"
    )
    assert [row[:2] for row in laps.rows()] == [row[:2] for row in reserves.rows()]


def test_substitute_whom_no_list_of_the_feed_names_is_known_by_the_result(mirror: Mirror) -> None:
    # Hülkenberg drove for Pérez at the 70th Anniversary; of that practice the mirror has no list of drivers.
    rows = mirror.rows(
        "select car_number, driver_key, team_key, is_provisional from curated.driver_identities "
        "where session_key = '2020-05-FP2' and (car_number in ('11', '27') or is_provisional)"
    )
    assert rows.rows() == [("27", "hulkenberg", "racing_point", False)]


@pytest.mark.parametrize(
    ("weekend", "event_format", "codes"),
    [
        ("2020-03", "conventional", ["FP1", "FP2", "FP3", "Q", "R"]),
        ("2021-14", "sprint", ["FP1", "Q", "FP2", "S", "R"]),
        ("2023-04", "sprint_shootout", ["FP1", "Q", "SQ", "S", "R"]),
        ("2024-05", "sprint_qualifying", ["FP1", "SQ", "S", "Q", "R"]),
    ],
)
def test_weekend_has_the_sessions_of_its_form(
    mirror: Mirror, weekend: str, event_format: str, codes: list[str]
) -> None:
    where = f"where weekend_key = '{weekend}'"
    assert mirror.rows(f"select event_format from curated.weekends {where}").item() == event_format
    held = mirror.rows(f"select session_code from curated.sessions {where} order by session_number")
    assert held["session_code"].to_list() == codes


def test_sprint_is_an_official_result_and_what_sets_its_grid_is_timed(mirror: Mirror) -> None:
    sources = mirror.rows(
        "select session_key, result_source, count(*), count(points) from curated.results "
        "where regexp_matches(session_key, '(2023-04|2024-05)-S') group by all order by all"
    )
    assert sources.rows() == [
        ("2023-04-S", "official", 20, 20),
        ("2023-04-SQ", "timing", 20, 0),
        ("2024-05-S", "official", 20, 20),
        ("2024-05-SQ", "timing", 20, 0),
    ]
    # Leclerc was first in the shootout, and so on the grid of the sprint.
    grid = mirror.rows(
        "select sq.driver_key as fastest, s.driver_key as first from curated.results sq, curated.results s "
        "where sq.session_key = '2023-04-SQ' and sq.result_order = 1 "
        "and s.session_key = '2023-04-S' and s.grid_position = 1"
    )
    assert grid.rows() == [("leclerc", "leclerc")]


def test_sprint_qualifying_without_a_document_is_ranked_from_timing(mirror: Mirror) -> None:
    ranked = mirror.rows(
        "select driver_key, q3_ms from curated.results where session_key = '2024-05-SQ' order by result_order"
    )
    assert ranked["driver_key"].to_list()[:3] == ["norris", "hamilton", "alonso"]
    assert ranked["q3_ms"].is_not_null().sum() == 10


def test_round_that_was_called_off_is_in_no_calendar_and_no_weekend(mirror: Mirror) -> None:
    # Imola 2023 was called off for a flood.
    held = mirror.rows(
        "select round_number, circuit_key from curated.weekends where season = 2023 order by 1"
    )
    rounds = held.drop_nulls("round_number")
    assert rounds["round_number"].to_list() == list(range(1, 23))
    assert "imola" not in held["circuit_key"].to_list()
