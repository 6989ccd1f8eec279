"""What a car's sensors say at every moment, read from its trace: speed, engine, pedals, DRS, place.

All cars are sampled at the same moments, at the real feed's uneven steps: car data every 160 to 440 ms
(3.7 Hz), positions every 140 to 420 ms (3.8 Hz), the two never together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sources.synthetic.circuit import Circuit, FloatArray
from sources.synthetic.passages import in_pits, speed_kph
from sources.synthetic.session_run import SessionRun

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NO_DATA = 104
"""What throttle and brake say where the car sends nothing, as in the real feed."""

_GEAR_KPH = (78.0, 118.0, 152.0, 186.0, 222.0, 258.0, 292.0)
_FLAT_OUT_KPH = 270.0
_LOW_RPM, _HIGH_RPM, _IDLE_RPM = 8_600.0, 11_900.0, 4_200.0
_SWITCHED_ON_BEFORE_MS = 90_000.0
_PIT_OFFSET_DM, _BOX_OFFSET_DM = 160.0, 240.0
_DRS_OFF, _DRS_OPENING, _DRS_OPEN = 8, 10, 12


@dataclass(frozen=True)
class CarState:
    """A car at sample times. Each array has one value per time.

    Attributes:
        is_on: Whether the car sends anything: not before it is first switched on.
        in_box: Whether it stands in its box.
        in_pits: Whether it is in the pit lane or in its box.
        distance_m: Distance from the line.
        lap_number: Lap that it is in.
        speed: Speed in km/h.
    """

    is_on: BoolArray
    in_box: BoolArray
    in_pits: BoolArray
    distance_m: FloatArray
    lap_number: IntArray
    speed: FloatArray


def sample_times(rng: np.random.Generator, start_ms: int, end_ms: int, steps: npt.ArrayLike) -> IntArray:
    """Return sample times at uneven steps. Session time in milliseconds.

    Args:
        rng: Random numbers.
        start_ms: First sample.
        end_ms: No sample after this.
        steps: Steps that are equally likely. Milliseconds.
    """
    choices = np.asarray(steps, dtype=np.int64)
    count = int((end_ms - start_ms) / choices.mean() * 1.05) + 10
    times = start_ms + np.concatenate([[0], np.cumsum(rng.choice(choices, count))])
    kept: IntArray = times[times <= end_ms]
    return kept


def car_state(run: SessionRun, car_number: str, times: IntArray) -> CarState:
    """Return where a car is and how fast, at sample times."""
    trace, circuit = run.traces[car_number], run.circuit
    at = times.astype(np.float64)
    progress = trace.progress_at(at)
    speed = speed_kph(trace, circuit, at)
    visits = [visit for visit in run.pit_visits if visit.car_number == car_number]
    inside = in_pits(run, car_number, times)
    stands = speed < 1.0
    first_out = min((visit.out_ms for visit in visits if visit.out_ms is not None), default=0)
    return CarState(
        is_on=times >= first_out - _SWITCHED_ON_BEFORE_MS,
        in_box=stands & (inside | (times > run.finished_ms)),
        in_pits=inside | ((times > run.finished_ms) & stands),
        distance_m=circuit.distance_at(np.mod(progress, 1.0)),
        lap_number=np.floor(progress).astype(np.int64) + 1,
        speed=speed,
    )


def car_channels(run: SessionRun, car_number: str, times: IntArray) -> IntArray:
    """Return a car's channels: engine speed, speed, gear, throttle, brake, DRS. Shape (times, 6).

    Args:
        run: The session.
        car_number: The car.
        times: Sample times.
    """
    state, circuit = car_state(run, car_number, times), run.circuit
    acceleration = np.interp(state.distance_m, circuit.metres, _reference_acceleration(circuit))
    speed = np.where(state.speed < 1.0, 0.0, state.speed)
    moves = speed > 0
    braking = moves & (acceleration < -4.0) & ~state.in_pits
    flat_out = (acceleration > 0.8) | ((speed > _FLAT_OUT_KPH) & (acceleration > -2.0))
    full = moves & flat_out & ~state.in_pits
    throttle = np.where(full, 100.0, np.where(braking, 0.0, 35.0 + 9.0 * np.clip(acceleration, -3.0, 4.0)))
    pace = np.clip(state.speed / np.maximum(3.6 * circuit.speed_at(state.distance_m), 1.0), 0.0, 1.0)
    throttle = np.where(full & (pace < 0.9), 100.0 * pace**2, throttle)
    throttle = np.where(moves, throttle, 0.0)
    brake = np.where(braking, 100.0, 0.0)
    gear = np.where(moves, 1 + np.searchsorted(np.asarray(_GEAR_KPH), speed, side="right"), 0)
    rpm = np.where(moves, _engine_speed(speed, gear), _IDLE_RPM)
    silent = state.in_box
    columns = (
        np.where(silent, 0.0, rpm),
        speed,
        gear,
        np.where(silent, float(NO_DATA), throttle),
        np.where(silent, float(NO_DATA), brake),
        _drs(run, car_number, state),
    )
    table: IntArray = np.rint(np.stack(columns, axis=1)).astype(np.int64)
    table[~state.is_on] = 0
    return table


def positions(run: SessionRun, car_number: str, times: IntArray) -> tuple[IntArray, BoolArray]:
    """Return a car's X, Y and Z (shape (times, 3), tenths of a metre), and whether it is off the track.

    A car that has not left its box for the first time has no position: zeros.
    """
    state, circuit = car_state(run, car_number, times), run.circuit
    aside = np.where(state.in_box, _BOX_OFFSET_DM, np.where(state.in_pits, _PIT_OFFSET_DM, 0.0))
    x, y, z, left_x, left_y = (
        np.interp(state.distance_m, circuit.metres, values)
        for values in (circuit.x, circuit.y, circuit.z, circuit.normal_x, circuit.normal_y)
    )
    table = np.rint(np.stack([x - aside * left_x, y - aside * left_y, z], axis=1)).astype(np.int64)
    table[~state.is_on] = 0
    stopped = min(
        (stop.stopped_ms for stop in run.retirements if stop.car_number == car_number and stop.on_track),
        default=None,
    )
    off = times >= stopped if stopped is not None else np.zeros(len(times), dtype=bool)
    return table, off


def _reference_acceleration(circuit: Circuit) -> FloatArray:
    """Return the acceleration of the reference lap at each metre. Metres per second squared."""
    return np.asarray(np.gradient(circuit.speed) * circuit.speed, dtype=np.float64)


def _engine_speed(speed: FloatArray, gear: FloatArray) -> FloatArray:
    """Return the engine's speed: from low to high within the speeds of each gear."""
    bounds = np.array([0.0, *_GEAR_KPH, 330.0])
    index = np.clip(gear.astype(np.int64) - 1, 0, len(bounds) - 2)
    share = np.clip((speed - bounds[index]) / (bounds[index + 1] - bounds[index]), 0.0, 1.0)
    low = np.where(index == 0, _IDLE_RPM, _LOW_RPM)
    return np.asarray(low + share * (_HIGH_RPM - low), dtype=np.float64)


def _drs(run: SessionRun, car_number: str, state: CarState) -> FloatArray:
    """Return the DRS channel: open in the zones, on a push lap or within a second of the car ahead."""
    if run.is_race:
        laps = [lap for number, lap in run.tow_laps if number == car_number]
    else:
        laps = [
            lap.lap_number for lap in run.laps[car_number] if lap.pit_in_ms is None and lap.pit_out_ms is None
        ]
    allowed = np.isin(state.lap_number, laps)
    channel = np.full(len(state.speed), float(_DRS_OFF))
    for begin, end in run.circuit.drs_zones_m:
        inside = allowed & (state.distance_m >= begin) & (state.distance_m < end)
        channel[inside] = _DRS_OPEN
        channel[inside & (state.distance_m < begin + 15.0)] = _DRS_OPENING
    return channel
