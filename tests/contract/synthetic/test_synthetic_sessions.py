"""Practice, sprint qualifying, sprint and a stopped race of the invented feed against real ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from feed_shapes import MEXICO_Q, MIAMI_S, Shape, leaves, messages, shapes

SILVERSTONE_FP1 = "2024/2024-07-07_British_Grand_Prix/2024-07-05_Practice_1"
SHANGHAI_SQ = "2024/2024-04-21_Chinese_Grand_Prix/2024-04-19_Sprint_Qualifying"
MELBOURNE_R = "2025/2025-03-16_Australian_Grand_Prix/2025-03-16_Race"
JEDDAH_R = "2021/2021-12-05_Saudi_Arabian_Grand_Prix/2021-12-05_Race"

PAIRS = (
    ("Practice_1", SILVERSTONE_FP1),
    ("Sprint_Qualifying", SHANGHAI_SQ),
    ("Sprint", MIAMI_S),
    ("Race", MELBOURNE_R),
)
"""Session of the invented sprint weekend, and a real one of its kind. Melbourne 2025 was wet."""

COMPARED = (
    "DriverList", "RaceControlMessages", "SessionInfo", "SessionStatus", "TimingAppData", "TimingData",
    "TrackStatus", "WeatherData",
)  # fmt: skip

LEFT_OUT: dict[str, set[str]] = {
    # Stints sent as a list with content, which happens when the feed begins late.
    "TimingAppData": {
        *(f".Lines.*.Stints[].{name}" for name in (
            "Compound", "LapFlags", "New", "StartLaps", "TotalLaps", "TyresNotChanged"
        )),
    },
    # Cars that stand on the track in practice and drive on; stops counted in qualifying.
    "TimingData": {".Lines.*.Sectors.*.Stopped", ".Lines.*.NumberOfPitStops"},
    # Sent until 2024.
    "DriverList": {".*.CountryCode", ".*.NameFormat"},
    # Yellow and blue flags, and the status of DRS, in sessions in which the invented one has none.
    "RaceControlMessages": {".Messages.*.RacingNumber", ".Messages.*.Sector", ".Messages.*.Status"},
}  # fmt: skip
"""Fields that a real session of the kind has, and this one of the invented weekend need not."""


def session(static: Path, name: str) -> Path:
    return next(static.glob(f"*/*/*-??_{name}"))


def session_shapes(folder: Path, topic: str) -> set[Shape]:
    path = folder / f"{topic}.jsonStream"
    return {shape for _, value in messages(path) for shape in shapes(value)} if path.is_file() else set()


@pytest.mark.parametrize(("name", "real_session"), PAIRS, ids=[name for name, _ in PAIRS])
@pytest.mark.parametrize("topic", COMPARED)
def test_a_session_has_no_field_that_real_ones_do_not_have(
    topic: str, name: str, real_session: str, invented_sprint: Path, real: Path
) -> None:
    ours = session_shapes(session(invented_sprint, name), topic)
    # Some fields came with the season of 2025, which has no real practice at hand.
    theirs = set().union(*(session_shapes(real / path, topic) for path in (real_session, MIAMI_S, MEXICO_Q)))
    assert ours
    assert ours - theirs == set()


@pytest.mark.parametrize(("name", "real_session"), PAIRS, ids=[name for name, _ in PAIRS])
@pytest.mark.parametrize("topic", COMPARED)
def test_a_session_has_every_field_that_its_kind_has(
    topic: str, name: str, real_session: str, invented_sprint: Path, real: Path
) -> None:
    ours = {path for path, _ in session_shapes(session(invented_sprint, name), topic)}
    theirs = {path for path, _ in session_shapes(real / real_session, topic)}
    assert theirs - ours - LEFT_OUT.get(topic, set()) == set()


def test_a_session_is_named_and_typed_as_its_kind(invented_sprint: Path, real: Path) -> None:
    for name, real_session in PAIRS:
        ours, theirs = (
            messages(folder / "SessionInfo.jsonStream")[0][1]
            for folder in (session(invented_sprint, name), real / real_session)
        )
        assert [ours.get(key) for key in ("Type", "Name", "Number")] == [
            theirs.get(key) for key in ("Type", "Name", "Number")
        ]


def test_a_red_flag_looks_like_a_real_one(invented_sprint: Path, real: Path) -> None:
    ours, theirs = session(invented_sprint, "Race"), real / JEDDAH_R
    for topic, key, wanted in (("SessionStatus", "Status", "Aborted"), ("TrackStatus", "Status", "5")):
        for folder in (ours, theirs):
            sent = [value[key] for _, value in messages(folder / f"{topic}.jsonStream")]
            assert wanted in sent
            assert sent[sent.index(wanted) + 1] in {"Started", "1"}
    for text in ("RED FLAG", r"RACE WILL RESUME AT \d\d:\d\d", "TRACK CLEAR"):
        for folder in (ours, theirs):
            said = [value for _, message in messages(folder / "RaceControlMessages.jsonStream")
                    for path, value in leaves(message) if path.endswith(".Message")]  # fmt: skip
            assert any(re.fullmatch(text, value) for value in said)


def test_rain_looks_like_real_rain(invented_sprint: Path, real: Path) -> None:
    folder = session(invented_sprint, "Race")
    wet = {value["Rainfall"] for _, value in messages(folder / "WeatherData.jsonStream")}
    assert wet == {"0", "1"}
    for static_folder in (folder, real / MELBOURNE_R):
        path = static_folder / "TimingAppData.jsonStream"
        compounds = {v for _, m in messages(path) for p, v in leaves(m) if p.endswith(".Compound")}
        assert {"INTERMEDIATE"} < compounds


def test_the_sprints_document_has_the_real_fields(sprint_mirror: Path, test_data: Path) -> None:
    folder = Path("api.jolpi.ca/ergast/f1/2025")
    ours = json.loads((sprint_mirror / folder / "90/sprint.json").read_bytes())
    theirs = json.loads((test_data / "mirror" / folder / "6/sprint.json").read_bytes())
    assert shapes(ours) <= shapes(theirs)
    table = ours["MRData"]["RaceTable"]["Races"][0]["SprintResults"]
    assert [row["points"] for row in table[:8]] == ["8", "7", "6", "5", "4", "3", "2", "1"]
