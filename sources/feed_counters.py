"""What is wrong with the counts of a feed: laps that jump, sectors out of turn, laps that come late, stints.

Measured on every real session at hand: a car's laps go up by one, its first count is 1, and no stint is left
out. In races sectors come in turn, and a lap's time is the time between the car's lines; in 2018 Azerbaijan
they do not where the feed hung. Laps on tyres do go back now and then: the feed corrects them, and says so
to nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sources.feed_timeline import Timeline, clock_text, count_text, indexed
from sources.session_notes import SessionNote

_LATE_LAP_MS = 2_000
_LAP_TIME = re.compile(r"(?:(\d+):)?(\d+)\.(\d{3})")


def lap_notes(timing: Timeline) -> Iterator[SessionNote]:
    """Name cars whose count of laps does not go up by one, or does not begin with one."""
    counts: dict[str, int] = {}
    for at, number, values in timing.saying(b'"NumberOfLaps"'):
        laps = values.get("NumberOfLaps")
        if not isinstance(laps, int):
            continue
        before = counts.get(number, 0)
        counts[number] = laps
        if laps not in {before, before + 1}:
            counted = f"laps of car {number} go from {before} to {laps} at {clock_text(at)}"
            yield SessionNote(timing.topic, counted)


def sector_notes(timing: Timeline) -> Iterator[SessionNote]:
    """Name sectors of a race that do not come in turn: a message between them was lost or came late."""
    last: dict[str, int] = {}
    wrong: list[tuple[int, str]] = []
    for at, number, values in timing.saying(b'"Sectors"'):
        if values.get("InPit") or values.get("PitOut") or values.get("Stopped"):
            last.pop(number, None)
        for index, sector in sorted(indexed(values.get("Sectors")), key=lambda item: item[0]):
            if not (isinstance(sector, dict) and sector.get("Value")):
                continue
            if number in last and index != (last[number] + 1) % 3:
                wrong.append((at, number))
            last[number] = index
    if wrong:
        at, number = wrong[0]
        yield SessionNote(
            timing.topic,
            f"{count_text(wrong, 'sector')} not in turn, first of car {number} at "
            f"{clock_text(at)}: a message was lost or came late",
        )


def late_lap_notes(timing: Timeline) -> Iterator[SessionNote]:
    """Name laps of a race whose time is not the time between the car's lines as they were sent."""
    lines: dict[str, tuple[int, int]] = {}
    wrong: list[tuple[int, str]] = []
    for at, number, values in timing.saying(b'"NumberOfLaps"'):
        laps, lap_ms = values.get("NumberOfLaps"), _lap_ms(values.get("LastLapTime"))
        if not isinstance(laps, int):
            continue
        count, before = lines.get(number, (0, 0))
        is_next = count > 0 and laps == count + 1
        if is_next and lap_ms is not None and abs(at - before - lap_ms) > _LATE_LAP_MS:
            wrong.append((at, number))
        lines[number] = (laps, at)
    if wrong:
        at, number = wrong[0]
        yield SessionNote(
            timing.topic,
            f"{count_text(wrong, 'lap')} came at another time than the lap time says, "
            f"first of car {number} at {clock_text(at)}",
        )


def stint_notes(stints: Timeline) -> Iterator[SessionNote]:
    """Name stints that are left out, and counts of laps on tyres that go back."""
    seen: dict[str, set[int]] = {}
    laps: dict[tuple[str, int], int] = {}
    back: list[str] = []
    for at, number, values in stints.saying(b'"Stints"'):
        for index, stint in indexed(values.get("Stints")):
            known = seen.setdefault(number, set())
            if index > len(known):
                where = f"comes at {clock_text(at)} after {count_text(known, 'stint')}"
                yield SessionNote(stints.topic, f"stint {index + 1} of car {number} {where}")
            known.add(index)
            total = stint.get("TotalLaps") if isinstance(stint, dict) else None
            if not isinstance(total, int):
                continue
            before = laps.get((number, index), 0)
            laps[number, index] = total
            if total < before:
                back.append(f"car {number}, stint {index + 1}, {before} to {total} at {clock_text(at)}")
    if back:
        yield SessionNote(stints.topic, f"laps on tyres go back {count_text(back, 'time')}, first {back[0]}")


def _lap_ms(last_lap: object) -> int | None:
    text = last_lap.get("Value") if isinstance(last_lap, dict) else None
    match = _LAP_TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    minutes, seconds, millis = (int(part or 0) for part in match.groups())
    return (minutes * 60 + seconds) * 1000 + millis
