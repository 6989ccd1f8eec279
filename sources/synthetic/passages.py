"""Every moment at which a car passes something that is timed: mini-sectors, sectors, the line, the trap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sources.synthetic.circuit import Circuit, FloatArray
from sources.synthetic.session_run import SessionRun
from sources.synthetic.trace import Trace


@dataclass(frozen=True)
class Passage:
    """A car at the end of a mini-sector.

    Attributes:
        at_ms: Session time.
        car_number: The car.
        lap_number: Lap that it is in; 0 and below before a race.
        mini: Index of the mini-sector within the lap, from 0.
        in_pits: Whether the car is in the pit lane.
        took_ms: Time since the mini-sector before. Null for the first of all.
    """

    at_ms: int
    car_number: str
    lap_number: int
    mini: int
    in_pits: bool
    took_ms: int | None


def car_passages(run: SessionRun, car_number: str) -> list[Passage]:
    """Return a car's passages in order of time."""
    trace, circuit = run.traces[car_number], run.circuit
    first, last = int(np.floor(trace.progress[0])), int(np.floor(trace.progress[-1]))
    minis = len(circuit.mini_ends)
    grid = np.concatenate([base + circuit.mini_ends for base in range(first, last + 1)])
    laps = np.repeat(np.arange(first + 1, last + 2), minis)
    indexes = np.tile(np.arange(minis), last + 1 - first)
    times = trace.time_at(grid)
    reached = ~np.isnan(times)
    whole = np.rint(times[reached]).astype(int)
    pits = in_pits(run, car_number, whole)
    took = np.diff(whole, prepend=whole[:1])
    rows = zip(
        whole.tolist(),
        laps[reached].tolist(),
        indexes[reached].tolist(),
        pits.tolist(),
        took.tolist(),
        strict=True,
    )
    return [
        Passage(at, car_number, lap, mini, inside, gone if i else None)
        for i, (at, lap, mini, inside, gone) in enumerate(rows)
    ]


def trap_passages(run: SessionRun, car_number: str) -> list[tuple[int, int, int]]:
    """Return (session time, lap, speed in km/h) of a car at the speed trap, on the track only."""
    trace, circuit = run.traces[car_number], run.circuit
    first, last = int(np.floor(trace.progress[0])), int(np.floor(trace.progress[-1]))
    bases = np.arange(first, last + 1)
    goals = np.asarray(bases + circuit.progress_at(circuit.trap_m), dtype=np.float64)
    times = trace.time_at(goals)
    reached = ~np.isnan(times)
    speeds = speed_kph(trace, circuit, times[reached])
    return [
        (round(t), int(base) + 1, round(float(v)))
        for t, base, v in zip(times[reached], bases[reached], speeds, strict=True)
        if v > 60
    ]


def speed_kph(trace: Trace, circuit: Circuit, time_ms: FloatArray) -> FloatArray:
    """Return a car's speed at session times: the reference speed there, times the pace it is driven at.

    Zero where the car stands.
    """
    after = np.clip(np.searchsorted(trace.time_ms, time_ms, side="left"), 1, len(trace.time_ms) - 1)
    span = trace.time_ms[after] - trace.time_ms[after - 1]
    gone = trace.progress[after] - trace.progress[after - 1]
    pace = np.where(span > 0, gone / np.maximum(span, 1e-9), 0.0) * circuit.lap_s * 1000.0
    place = np.mod(trace.progress_at(time_ms), 1.0)
    return 3.6 * circuit.speed_at(circuit.distance_at(place)) * pace


def in_pits(run: SessionRun, car_number: str, times: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return whether a car is in the pit lane or its box, at session times in milliseconds."""
    inside = np.zeros(len(times), dtype=bool)
    for visit in run.pit_visits:
        if visit.car_number == car_number:
            begin = 0 if visit.in_ms is None else visit.in_ms
            end = run.end_ms if visit.out_ms is None else visit.out_ms
            inside |= (times >= begin) & (times <= end)
    return inside
