"""The invented weekend against the real mirror, topic by topic: fields, types, cadence, deltas, bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import statistics
import zlib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

Shape = tuple[str, str]

TOPICS = (
    "AudioStreams", "CarData.z", "ContentStreams", "DriverList", "ExtrapolatedClock", "Heartbeat", "LapCount",
    "Position.z", "RaceControlMessages", "SessionData", "SessionInfo", "SessionStatus", "TeamRadio",
    "TimingAppData", "TimingData", "TimingStats", "TopThree", "TrackStatus", "WeatherData",
)  # fmt: skip

LEFT_OUT: dict[str, set[Shape]] = {
    # A driver list that takes something back, and best times that are taken back in the statistics.
    "DriverList": {(".*._deleted[]", "str")},
    "TimingStats": {(".Lines.*.PersonalBestLapTime._deleted[]", "str")},
    # The first message of a session about a marshal sector (ours is about the whole track), and a blue flag
    # (nobody is lapped in a race as short as the one made here).
    "RaceControlMessages": {(".Messages[].Sector", "int"), (".Messages.*.RacingNumber", "str")},
    # Stints sent as a list with content, which happens when the feed begins late.
    "TimingAppData": {
        (f".Lines.*.Stints[].{name}", kind)
        for name, kind in (
            ("Compound", "str"), ("LapFlags", "int"), ("New", "str"), ("StartLaps", "int"),
            ("TotalLaps", "int"), ("TyresNotChanged", "str"),
        )
    },
}  # fmt: skip
"""Fields of the real feed of 2025 that the invented one does not have, with the reason."""

MEXICO_Q = "2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
SINGAPORE_R = "2025/2025-10-05_Singapore_Grand_Prix/2025-10-05_Race"
MIAMI_S = "2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint"

CADENCE = (
    *((topic, "Qualifying", MEXICO_Q, factor) for topic, factor in (
        ("CarData.z", 1.1), ("Position.z", 1.1), ("Heartbeat", 1.1), ("WeatherData", 1.1),
        ("TimingData", 1.5), ("TimingAppData", 2.0), ("TimingStats", 2.0), ("TopThree", 2.5),
        ("DriverList", 4.0), ("SessionData", 1.5), ("SessionStatus", 1.1), ("ExtrapolatedClock", 1.1),
    )),
    *((topic, "Race", SINGAPORE_R, factor) for topic, factor in (
        ("Heartbeat", 1.1), ("WeatherData", 1.1), ("LapCount", 1.5), ("SessionData", 2.0), ("TopThree", 2.0),
        ("TimingAppData", 2.0), ("DriverList", 2.0), ("TimingStats", 4.0),
    )),
    ("TimingData", "Race", MIAMI_S, 1.5),
)  # fmt: skip
"""Topic, invented session, real session, and the factor within which messages per minute agree."""

TEXT_FIELDS = {
    "TimingData": r"(Value|GapToLeader|Position|CutOffTime|TimeDiff\w+|RacingNumber)$",
    "TimingAppData": r"(LapTime|Compound|New|TyresNotChanged|GridPos)$",
    "TimingStats": r"(Value|SessionType)$",
    "TopThree": r"(LapTime|Position|DiffToAhead|DiffToLeader)$",
    "WeatherData": r".*",
    "TrackStatus": r".*",
    "SessionStatus": r".*",
    "ExtrapolatedClock": r"Remaining$",
    "RaceControlMessages": r"(Utc|Category|Flag|Scope|Status|Mode|RacingNumber)$",
    "SessionInfo": r"^\.(StartDate|EndDate|GmtOffset|SessionStatus|ArchiveStatus\.Status|Type|Name)$",
}
"""Text fields whose values must look like real ones, digits apart."""


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented mirror with every topic; a short race by a full field."""
    options = WeekendOptions(race_laps=12)
    return write_weekend(tmp_path_factory.mktemp("invented"), options).mirror


@pytest.fixture(scope="module")
def invented(mirror: Path) -> Path:
    """Static folder of the invented mirror."""
    return mirror / "livetiming.formula1.com" / "static"


@pytest.fixture(scope="module")
def real(test_data: Path) -> Path:
    """Static folder of the real mirror."""
    return test_data / "mirror" / "livetiming.formula1.com" / "static"


