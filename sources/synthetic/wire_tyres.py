"""TimingAppData: places, grid slots, and each car's sets of tyres with how far they have been driven."""

from __future__ import annotations

from sources.synthetic.feed_log import FeedLog
from sources.synthetic.session_run import Lap, SessionRun, TyreSet
from sources.synthetic.wire_text import Message

_COUNTED_AFTER_MS = 2_600


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
        laps = [lap for lap in run.laps[tyres.car_number] if lap.stint_number == tyres.stint_number]
        messages += [_driven(tyres, lap) for lap in laps]
    return messages + _lap_times(run, log)


def line_changes(log: FeedLog, *, nested: bool) -> list[Message]:
    """Return a message for each change of the order, with the places that changed.

    Args:
        log: What the timing feed sent.
        nested: Whether the cars stand under ``Lines``, as in the timing topics, or bare as in DriverList.
    """
    messages: list[Message] = []
    before = log.orders[0][1]
    for at, order in log.orders[1:]:
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


def _driven(tyres: TyreSet, lap: Lap) -> Message:
    return _stint(tyres, lap.end_ms + _COUNTED_AFTER_MS, {"TotalLaps": lap.tyre_age_laps})


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
