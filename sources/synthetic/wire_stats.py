"""TimingStats and TopThree: the best values with their ranks, and the first three with their gaps."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sources.synthetic.feed_log import BestValue, FeedLog
from sources.synthetic.feed_state import State, as_objects, changed
from sources.synthetic.field import Entry
from sources.synthetic.session_run import SessionRun
from sources.synthetic.wire_text import Message

_TRAPS = ("I1", "I2", "FL", "ST")


def timing_stats(run: SessionRun, log: FeedLog) -> list[Message]:
    """Return TimingStats: whenever a car gets better in something, the ranks that change by it."""
    lines = {
        entry.number: {
            "Line": i + 1,
            "RacingNumber": entry.number,
            "PersonalBestLapTime": {"Value": ""},
            "BestSectors": [{"Value": ""} for _ in range(3)],
            "BestSpeeds": {trap: {"Value": ""} for trap in _TRAPS},
        }
        for i, entry in enumerate(run.entries)
    }
    kind = "Race" if run.is_race else "Qualifying" if run.is_qualifying else "Practice"
    messages: list[Message] = [(4_891, {"Withheld": False, "Lines": lines, "SessionType": kind})]
    scores: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    state: State = as_objects(lines)
    for best in log.best_values:
        table = scores[best.group, best.key]
        table[best.car_number] = best.score
        ranked = sorted(table, key=lambda number: table[number])
        patch: State = {number: _placed(best, {"Position": i}) for i, number in enumerate(ranked, start=1)}
        extra = {"Lap": _lap_of(run, best)} if best.group == "PersonalBestLapTime" else {}
        place = ranked.index(best.car_number) + 1
        patch[best.car_number] = _placed(best, {**extra, "Position": place, "Value": best.text})
        messages.append((best.at_ms + 110, {"Lines": changed(state, patch)}))
    return messages


def _placed(best: BestValue, fields: State) -> State:
    return {best.group: {best.key: fields} if best.key else fields}


def _lap_of(run: SessionRun, best: BestValue) -> int:
    return next(lap.lap_number for lap in run.laps[best.car_number] if lap.end_ms == best.at_ms)


def top_three(run: SessionRun, log: FeedLog) -> list[Message]:
    """Return TopThree: who they are when the order changes, their gaps and lap times as they come."""
    entries = {entry.number: entry for entry in run.entries}
    first = log.orders[0][1][:3]
    lines = [
        {
            "Position": str(i + 1),
            "ShowPosition": not run.is_qualifying,
            **_person(entries[number]),
            "LapTime": "",
            "LapState": 80,
            "DiffToAhead": "",
            "DiffToLeader": "",
            "OverallFastest": False,
            "PersonalFastest": False,
        }
        for i, number in enumerate(first)
    ]
    top: dict[str, Any] = {"SessionPart": 1} if run.is_qualifying else {}
    messages: list[Message] = [(25_579, {**top, "Withheld": False, "Lines": lines})]
    state: State = as_objects({"Lines": lines})["Lines"]
    order = first
    for at, _, kind, value in sorted(_happenings(log), key=lambda item: item[:2]):
        patch: State = {}
        if kind == "order":
            order = value[:3]
            patch = {str(i): {"ShowPosition": True, **_person(entries[n])} for i, n in enumerate(order)}
        elif value[0] in order:
            patch = {str(order.index(value[0])): value[1]}
        part = changed(state, patch)
        if part:
            messages.append((at + 40, {"Lines": part}))
    return messages


def _happenings(log: FeedLog) -> list[tuple[int, int, str, Any]]:
    """Return what TopThree follows: (session time, which first, kind, value)."""
    orders: list[tuple[int, int, str, Any]] = [(at, 0, "order", order) for at, order in log.orders[1:]]
    gaps: list[tuple[int, int, str, Any]] = [
        (at, 1, "car", (number, {"DiffToAhead": interval, "DiffToLeader": gap}))
        for at, number, gap, interval in log.gaps
    ]
    laps: list[tuple[int, int, str, Any]] = []
    best: dict[str, str] = {}
    for at, number, _, text, overall in log.lap_times:
        personal = number not in best or text < best[number]
        best[number] = min(text, best.get(number, text))
        fields = {"LapTime": text, "OverallFastest": overall, "PersonalFastest": personal}
        laps.append((at, 2, "car", (number, fields)))
    states: list[tuple[int, int, str, Any]] = [
        (at, 3, "car", (number, {"LapState": status})) for at, number, status in log.states
    ]
    return [*orders, *gaps, *laps, *states]


def _person(entry: Entry) -> State:
    return {
        "RacingNumber": entry.number,
        "Tla": entry.driver.code,
        "BroadcastName": entry.broadcast_name,
        "FullName": entry.full_name,
        "FirstName": entry.driver.given_name,
        "LastName": entry.driver.family_name,
        "Reference": entry.reference,
        "Team": entry.team.name,
        "TeamColour": entry.team.colour,
    }