@cache
def messages(path: Path) -> tuple[tuple[int, Any], ...]:
    """Session time (ms) and decoded value of each line of a stream."""
    return tuple(_messages(path))


def _messages(path: Path) -> Iterator[tuple[int, Any]]:
    lines = path.read_bytes().decode("utf-8-sig").split("\r\n")[:-1]
    if path.name.startswith(("CarData", "Position")):
        lines = lines[::9]
    for line in lines:
        hours, minutes, seconds = line[:12].split(":")
        value = json.loads(line[12:])
        if path.name.endswith(".z.jsonStream"):
            value = json.loads(zlib.decompress(base64.b64decode(value), -zlib.MAX_WBITS))
        yield (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000), value


def streams(static: Path, topic: str, years: str = "2025") -> list[Path]:
    """Streams of a topic, by path."""
    return sorted(static.glob(f"{years}/*/*/{topic}.jsonStream"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of every leaf; car numbers and indexes of objects are ``*``, items of lists ``[]``."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{'*' if key.isdigit() else key}")
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path, value


def shapes(value: Any) -> set[Shape]:
    return {(path, type(leaf).__name__) for path, leaf in leaves(value)}


def topic_shapes(static: Path, topic: str) -> set[Shape]:
    return {
        shape for path in streams(static, topic) for _, value in messages(path) for shape in shapes(value)
    }


@pytest.mark.parametrize("topic", TOPICS)
def test_every_invented_field_exists_in_the_real_feed_with_that_type(
    topic: str, invented: Path, real: Path
) -> None:
    made = topic_shapes(invented, topic)
    extra = made - topic_shapes(real, topic)
    assert made
    assert extra == set()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_field_of_the_real_feed_is_invented_or_named_as_left_out(
    topic: str, invented: Path, real: Path
) -> None:
    assert topic_shapes(real, topic) - topic_shapes(invented, topic) - LEFT_OUT.get(topic, set()) == set()


@pytest.mark.parametrize(("topic", "session", "real_session", "factor"), CADENCE)
def test_messages_come_as_often_as_in_the_real_feed(
    topic: str, session: str, real_session: str, factor: float, invented: Path, real: Path
) -> None:
    ours = messages_per_minute(next(invented.glob(f"*/*/*_{session}")), topic)
    theirs = messages_per_minute(real / real_session, topic)
    assert theirs / factor <= ours <= theirs * factor


def messages_per_minute(folder: Path, topic: str) -> float:
    """Messages between the first start of a session and its last finish."""
    statuses = [(at, value["Status"]) for at, value in messages(folder / "SessionStatus.jsonStream")]
    start = next(at for at, status in statuses if status == "Started")
    end = [at for at, status in statuses if status == "Finished"][-1]
    count = sum(start <= at <= end for at, _ in messages(folder / f"{topic}.jsonStream"))
    return count / ((end - start) / 60_000)


@pytest.mark.parametrize("topic", sorted(TEXT_FIELDS))
def test_texts_look_like_real_ones(topic: str, invented: Path, real: Path) -> None:
    ours, theirs = (
        text_patterns(invented, topic, "2025"),
        text_patterns(real, topic, "2025" if topic == "TimingData" else "20*"),
    )
    assert ours
    assert ours - theirs == set()


def text_patterns(static: Path, topic: str, years: str) -> set[tuple[str, str]]:
    """Field name and value with its digits replaced, for the topic's text fields."""
    wanted = re.compile(TEXT_FIELDS[topic])
    return {
        (path.rpartition(".")[2], re.sub(r"\d", "9", value))
        for stream in streams(static, topic, years)
        for _, message in messages(stream)
        for path, value in leaves(message)
        if isinstance(value, str) and wanted.search(path)
    }


@pytest.mark.parametrize(
    "topic", ["TimingData", "TimingAppData", "RaceControlMessages", "TeamRadio", "SessionData"]
)
def test_lists_come_first_and_objects_keyed_by_index_after(topic: str, invented: Path, real: Path) -> None:
    for session, real_session in (("Qualifying", MEXICO_Q), ("Race", MIAMI_S)):
        theirs_at = real / real_session / f"{topic}.jsonStream"
        ours = list_messages(next(invented.glob(f"*/*/*_{session}/{topic}.jsonStream")))
        assert ours
        assert max(ours) < 5
        if theirs_at.is_file():
            assert max(list_messages(theirs_at)) < 5


def list_messages(path: Path) -> list[int]:
    """Indexes of the messages that hold a JSON list (marks of deletion apart)."""
    return [
        i
        for i, (_, value) in enumerate(messages(path))
        if any("[]" in shape and "_deleted" not in shape for shape, _ in leaves(value))
        or _has_empty_list(value)
    ]


def _has_empty_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_empty_list(item) for item in value.values())
    return value == []


