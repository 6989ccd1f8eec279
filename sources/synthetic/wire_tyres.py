"""TimingAppData: places, grid slots, and each car's sets of tyres with how far they have been driven."""

from __future__ import annotations

from collections import defaultdict

from sources.synthetic.feed_log import FeedLog
from sources.synthetic.session_run import SessionRun, TyreSet
from sources.synthetic.wire_text import Message

_COUNTED_AFTER_MS, _TICK_MS, _TICK_AT_MS = 1_500, 5_000, 619
_PLACES_MS, _PLACES_IN_RACE_MS = 1_500, 20_000


def timing_app_data(run: SessionRun, log: FeedLog) -> list[Message]:
    """Return the messages of TimingAppData.

    Args:
        run: The session.
        log: What the timing feed sent; places follow it.
    """
    messages: list[Message] = [_first(run)]
    if run.is_race:
        grid = {e.number: {"Line": i + 1, "GridPos": str(i + 1)} for i, e in enumerate(run.entries)}
        messages.append((9_262, {"Lines": grid}))
    else:
        messages.append((25_579, {"Lines": {e.number: {"Line": i + 1} for i, e in enumerate(run.entries)}}))
    messages += line_changes(log, nested=True)
    for tyres in run.tyre_sets:
        messages.append(_stint(tyres, tyres.announced_ms, _fitted(tyres)))
    return messages + _distances(run) + _lap_times(run, log)


def line_changes(log: FeedLog, *, nested: bool) -> list[Message]:
    """Return the changes of the order, gathered for 20 s in a race and for 1.5 s elsewhere.

    Args:
        log: What the timing feed sent.
        nested: Whether the cars stand under ``Lines``, as in the timing topics, or bare as in DriverList.
    """
    messages: list[Message] = []
    before = log.orders[0][1]
    span_ms = _PLACES_IN_RACE_MS if log.run.is_race else _PLACES_MS
    gathered = {at // span_ms: (at, order) for at, order in log.orders[1:]}
    for at, order in gathered.values():
        lines = {n: {"Line": i + 1} for i, n in enumerate(order) if before[i] != n}
        if lines:
            messages.append((at + 20, {"Lines": lines} if nested else lines))
        before = order
    return messages


def _first(run: SessionRun) -> Message:
    lines = {entry.number: {"RacingNumber": entry.number, "Stints": []} for entry in run.entries}
    return 3_546, {"Lines": lines}


def _fitted(tyres: TyreSet) -> dict[str, object]:
    return {
        "LapFlags": 0,
        "Compound": tyres.compound,
        "New": "true" if tyres.is_fresh else "false",
        "TyresNotChanged": "0",
        "TotalLaps": tyres.start_age_laps,
        "StartLaps": tyres.start_age_laps,
    }


def _distances(run: SessionRun) -> list[Message]:
    """Return how far sets have been driven: every 5 s, for all cars that ended a lap since the last time."""
    ticks: dict[int, dict[str, dict[str, object]]] = defaultdict(dict)
    for laps in run.laps.values():
        for lap in laps:
            tick = -(-(lap.end_ms + _COUNTED_AFTER_MS - _TICK_AT_MS) // _TICK_MS) * _TICK_MS + _TICK_AT_MS
            stint = {str(lap.stint_number - 1): {"TotalLaps": lap.tyre_age_laps}}
            ticks[tick][lap.car_number] = {"Stints": stint}
    return [(tick, {"Lines": lines}) for tick, lines in sorted(ticks.items())]


def _lap_times(run: SessionRun, log: FeedLog) -> list[Message]:
    """Return a message for each lap that was the car's best: flag 1, or 3 for the best of all."""
    best: dict[str, int] = {}
    laps = {(lap.car_number, lap.lap_number): lap for laps in run.laps.values() for lap in laps}
    messages: list[Message] = []
    for at, number, lap_number, text, is_overall in log.lap_times:
        lap = laps[number, lap_number]
        if number in best and lap.lap_ms >= best[number]:
            continue
        best[number] = lap.lap_ms
        fields = {"LapTime": text, "LapNumber": lap_number, "LapFlags": 3 if is_overall else 1}
        stint = str(lap.stint_number - 1)
        messages.append((at + 1_030, {"Lines": {number: {"Stints": {stint: fields}}}}))
    return messages


def _stint(tyres: TyreSet, at_ms: int, fields: dict[str, object]) -> Message:
    return at_ms, {"Lines": {tyres.car_number: {"Stints": {str(tyres.stint_number - 1): fields}}}}
