"""Lines, bytes and samples of the invented feed against the real one."""

from __future__ import annotations

import re
import statistics
from itertools import pairwise
from pathlib import Path

import pytest
from feed_shapes import messages, streams


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
