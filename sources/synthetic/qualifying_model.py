"""The invented qualifying, of race or sprint: three parts, two runs each, knock-outs, and one deleted lap.

A push lap is that of ``lap_model.py`` with little fuel on tyres one lap old, varies by 0.12 s, and the track
gets 0.15 s faster from run to run. A run is one lap out, one push lap and one lap in: on new soft tyres, or
used ones in a second run of parts 1 and 2. In sprint qualifying parts are shorter, with one run each, and
the first two are driven on mediums.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sources.synthetic.circuit import Circuit, invented_circuit
from sources.synthetic.control_texts import deleted_text, flag
from sources.synthetic.field import Entry
from sources.synthetic.flag_story import flag_messages, flag_status
from sources.synthetic.garage_runs import (
    OUT_FACTOR,
    GarageCar,
    RunPlan,
    cars_in_garage,
    counts,
    drive_run,
)
from sources.synthetic.lap_model import PARAMETERS, free_lap_s
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_flags import flags_of, red_flag_length_ms
from sources.synthetic.session_run import ControlMessage, Lap, QualifyingPart, RaceEvents, SessionRun
from sources.synthetic.timetable import GARAGE_LEAD_MS, local_clock, session_t0
from sources.synthetic.trace import trace_of

_PART_MS = {"Q": (1_080_000, 900_000, 720_000), "SQ": (720_000, 600_000, 480_000)}
_BREAK_MS = (420_000, 480_000)
_RUNS = {"Q": 2, "SQ": 1}
_LAST_PART_CARS = 10


def run_qualifying(options: WeekendOptions, entries: tuple[Entry, ...], code: str = "Q") -> SessionRun:
    """Return the invented qualifying.

    Args:
        options: Seed and size.
        entries: The field.
        code: ``Q``, or ``SQ`` for the one that sets the sprint's grid.
    """
    rng = np.random.default_rng([options.seed, 2] if code == "Q" else [options.seed, 2, 1])
    circuit = invented_circuit()
    cars = cars_in_garage(entries, circuit)
    parts = _parts(len(entries), code, has_flags=options.session_flags)
    flags = flags_of(code, [part.start_ms for part in parts]) if options.session_flags else ()
    running = [entry.number for entry in entries]
    control: list[ControlMessage] = []
    deleted_car: str | None = running[int(rng.integers(0, max(len(running) // 2, 1)))]
    for part in parts:
        control.append(ControlMessage(part.start_ms + 120, flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN")))
        for run in range(_RUNS[code]):
            for slot, number in enumerate(rng.permutation(running).tolist()):
                car = cars[number]
                leave = _leaving_ms(part, slot, circuit, rng, is_late=code == "Q" and run == 1)
                drive_run(car, _run_plan(car, (part.number, run), leave, code, rng), circuit, rng, flags)
                if part.number == 1 and number == deleted_car and counts(car.laps[-2]):
                    control.append(_delete(car, options, code, circuit))
                    deleted_car = None
        control += flag_messages(
            [shown for shown in flags if shown.part == part.number],
            lambda at_ms: local_clock(options, code, at_ms),
        )
        control.append(ControlMessage(part.end_ms + 300, flag("CHEQUERED", "CHEQUERED FLAG")))
        running = part_order(part, {n: cars[n].laps for n in running})[: part.advancing]
    finished = parts[-1].end_ms
    end = round(max(finished + 300_000, *(car.is_back_ms for car in cars.values()))) + 20_000
    for car in cars.values():
        car.knots.append((float(end), car.knots[-1][1]))
    return SessionRun(
        code=code,
        entries=entries,
        circuit=circuit,
        t0_at=session_t0(options, code),
        start_ms=parts[0].start_ms,
        finished_ms=finished,
        end_ms=end,
        traces={n: trace_of(car.knots) for n, car in cars.items()},
        laps={n: tuple(car.laps) for n, car in cars.items()},
        tyre_sets=tuple(s for car in cars.values() for s in car.sets),
        pit_visits=tuple(v for car in cars.values() for v in car.all_visits()),
        control=tuple(sorted(control, key=lambda message: message.at_ms)),
        track_status=flag_status(flags),
        parts=parts,
        events=RaceEvents(flags=flags),
    )


def part_order(part: QualifyingPart, laps: dict[str, list[Lap]]) -> list[str]:
    """Return the cars of a part by their best time that counts; those without one last, as they came."""
    best = {
        number: min(
            (lap.lap_ms for lap in car_laps if lap.part == part.number and counts(lap)), default=10**9
        )
        for number, car_laps in laps.items()
    }
    return sorted(best, key=lambda number: best[number])


def _parts(cars: int, code: str, *, has_flags: bool) -> tuple[QualifyingPart, ...]:
    """Return the parts; one that is stopped ends so much later, as its clock stands still."""
    last = min(max(cars // 2, 2), _LAST_PART_CARS)
    entries = (cars, max((cars + last) // 2, 2), last)
    parts, start = [], GARAGE_LEAD_MS
    for i in range(3):
        end = start + _PART_MS[code][i] + (red_flag_length_ms(code, i + 1) if has_flags else 0)
        parts.append(QualifyingPart(i + 1, start, end, entries[i], entries[min(i + 1, 2)]))
        start = end + _BREAK_MS[i] if i < 2 else end
    return tuple(parts)


def _leaving_ms(
    part: QualifyingPart, slot: int, circuit: Circuit, rng: np.random.Generator, *, is_late: bool
) -> int:
    """Return when a car leaves its box: soon after the green light, or just in time before the flag."""
    if is_late:
        out_ms = OUT_FACTOR * circuit.lap_s * 1000
        return round(part.end_ms - out_ms - 25_000 - 4_500 * slot - int(rng.integers(0, 4_000)))
    return part.start_ms + 12_000 + 6_500 * slot + int(rng.integers(0, 6_000))


def _run_plan(
    car: GarageCar, part_and_run: tuple[int, int], leave_ms: int, code: str, rng: np.random.Generator
) -> RunPlan:
    """Return one run of a car: its tyres, and how long the push lap takes."""
    part, run = part_and_run
    fresh = run == 0 or part == 3
    age = 0 if fresh else 3
    compound = "MEDIUM" if code == "SQ" and part < 3 else "SOFT"
    reference = invented_circuit().lap_s + PARAMETERS.qualifying_gap_s
    lap_s = free_lap_s(reference, car.entry.pace_s, PARAMETERS.push_fuel_kg, compound, age + 2)
    lap_s -= PARAMETERS.track_gain_s * (run + 2 * (part - 1))
    lap_s += rng.normal(0.0, PARAMETERS.push_sigma_s)
    return RunPlan(leave_ms, (lap_s,), compound, fresh, age, part)


def _delete(car: GarageCar, options: WeekendOptions, code: str, circuit: Circuit) -> ControlMessage:
    """Delete the car's last push lap, and return what race control says about it."""
    lap = car.laps[-2] = replace(car.laps[-2], is_deleted=True)
    said_ms = lap.end_ms + 21_000
    local = local_clock(options, code, lap.end_ms - 4_000)
    text = deleted_text(car.entry, lap, len(circuit.corners_m), local)
    return ControlMessage(said_ms, {"Category": "Other", "Message": text})
