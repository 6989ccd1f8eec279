"""What counts of an invented race that was stopped for good: which laps of each car, and for which points."""

from __future__ import annotations

from collections.abc import Mapping

from sources.synthetic.session_run import Lap, SessionRun

COUNTED_BACK_LAPS = 2
"""The result is the order at the end of the last lap but one before the lap in which the race was stopped."""

_SHORTENED_POINTS: tuple[tuple[float, tuple[int, ...]], ...] = (
    (0.25, (6, 4, 3, 2, 1)),
    (0.50, (13, 10, 8, 6, 5, 4, 3, 2, 1)),
    (0.75, (19, 14, 12, 9, 8, 6, 5, 3, 2, 1)),
)
"""Points of a race that ended before this share of its distance, by the rules since 2022."""


def counted_laps(run: SessionRun) -> tuple[Mapping[str, tuple[Lap, ...]], int | None]:
    """Return the laps of each car that count for the result, and the line that ended the race.

    Args:
        run: A race.

    Returns:
        Laps by car number, and the session time at which the leader ended the last lap that counts: null for
        a race that ran to its flag, of which all laps count. Of a car that came to the line later no further
        lap counts than the one that it was in.
    """
    final = next((i for i in run.events.interruptions if i.ends_the_race), None)
    if final is None:
        return run.laps, None
    counted = max(final.leader_lap - COUNTED_BACK_LAPS, 1)
    line = min(laps[counted - 1].end_ms for laps in run.laps.values() if len(laps) >= counted)
    return {number: _up_to(laps, line) for number, laps in run.laps.items()}, line


def points_for(counted: int, scheduled: int, full: tuple[int, ...]) -> tuple[int, ...]:
    """Return the points of a race of which so many laps counted.

    Args:
        counted: Laps of the winner that count.
        scheduled: Laps that were planned.
        full: Points of the whole distance.
    """
    if counted < COUNTED_BACK_LAPS:
        return ()
    share = counted / scheduled
    return next((points for limit, points in _SHORTENED_POINTS if share < limit), full)


def _up_to(laps: tuple[Lap, ...], line_ms: int) -> tuple[Lap, ...]:
    before = sum(lap.end_ms < line_ms for lap in laps)
    return laps[: before + 1]
