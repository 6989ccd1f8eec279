"""Faults of the feed, one by one: each is repaired with a note, or named. None passes silently."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.fastf1_sessions import ParsedSession, parse_session
from sources.open_source import open_source
from sources.synthetic.errors import NothingToBreakError
from sources.synthetic.faults import FAULTS, Fault, break_feed
from sources.synthetic.options import WeekendOptions
from sources.synthetic.truth import Truth
from sources.synthetic.weekend import write_weekend

RACE = WeekendOptions(cars=3, race_laps=7, retirements=0, sessions=("R",), telemetry=False)
NAMED = {
    ("dropped", "TimingData"): ("laps of car", "not in turn"),
    ("silent", "TimingData"): ("silent for", "while the race ran"),
    ("late", "TimingData"): ("came at another time than the lap time says",),
    ("duplicated", "TimingData"): ("came twice", "read once"),
    ("reordered", "TimingData"): ("out of the order of the clock", "read in order"),
    ("late_start", "TimingData"): ("TimingData: begins", "after the session did"),
    ("early_stop", "TimingData"): ("TimingData: stops", "before the session did"),
    ("broken_bytes", "TimingData"): ("TimingData: 3 of", "lines cannot be read"),
    ("wrong_stint_counters", "TimingAppData"): ("TimingAppData: stint 3 of car", "laps on tyres go back"),
    ("silent", "Heartbeat"): ("Heartbeat: silent for",),
    ("silent", "WeatherData"): ("WeatherData: silent for",),
    ("duplicated", "TimingAppData"): ("TimingAppData: 3 messages came twice",),
    ("reordered", "TimingAppData"): ("TimingAppData:", "out of the order"),
    ("early_stop", "SessionStatus"): ("nothing says that it ended",),
    ("broken_bytes", "RaceControlMessages"): ("RaceControlMessages: 3 of", "lines cannot be read"),
}
"""Fault and topic to what the notes must say of it."""

NOTES = "processed.fastf1__session_notes"

Parse = Callable[[Truth], ParsedSession]


@pytest.fixture(scope="module")
def race(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """A small race, as it should be."""
    return write_weekend(tmp_path_factory.mktemp("race"), RACE)


@pytest.fixture
def parse(session_input: Any) -> Parse:
    """Read the race of a mirror as an ingest does."""

    def read(truth: Truth) -> ParsedSession:
        return parse_session(session_input(open_source(f"mirror:{truth.mirror}"), f"{truth.weekend_key}-R"))

    return read


@pytest.fixture
def broken(race: Truth, tmp_path: Path) -> Truth:
    """The same race in a folder that a test may change."""
    shutil.copytree(race.mirror, tmp_path / "mirror")
    return dataclasses.replace(race, mirror=tmp_path / "mirror")


def test_a_sound_feed_has_no_notes(race: Truth, parse: Parse) -> None:
    parsed = parse(race)
    assert parsed.notes == ()
    assert parsed.frames[NOTES].is_empty()
    assert parsed.malformed == ()


def test_every_fault_is_in_the_matrix() -> None:
    assert {kind for kind, _ in NAMED} == set(FAULTS)


@pytest.mark.parametrize(("kind", "topic"), NAMED, ids=[f"{kind}-{topic}" for kind, topic in NAMED])
def test_no_fault_passes_silently(kind: Any, topic: str, broken: Truth, parse: Parse) -> None:
    (done,) = break_feed(broken, [Fault(kind, "R", topic)])
    assert done.broken != done.original
    assert done.lines
    parsed = parse(broken)
    rows = parsed.frames[NOTES].filter(pl.col("topic") == topic)
    notes = "\n".join(f"{topic}: {note}" for note in rows["note"])
    for words in NAMED[kind, topic]:
        assert words in notes
    assert set(notes.split("\n")) <= {str(note) for note in parsed.notes}
    assert rows["response_sha256"].unique().to_list() == [hashlib.sha256(done.broken).hexdigest()]
    if kind == "broken_bytes":
        assert [(line.topic, line.line_number) for line in parsed.malformed] == [
            (topic, number) for number in done.lines
        ]


@pytest.mark.parametrize("kind", ["duplicated", "reordered"])
def test_messages_twice_or_out_of_order_change_no_row(
    kind: Any, race: Truth, broken: Truth, parse: Parse
) -> None:
    break_feed(broken, [Fault(kind, "R", topic) for topic in ("TimingData", "TimingAppData")])
    sound, repaired = parse(race).frames, parse(broken).frames
    for table in ("processed.fastf1__laps", "processed.fastf1__tyre_stints"):
        rows = [frames[table].select(pl_columns(frames[table])) for frames in (sound, repaired)]
        assert rows[0].height > 0
        assert rows[0].equals(rows[1])


def pl_columns(rows: Any) -> list[str]:
    """Columns that say what happened, not where the bytes came from."""
    return [name for name in rows.columns if "sha256" not in name and not name.startswith("source_")]


def test_a_fault_without_a_place_for_it_is_an_error(broken: Truth) -> None:
    with pytest.raises(NothingToBreakError, match=r"no CarData\.z of R"):
        break_feed(broken, [Fault("silent", "R", "CarData.z")])
    with pytest.raises(NothingToBreakError, match="nothing for a fault dropped"):
        break_feed(broken, [Fault("dropped", "R", "WeatherData")])
