"""Tables of the live feed in the lake: rows agree with the laps, damage is named, no topic is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from lake.lake import Lake
from lake.settings import LakeSettings

RADIO = "processed.live_timing__team_radio"
UNREADABLE = "processed.live_timing__unreadable_lines"
BRAND_NEW = b'\xef\xbb\xbf00:00:01.000{"Something":"new"}\r\n'


def test_positions_sent_at_the_line_are_those_of_the_laps(ingested, weekend) -> None:
    sent = ingested.rows("processed.live_timing__lap_positions")
    laps = ingested.rows("curated.laps").filter(pl.col("position").is_not_null())
    both = laps.join(sent, on=["session_key", "car_number", "lap_number"], suffix="_sent")
    assert both.height >= 0.9 * laps.height > 0
    assert both.filter(pl.col("position") == pl.col("position_sent")).height > 0.95 * both.height


def test_leader_has_no_gap_and_the_others_run_behind(ingested, weekend) -> None:
    stream = ingested.rows("processed.live_timing__timing_stream")
    race = stream.filter((pl.col("session_key") == f"{weekend.key}-R") & pl.col("gap_text").is_not_null())
    leads = race.filter(pl.col("gap_text").str.starts_with("LAP"))
    assert leads.height > 0
    assert set(leads["gap_to_leader_ms"]) == {0}
    assert race.filter(pl.col("gap_to_leader_ms") > 0).height > 0
    assert race["gap_to_leader_ms"].min() == 0


def test_radio_is_listed_with_the_address_of_its_audio(ingested, weekend) -> None:
    radio = ingested.rows(RADIO)
    session = weekend.file("Race", "TeamRadio").parent.relative_to(weekend.mirror)
    race = radio.filter(pl.col("session_key") == f"{weekend.key}-R")
    assert race.height > 0
    assert race["audio_url"].str.starts_with(f"https://{session.as_posix()}/TeamRadio/").all()
    assert race.select("car_number", "captured_at").null_count().row(0) == (0, 0)


def test_race_control_of_the_invented_weekend_is_understood(ingested, weekend) -> None:
    events = ingested.rows("curated.race_control_events")
    assert events.height == ingested.rows("processed.fastf1__race_control_messages").height > 0
    assert events.filter(pl.col("event_kind") == "OTHER").is_empty()


def test_tyre_sets_hold_every_stint_once(ingested, weekend) -> None:
    sets, stints = ingested.rows("curated.tyre_sets"), ingested.rows("curated.stints")
    assert sets["stints_count"].sum() == stints.height > 0
    assert sets["laps_count"].sum() == stints["laps_count"].sum()
    missing = ingested.rows("curated.coverage").filter(pl.col("topic") == "compound_grade")
    assert set(missing["subject_key"]) == set(stints["session_key"])


@dataclass(frozen=True)
class Changed:
    """The weekend taken in again after its race's radio lost a line and a topic nobody knows came along."""

    ingest: Any
    race: str
    radio_count_before: int
    line_count: int
    changed: set[str]


@pytest.fixture(scope="module")
def changed(tmp_path_factory, weekend, ingested) -> Iterator[Changed]:
    folder = tmp_path_factory.mktemp("changed")
    with Lake.open(LakeSettings(home=folder / "home")) as lake:
        ingest = type(ingested)(lake)
        ingest(weekend.source, weekend.key)
        before = ingest.rows(RADIO).height
        copy = weekend.copy(folder / "copy")
        path = copy.file("Race", "TeamRadio")
        line_count = path.read_bytes().count(b"\n")
        path.write_bytes(path.read_bytes() + b'00:59:59.000{"Captures":{"99":{"RacingNumber"\r\n')
        path.with_name("BrandNew.jsonStream").write_bytes(BRAND_NEW)
        tables = ingest(copy.source, weekend.key)["processed"].tables
        rewritten = {name for name, table in tables.items() if table.is_changed}
        yield Changed(ingest, f"{weekend.key}-R", before, line_count, rewritten)


def coverage(changed: Changed, topic: str) -> list[tuple[Any, ...]]:
    rows = changed.ingest.rows("curated.coverage").filter(
        (pl.col("topic") == topic) & (pl.col("subject_key") == changed.race)
    )
    return rows.select("coverage_status", "rows_count", "byte_count").rows()


def test_broken_line_of_a_small_topic_is_named_and_the_rest_is_kept(changed) -> None:
    named = changed.ingest.rows(UNREADABLE).select("session_key", "topic", "line_number").rows()
    assert named == [(changed.race, "TeamRadio", changed.line_count + 1)]
    assert changed.ingest.rows(RADIO).height == changed.radio_count_before
    assert coverage(changed, "TeamRadio")[0][0] == "partial"


def test_changed_radio_rewrites_no_laps(changed) -> None:
    assert UNREADABLE in changed.changed
    assert changed.changed <= {UNREADABLE, RADIO}


def test_topic_that_nobody_reads_is_kept_and_said_to_be_there(changed) -> None:
    kept = changed.ingest.rows("raw.live_timing__responses").filter(pl.col("topic") == "BrandNew")
    assert kept["body"].to_list() == [BRAND_NEW]
    assert coverage(changed, "BrandNew") == [("available", None, len(BRAND_NEW))]
