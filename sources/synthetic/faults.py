"""Faults of the feed, put into an invented mirror on request, each with a record of what was done.

A fault changes the stream of one topic of one session, and the mirror's index with it. The original bytes are
kept in memory, so that a later fetch can be given the corrected ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import orjson

from sources.synthetic.errors import NothingToBreakError
from sources.synthetic.timetable import slot_of
from sources.synthetic.truth import Truth
from sources.synthetic.wire_text import clock_text

FaultKind = Literal[
    "dropped", "silent", "late", "duplicated", "reordered", "wrong_stint_counters", "late_start",
    "early_stop", "broken_bytes",
]  # fmt: skip
FAULTS: tuple[FaultKind, ...] = (
    "dropped", "silent", "late", "duplicated", "reordered", "wrong_stint_counters", "late_start",
    "early_stop", "broken_bytes",
)  # fmt: skip
"""Every fault there is."""

_BOM, _CLOCK = b"\xef\xbb\xbf", 12
_LATE_MS, _SILENCE_MS = 20_000, 75_000
_COUNT = 3


@dataclass(frozen=True)
class Fault:
    """A fault to put in.

    Attributes:
        kind: What goes wrong: ``dropped`` (the message that ends a lap is lost, for three cars), ``silent``
            (nothing for 75 s), ``late`` (messages that end a lap come 20 s later), ``duplicated``,
            ``reordered`` (three messages stand after later ones), ``wrong_stint_counters`` (a stint gets the
            number after its own, and another's laps go back), ``late_start`` (nothing in the first half of
            the stream), ``early_stop`` (nothing in its last two fifths), ``broken_bytes`` (three lines are
            cut off in the middle).
        session: Code of the session.
        topic: Live-timing topic; ``wrong_stint_counters`` is for ``TimingAppData`` alone, ``dropped`` and
            ``late`` for ``TimingData``.
        seed: Which messages.
    """

    kind: FaultKind
    session: str = "R"
    topic: str = "TimingData"
    seed: int = 1


@dataclass(frozen=True)
class BrokenStream:
    """What a fault did: the file, its bytes before and after, and lines that were touched (from 1)."""

    fault: Fault
    path: Path
    original: bytes
    broken: bytes
    lines: tuple[int, ...]

    def correct(self, mirror: Path) -> None:
        """Put the original bytes back, as an upstream does that corrects its archive."""
        _write(mirror, self.path, self.original)


def break_feed(truth: Truth, faults: Iterable[Fault]) -> tuple[BrokenStream, ...]:
    """Put faults into a written weekend, one after the other.

    Args:
        truth: The weekend; its mirror is changed.
        faults: What to put in.

    Returns:
        A record of each, in order.

    Raises:
        NothingToBreakError: If the mirror has no such stream, or nothing in it that the fault concerns.
    """
    return tuple(_break(truth, fault) for fault in faults)


def _break(truth: Truth, fault: Fault) -> BrokenStream:
    name = slot_of(truth.options, fault.session).name.replace(" ", "_")
    found = list(
        truth.mirror.glob(f"livetiming.formula1.com/static/*/*/*-??_{name}/{fault.topic}.jsonStream")
    )
    if not found:
        raise NothingToBreakError(f"the mirror has no {fault.topic} of {fault.session}: write it first")
    (path,) = found
    original = path.read_bytes()
    lines = original.removeprefix(_BOM).split(b"\r\n")[:-1]
    rng = np.random.default_rng([fault.seed, 30])
    changed, touched = _BREAKERS[fault.kind](lines, rng)
    if changed == lines:
        raise NothingToBreakError(f"{fault.topic} of {fault.session} has nothing for a fault {fault.kind}")
    broken = (_BOM if original.startswith(_BOM) else b"") + b"".join(line + b"\r\n" for line in changed)
    _write(truth.mirror, path, broken)
    return BrokenStream(fault, path, original, broken, tuple(i + 1 for i in touched))


def _write(mirror: Path, path: Path, body: bytes) -> None:
    """Write a stream, and its length and digest into the mirror's index."""
    path.write_bytes(body)
    index, name = mirror / "INDEX.tsv", str(path.relative_to(mirror))
    rows = [row.split("\t") for row in index.read_text().splitlines()]
    for row in rows:
        if row[1] == name:
            row[4:6] = [str(len(body)), hashlib.sha256(body).hexdigest()]
    index.write_text("".join("\t".join(row) + "\n" for row in rows))


Lines = list[bytes]
Breaker = Callable[[Lines, np.random.Generator], tuple[Lines, list[int]]]


