"""Where a car is at every moment of a session: its trace, and the pieces a trace is built from.

A trace is a list of knots (session time, progress), linear in between. Progress counts whole laps (see
``circuit.py``), so one number says where a car is and how far it has come, and lap times, mini-sectors,
positions and speeds are all read from the same trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from sources.synthetic.circuit import Circuit, FloatArray

Knot = tuple[float, float]
"""Session time in milliseconds, progress in laps."""

PIT_LANE_MS = 80.0 / 3.6
"""Speed limit of the pit lane. Metres per second."""

_LAUNCH_MS2 = 8.0
_PIT_STEP_M = 10.0


@dataclass(frozen=True)
class SlowPeriod:
    """A time in which laps take longer by a factor (safety car, virtual safety car)."""

    start_ms: float
    end_ms: float
    factor: float


@dataclass(frozen=True)
class Trace:
    """A car's way through a session. Both arrays have one value per knot; neither ever falls."""

    time_ms: FloatArray
    progress: FloatArray

    def progress_at(self, time_ms: FloatArray) -> FloatArray:
        """Return the progress at session times. Laps."""
        return np.interp(time_ms, self.time_ms, self.progress)

    def time_at(self, progress: FloatArray) -> FloatArray:
        """Return the session times at which the car gets to each progress. Milliseconds.

        Null (NaN) where the car never gets there.
        """
        times = np.interp(progress, self.progress, self.time_ms)
        return np.where((progress > self.progress[-1]) | (progress < self.progress[0]), np.nan, times)


def trace_of(knots: Sequence[Knot]) -> Trace:
    """Return the trace of a list of knots in order of time."""
    table = np.array(knots, dtype=np.float64)
    return Trace(np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1]))


def drive(
    start: Knot,
    to_progress: float,
    sector_times_ms: Sequence[float],
    circuit: Circuit,
    slow: Sequence[SlowPeriod],
) -> list[Knot]:
    """Return the knots of driving on the track, without the start knot.

    Args:
        start: Where the car is.
        to_progress: Where it goes to; within the lap that it is in.
        sector_times_ms: What the three sectors take in full, without slow periods.
        circuit: The circuit.
        slow: Periods in which it takes longer, by time, not overlapping.

    Returns:
        A knot at each sector's end that is passed, at each change of pace, and at the end. The times at
        sectors' ends and at the end are whole milliseconds.
    """
    knots: list[Knot] = []
    time_ms, progress = start
    base = float(floor(progress + 1e-12))
    bounds = (0.0, *circuit.sector_ends)
    for sector in range(3):
        end = min(base + bounds[sector + 1], to_progress)
        if end <= progress:
            continue
        rate = sector_times_ms[sector] / (bounds[sector + 1] - bounds[sector])
        pieces = _stretch((time_ms, progress), end, rate, slow)
        knots += pieces[:-1]
        time_ms, progress = round(pieces[-1][0]), end
        knots.append((time_ms, progress))
    return knots


def _stretch(start: Knot, end: float, rate: float, slow: Sequence[SlowPeriod]) -> list[Knot]:
    """Return knots to a progress at a rate (ms per lap of progress), slower within the periods."""
    knots: list[Knot] = []
    time_ms, progress = start
    for period in slow:
        if period.end_ms <= time_ms:
            continue
        if period.start_ms > time_ms:
            reached = progress + (period.start_ms - time_ms) / rate
            if reached >= end:
                break
            time_ms, progress = period.start_ms, reached
            knots.append((time_ms, progress))
        reached = progress + (period.end_ms - time_ms) / (rate * period.factor)
        if reached >= end:
            knots.append((time_ms + (end - progress) * rate * period.factor, end))
            return knots
        time_ms, progress = period.end_ms, reached
        knots.append((time_ms, progress))
    knots.append((time_ms + (end - progress) * rate, end))
    return knots


def pit_lane(start_ms: float, from_m: float, to_m: float, lap: float, circuit: Circuit) -> list[Knot]:
    """Return the knots of the pit lane at its speed limit, without the first.

    Args:
        start_ms: When the car is at ``from_m``.
        from_m: Distance from the line of the first knot.
        to_m: Distance of the last, within the same lap.
        lap: Whole laps to add to the progress.
        circuit: The circuit.
    """
    way = circuit.lanes.get((from_m, to_m))
    if way is None:
        way = circuit.lanes[from_m, to_m] = _lane(from_m, to_m, circuit)
    *steps, last = [(start_ms + after, lap + progress) for after, progress in way]
    return [*steps, (float(round(last[0])), last[1])]


def _lane(from_m: float, to_m: float, circuit: Circuit) -> tuple[Knot, ...]:
    """Return the knots of the pit lane from time zero and lap zero."""
    steps = max(int((to_m - from_m) // _PIT_STEP_M), 1)
    metres = np.linspace(from_m, to_m, steps + 1)[1:]
    times = (metres - from_m) / PIT_LANE_MS * 1000.0
    return tuple((float(t), circuit.progress_at(m)) for t, m in zip(times, metres, strict=True))


def launch(start_ms: float, behind_m: float, circuit: Circuit) -> list[Knot]:
    """Return the knots of a standing start until the car is at the reference speed, without the first.

    Args:
        start_ms: When the lights go out.
        behind_m: How far behind the line the car stands.
        circuit: The circuit.
    """
    knots: list[Knot] = []
    for distance in np.arange(4.0, 600.0, 8.0):
        metre = float(distance) - behind_m
        time_ms = start_ms + 1000.0 * float(np.sqrt(2.0 * distance / _LAUNCH_MS2))
        progress = (
            circuit.progress_at(metre) if metre >= 0 else circuit.progress_at(circuit.length_m + metre) - 1
        )
        knots.append((time_ms, progress))
        if metre > 0 and np.sqrt(2.0 * distance * _LAUNCH_MS2) >= circuit.speed_at(metre):
            break
    return knots


def rescale(knots: Sequence[Knot], start_ms: float, end_ms: float) -> list[Knot]:
    """Return knots moved in time so that the last is at ``end_ms``; whole milliseconds stay whole."""
    factor = (end_ms - start_ms) / (knots[-1][0] - start_ms)
    return [
        (
            round(start_ms + (t - start_ms) * factor)
            if float(t).is_integer()
            else start_ms + (t - start_ms) * factor,
            p,
        )
        for t, p in knots
    ]
