"""An invented practice: an hour in which every car drives short runs on new tyres and one long run.

Laps are those of ``lap_model.py``: short runs with little fuel, the long run with some of the race's, which
burns while tyres age. Each car's laps vary as in the race. One lap is deleted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sources.synthetic.circuit import Circuit, invented_circuit
from sources.synthetic.control_texts import deleted_text, flag, other
from sources.synthetic.field import Entry
from sources.synthetic.flag_story import flag_messages, flag_status
from sources.synthetic.garage_runs import GarageCar, RunPlan, cars_in_garage, counts, drive_run
from sources.synthetic.lap_model import PARAMETERS, free_lap_s
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_flags import SessionFlag, flags_of
from sources.synthetic.session_run import ControlMessage, QualifyingPart, RaceEvents, SessionRun
from sources.synthetic.timetable import GARAGE_LEAD_MS, local_clock, session_t0
from sources.synthetic.trace import trace_of

_LENGTH_MS = 3_600_000
_LONG_RUN_LAPS = (6, 11)
_KG_PER_LAP = 1.9

# Compounds of the runs, and their timed laps; 0 is the long run.
_PROGRAMMES: dict[str, tuple[tuple[tuple[str, int], ...], ...]] = {
    "FP1": ((("HARD", 4), ("MEDIUM", 2), ("MEDIUM", 0)), (("MEDIUM", 3), ("SOFT", 1), ("HARD", 0))),
    "FP2": ((("MEDIUM", 2), ("SOFT", 1), ("MEDIUM", 0)), (("MEDIUM", 2), ("SOFT", 1), ("HARD", 0))),
    "FP3": ((("SOFT", 1), ("SOFT", 1), ("SOFT", 0)), (("MEDIUM", 2), ("SOFT", 1), ("SOFT", 1))),
}


def run_practice(options: WeekendOptions, entries: tuple[Entry, ...], code: str) -> SessionRun:
    """Return an invented practice.

    Args:
        options: Seed and size.
        entries: The field.
        code: ``FP1``, ``FP2`` or ``FP3``.
    """
    rng = np.random.default_rng([options.seed, 12, int(code[-1])])
    circuit = invented_circuit()
    cars = cars_in_garage(entries, circuit)
    start, end_ms = GARAGE_LEAD_MS, GARAGE_LEAD_MS + _LENGTH_MS
    flags = flags_of(code, (start,)) if options.session_flags else ()
    for slot, number in enumerate(rng.permutation([entry.number for entry in entries]).tolist()):
        _drive(cars[number], code, start + 20_000 + 21_000 * slot, end_ms, flags, rng)
    control = [
        ControlMessage(start + 120, flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN")),
        ControlMessage(start + 2_400, other(f"RISK OF RAIN FOR F1 {_SPOKEN[code]} PRACTICE SESSION IS 0%")),
        ControlMessage(end_ms + 300, flag("CHEQUERED", "CHEQUERED FLAG")),
        _delete_one(cars[entries[int(rng.integers(len(entries)))].number], options, code, circuit),
        *flag_messages(flags, lambda at_ms: local_clock(options, code, at_ms)),
    ]
    closed = round(max(end_ms + 300_000, *(car.is_back_ms for car in cars.values()))) + 20_000
    for car in cars.values():
        car.knots.append((float(closed), car.knots[-1][1]))
    return SessionRun(
        code=code,
        entries=entries,
        circuit=circuit,
        t0_at=session_t0(options, code),
        start_ms=start,
        finished_ms=end_ms,
        end_ms=closed,
        traces={n: trace_of(car.knots) for n, car in cars.items()},
        laps={n: tuple(car.laps) for n, car in cars.items()},
        tyre_sets=tuple(s for car in cars.values() for s in car.sets),
        pit_visits=tuple(v for car in cars.values() for v in car.all_visits()),
        control=tuple(sorted(control, key=lambda message: message.at_ms)),
        track_status=flag_status(flags),
        parts=(QualifyingPart(0, start, end_ms, len(entries), len(entries)),),
        events=RaceEvents(flags=flags),
    )


_SPOKEN = {"FP1": "FIRST", "FP2": "SECOND", "FP3": "THIRD"}


def _drive(
    car: GarageCar,
    code: str,
    leave_ms: int,
    end_ms: int,
    flags: tuple[SessionFlag, ...],
    rng: np.random.Generator,
) -> None:
    """Drive a car's programme; a run that would not end in time is left out."""
    circuit = invented_circuit()
    programme = _PROGRAMMES[code][int(rng.integers(2))]
    slowest_ms = 1000.0 * 1.1 * circuit.lap_s
    for compound, timed in programme:
        is_long = timed == 0
        count = int(rng.integers(*_LONG_RUN_LAPS)) if is_long else timed
        if leave_ms + (count + 1) * slowest_ms > end_ms:
            return
        laps = _lap_seconds(car, compound, count, is_long, circuit, rng)
        plan = RunPlan(leave_ms, laps, compound, is_fresh=True, start_age_laps=0)
        drive_run(car, plan, circuit, rng, flags)
        leave_ms = round(car.is_back_ms) + int(rng.integers(240_000, 420_000))


def _lap_seconds(
    car: GarageCar, compound: str, count: int, is_long: bool, circuit: Circuit, rng: np.random.Generator
) -> tuple[float, ...]:
    reference = circuit.lap_s + (PARAMETERS.race_gap_s if is_long else PARAMETERS.practice_gap_s)
    start_kg = PARAMETERS.long_run_fuel_kg if is_long else PARAMETERS.push_fuel_kg + _KG_PER_LAP * count
    return tuple(
        free_lap_s(reference, car.entry.pace_s, start_kg - _KG_PER_LAP * (i + 0.5), compound, i + 2)
        + car.entry.lap_sigma_s * float(rng.normal())
        for i in range(count)
    )


def _delete_one(car: GarageCar, options: WeekendOptions, code: str, circuit: Circuit) -> ControlMessage:
    """Delete the first timed lap of a car, and return what race control says about it."""
    index = next(i for i, lap in enumerate(car.laps) if counts(lap))
    lap = car.laps[index] = replace(car.laps[index], is_deleted=True)
    local = local_clock(options, code, lap.end_ms - 4_000)
    text = deleted_text(car.entry, lap, len(circuit.corners_m), local)
    return ControlMessage(lap.end_ms + 21_000, other(text))