def _dropped(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    chosen = _lap_ends(lines, rng)
    return [line for i, line in enumerate(lines) if i not in chosen], chosen


def _silent(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    begin = _clock_ms(lines[int(rng.integers(len(lines) // 2, len(lines) * 3 // 4))])
    gone = [i for i, line in enumerate(lines) if begin <= _clock_ms(line) < begin + _SILENCE_MS]
    return [line for i, line in enumerate(lines) if i not in set(gone)], gone


def _late(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    chosen = _lap_ends(lines, rng)
    moved = [_at(_clock_ms(line) + _LATE_MS, line) if i in chosen else line for i, line in enumerate(lines)]
    return sorted(moved, key=_clock_ms), chosen


def _duplicated(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    chosen = _any_lines(lines, rng)
    return [copy for i, line in enumerate(lines) for copy in ([line] * (2 if i in chosen else 1))], chosen


def _reordered(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    """Move lines behind the next ones that have a later clock."""
    chosen = _any_lines(lines, rng)
    keys = [(i + 0.0, line) for i, line in enumerate(lines)]
    for i in chosen:
        after = next(j for j in range(i, len(lines)) if _clock_ms(lines[j]) > _clock_ms(lines[i]) + 1_000)
        keys[i] = (after + 0.5, lines[i])
    return [line for _, line in sorted(keys, key=lambda item: item[0])], chosen


def _wrong_stint_counters(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    """Number a car's second stint as its third, and let the laps on another car's tyres go back."""
    changed, touched = list(lines), []
    cars: set[str] = set()
    for i, line in enumerate(lines):
        value = orjson.loads(line[_CLOCK:])
        for number, part in value.get("Lines", {}).items():
            stints = part.get("Stints")
            if not isinstance(stints, dict):
                continue
            if "1" in stints and (not cars or number in cars):
                cars.add(number)
                part["Stints"] = {"2" if key == "1" else key: stint for key, stint in stints.items()}
                touched.append(i)
            elif stints.get("0", {}).get("TotalLaps", 0) == _COUNT + 1:
                stints["0"]["TotalLaps"] = int(rng.integers(1, _COUNT))
                touched.append(i)
        changed[i] = line[:_CLOCK] + orjson.dumps(value) if i in touched else line
    return changed, touched


def _late_start(lines: Lines, _rng: np.random.Generator) -> tuple[Lines, list[int]]:
    begin = _clock_ms(lines[0]) + (_clock_ms(lines[-1]) - _clock_ms(lines[0])) // 2
    gone = [i for i, line in enumerate(lines) if _clock_ms(line) < begin]
    return lines[len(gone) :], gone


def _early_stop(lines: Lines, _rng: np.random.Generator) -> tuple[Lines, list[int]]:
    end = _clock_ms(lines[0]) + (_clock_ms(lines[-1]) - _clock_ms(lines[0])) * 3 // 5
    kept = [line for line in lines if _clock_ms(line) <= end]
    return kept, list(range(len(kept), len(lines)))


def _broken_bytes(lines: Lines, rng: np.random.Generator) -> tuple[Lines, list[int]]:
    chosen = _any_lines(lines, rng)
    return [line[: len(line) // 2] if i in chosen else line for i, line in enumerate(lines)], chosen


_BREAKERS: dict[FaultKind, Breaker] = {
    "dropped": _dropped,
    "silent": _silent,
    "late": _late,
    "duplicated": _duplicated,
    "reordered": _reordered,
    "wrong_stint_counters": _wrong_stint_counters,
    "late_start": _late_start,
    "early_stop": _early_stop,
    "broken_bytes": _broken_bytes,
}


def _lap_ends(lines: Lines, rng: np.random.Generator) -> list[int]:
    """Return some lines, of the middle of the session, that end a timed lap."""
    able = [i for i, line in enumerate(lines) if b'"NumberOfLaps"' in line and b'"LastLapTime"' in line]
    middle = able[len(able) // 4 : len(able) * 3 // 4]
    return sorted(rng.permutation(middle)[:_COUNT].tolist())


def _any_lines(lines: Lines, rng: np.random.Generator) -> list[int]:
    """Return some lines of the middle of the session."""
    middle = np.arange(len(lines) // 4, len(lines) * 3 // 4)
    return sorted(rng.permutation(middle)[:_COUNT].tolist())


def _clock_ms(line: bytes) -> int:
    hours, minutes, seconds = line[:_CLOCK].split(b":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


def _at(session_ms: int, line: bytes) -> bytes:
    return clock_text(session_ms).encode() + line[_CLOCK:]