@pytest.mark.parametrize("session", ["Qualifying", "Race"])
def test_a_value_is_sent_only_when_it_changes(session: str, invented: Path, real: Path) -> None:
    real_session = MEXICO_Q if session == "Qualifying" else MIAMI_S
    ours = repeated_share(next(invented.glob(f"*/*/*_{session}/TimingData.jsonStream")))
    theirs = repeated_share(real / real_session / "TimingData.jsonStream")
    assert ours < 0.01
    assert theirs < 0.01


def repeated_share(path: Path) -> float:
    """Share of the leaves of TimingData that repeat what was sent before."""
    state: dict[str, Any] = {}
    sent = repeated = 0
    for _, value in messages(path):
        for key, leaf in _keyed(value.get("Lines", {}), ""):
            sent += 1
            repeated += state.get(key, object()) == leaf
            state[key] = leaf
    return repeated / sent


def _keyed(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        value = {str(i): item for i, item in enumerate(value)}
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _keyed(item, f"{path}.{key}")
    else:
        yield path, value


def test_lines_begin_with_the_clock_in_order_and_end_with_cr_lf(invented: Path) -> None:
    for path in invented.glob("*/*/*/*.jsonStream"):
        body = path.read_bytes()
        assert body.endswith(b"\r\n")
        assert body.count(b"\n") == body.count(b"\r\n")
        clocks = [line[:12] for line in body.decode("utf-8-sig").split("\r\n")[:-1]]
        assert all(re.fullmatch(r"\d\d:\d\d:\d\d\.\d\d\d", clock) for clock in clocks)
        assert clocks == sorted(clocks)


def test_some_streams_begin_with_a_byte_order_mark_and_some_do_not(invented: Path, real: Path) -> None:
    def marked(static: Path) -> set[bool]:
        return {p.read_bytes().startswith(b"\xef\xbb\xbf") for p in streams(static, "TimingData")}

    assert marked(invented) == marked(real) == {True, False}


@pytest.mark.parametrize(
    ("topic", "name", "stamp"), [("CarData.z", "Entries", "Utc"), ("Position.z", "Position", "Timestamp")]
)
def test_samples_come_at_the_real_rate(topic: str, name: str, stamp: str, invented: Path, real: Path) -> None:
    def rate(static: Path) -> tuple[float, float, float]:
        found = [
            (
                [_seconds(sample[stamp]) for sample in value[name]],
                [len(sample[stamp]) for sample in value[name]],
            )
            for path in streams(static, topic)[:1]
            for _, value in messages(path)[30:]
        ]
        steps = [b - a for times, _ in found for a, b in pairwise(times)]
        lengths = [length for _, some in found for length in some]
        return (
            statistics.mean(len(times) for times, _ in found),
            statistics.median(steps),
            statistics.mean(length == len("2025-10-25T20:47:27.8777755Z") for length in lengths),
        )

    (ours, our_step, our_digits), (theirs, their_step, their_digits) = rate(invented), rate(real)
    assert ours == pytest.approx(theirs, rel=0.1)
    assert our_step == pytest.approx(their_step, rel=0.2)
    assert our_digits == pytest.approx(their_digits, abs=0.05)


def _seconds(text: str) -> float:
    hours, minutes, seconds = text[11:-1].split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def test_car_channels_hold_values_of_the_real_kinds(invented: Path, real: Path) -> None:
    def values(static: Path) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for path in streams(static, "CarData.z"):
            for _, message in messages(path)[::5]:
                for entry in message["Entries"]:
                    for car in entry["Cars"].values():
                        for channel, value in car["Channels"].items():
                            found.setdefault(channel, set()).add(value)
        return found

    ours, theirs = values(invented), values(real)
    assert ours.keys() == theirs.keys()
    assert ours["3"] <= theirs["3"]
    assert ours["5"] <= theirs["5"]
    assert ours["45"] <= theirs["45"]
    assert max(ours["4"]) == max(theirs["4"]) == 104
    assert 280 < max(ours["2"]) < 360
    assert 11_000 < max(ours["0"]) <= 13_500


@pytest.mark.parametrize(
    ("document", "real_round"),
    [
        ("results", "1/results"), ("qualifying", "1/qualifying"), ("driverstandings", "12/driverstandings"),
        ("constructorstandings", "12/constructorstandings"), ("laps/1", "12/laps/1"),
    ],
)  # fmt: skip
def test_jolpica_documents_of_the_round_have_the_real_fields(
    document: str, real_round: str, mirror: Path, test_data: Path
) -> None:
    folder = Path("api.jolpi.ca/ergast/f1/2025")
    ours = json.loads((mirror / folder / f"90/{document}.json").read_bytes())
    theirs = json.loads((test_data / "mirror" / folder / f"{real_round}.json").read_bytes())
    assert shapes(ours) == shapes(theirs)


@pytest.mark.parametrize("document", ["drivers.json", "constructors.json", "drivers.json@limit=100&offset=0"])
def test_jolpica_documents_of_the_season_have_the_real_fields(
    document: str, mirror: Path, test_data: Path
) -> None:
    path = Path("api.jolpi.ca/ergast/f1/2025") / document
    ours, theirs = (json.loads((folder / path).read_bytes()) for folder in (mirror, test_data / "mirror"))
    assert shapes(ours) == shapes(theirs)


def test_calendars_have_the_real_fields(mirror: Path, test_data: Path) -> None:
    def read(folder: Path, path: str) -> Any:
        return json.loads((folder / path).read_bytes())

    races = "api.jolpi.ca/ergast/f1/2025/races.json"
    schedule = "raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_2025.json"
    assert shapes(read(mirror, races)) <= shapes(read(test_data / "mirror", races))
    ours, theirs = (_any_session(shapes(read(folder, schedule))) for folder in (mirror, test_data / "mirror"))
    assert ours <= theirs
    assert read(mirror, schedule).keys() == read(test_data / "mirror", schedule).keys()


def _any_session(found: set[Shape]) -> set[Shape]:
    """Shapes with the number of the session left out: any of the five can be missing in the real calendar."""
    return {(re.sub(r"session\d", "session", path), kind) for path, kind in found}


def test_the_circuit_has_the_real_fields(mirror: Path, test_data: Path) -> None:
    ours = next((mirror / "api.multiviewer.app/api/v1/circuits").glob("*/*"))
    theirs = test_data / "mirror/api.multiviewer.app/api/v1/circuits/39/2020"
    made, known = shapes(json.loads(ours.read_bytes())), shapes(json.loads(theirs.read_bytes()))
    assert {path for path, _ in made} == {path for path, _ in known}
    assert made - known <= {(".meetingOfficialName", "str"), *_as_floats(known)}


def _as_floats(known: set[Shape]) -> set[Shape]:
    return {(path, "float") for path, kind in known if kind == "int"}


def test_the_seasons_index_has_the_real_fields(invented: Path, real: Path) -> None:
    ours, theirs = (
        (static / f"{year}/Index.json").read_bytes() for static, year in ((invented, 2025), (real, 2023))
    )
    assert ours.startswith(b"\xef\xbb\xbf")
    assert theirs.startswith(b"\xef\xbb\xbf")
    assert shapes(json.loads(ours.decode("utf-8-sig"))) <= shapes(json.loads(theirs.decode("utf-8-sig")))


def test_the_index_lists_every_file_with_its_digest(mirror: Path, test_data: Path) -> None:
    head, *rows = (mirror / "INDEX.tsv").read_text().splitlines()
    assert head == (test_data / "mirror" / "INDEX.tsv").read_text().splitlines()[0]
    files = {str(path.relative_to(mirror)) for path in mirror.rglob("*") if path.is_file()} - {"INDEX.tsv"}
    listed = [row.split("\t") for row in rows]
    assert {row[1] for row in listed} == files
    for _, name, status, _, size, digest, *_ in listed:
        body = (mirror / name).read_bytes()
        assert (status, int(size), digest) == ("200", len(body), hashlib.sha256(body).hexdigest())
