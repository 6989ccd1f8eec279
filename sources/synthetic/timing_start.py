"""How TimingData begins: an empty message, the full state of every car, and the empty mini-sectors."""

from __future__ import annotations

from sources.synthetic.feed_log import FeedLog
from sources.synthetic.feed_state import State, as_objects, changed
from sources.synthetic.session_run import SessionRun

_EMPTY_MS, _FULL_MS, _MINIS_MS = 3_797, 25_579, 28_766
IN_GARAGE, IN_GARAGE_WITHOUT_TIME = 80, 272
"""Status of a car in its garage: in a race or practice, and in qualifying before it has a time."""


def begin(log: FeedLog) -> None:
    """Send the beginning of a session's feed, and remember it as what was sent."""
    run = log.run
    lines = {entry.number: _full_state(run, entry.number, i + 1) for i, entry in enumerate(run.entries)}
    empty: State = {"NoEntries": [0, 0, 0], "SessionPart": 0} if run.is_qualifying else {}
    top: State = _parts(run) if run.is_qualifying else {}
    minis = _empty_minis(run)
    log.messages += [
        (_EMPTY_MS, {**empty, "Lines": {}, "Withheld": False}),
        (_FULL_MS, {**top, "Lines": lines}),
        (_MINIS_MS, {"Lines": {number: {"Sectors": minis} for number in lines}}),
    ]
    log.lines = {number: as_objects(line) for number, line in lines.items()}
    for state in log.lines.values():
        changed(state, as_objects({"Sectors": minis}))
    log.orders.append((_FULL_MS, tuple(lines)))


def _parts(run: SessionRun) -> State:
    entries = {str(part.number - 1): part.entries for part in run.parts}
    return {"NoEntries": entries, "SessionPart": 1, "CutOffTime": "", "CutOffPercentage": "107"}


def _full_state(run: SessionRun, number: str, line: int) -> State:
    blank: State = {"Value": "", "Status": 0, "OverallFastest": False, "PersonalFastest": False}
    differences = {"TimeDiffToFastest": "", "TimeDifftoPositionAhead": ""}
    qualifying: State = {
        "KnockedOut": False,
        "Cutoff": True,
        "BestLapTimes": [{"Value": ""}, {}, {}],
        "Stats": [dict(differences) for _ in range(3)],
    }
    race: State = {"GapToLeader": "", "IntervalToPositionAhead": {"Value": "", "Catching": False}}
    practice: State = {"TimeDiffToFastest": "", "TimeDiffToPositionAhead": ""}
    return {
        **(race if run.is_race else qualifying if run.is_qualifying else practice),
        "Line": line,
        "Position": str(line),
        "ShowPosition": not run.is_qualifying,
        "RacingNumber": number,
        "Retired": False,
        "InPit": True,
        "PitOut": False,
        "Stopped": False,
        "Status": IN_GARAGE_WITHOUT_TIME if run.is_qualifying else IN_GARAGE,
        "Sectors": [{"Stopped": False, **blank} for _ in range(3)],
        "Speeds": {trap: dict(blank) for trap in ("I1", "I2", "FL", "ST")},
        "BestLapTime": {"Value": ""},
        "LastLapTime": dict(blank),
    }


def _empty_minis(run: SessionRun) -> State:
    counts = run.circuit.mini_counts
    return {str(i): {"Segments": [{"Status": 0} for _ in range(n)]} for i, n in enumerate(counts)}
