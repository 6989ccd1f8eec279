"""The invented qualifying: three parts, two runs each, knock-outs, and one deleted lap.

Parameters: the reference lap of ``circuit.py``; a car's pace (``field.py``); a push lap varies by 0.12 s; the
track gets 0.15 s faster from run to run. A lap out of the pits takes 1.35 of a lap, one into them 1.30.
A run is one lap out, one push lap and one lap in, on a set of soft tyres: new ones, or the first run's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import numpy as np

from sources.synthetic.circuit import Circuit, invented_circuit
from sources.synthetic.control_texts import deleted_text, flag
from sources.synthetic.field import Entry
from sources.synthetic.names import GMT_OFFSET_HOURS
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import ControlMessage, Lap, PitVisit, QualifyingPart, SessionRun, TyreSet
from sources.synthetic.trace import Knot, drive, pit_lane, trace_of

_FIRST_GREEN_MS = 816_231
_PART_MS = (1_080_000, 900_000, 720_000)
_BREAK_MS = (420_000, 480_000)
_PUSH_SIGMA_S, _TRACK_GAIN_S = 0.12, 0.15
_OUT_FACTOR, _IN_FACTOR = 1.35, 1.30
_SESSION_LOCAL = time(15, 0)


@dataclass
class _Car:
    """A car while the session is simulated."""

    entry: Entry
    knots: list[Knot]
    laps: list[Lap] = field(default_factory=list)
    sets: list[TyreSet] = field(default_factory=list)
    visits: list[PitVisit] = field(default_factory=list)
    last_line_ms: int | None = None
    arrived_ms: int | None = None


def run_qualifying(options: WeekendOptions, entries: tuple[Entry, ...]) -> SessionRun:
    """Return the invented qualifying.

    Args:
        options: Seed and size.
        entries: The field.
    """
    rng = np.random.default_rng([options.seed, 2])
    circuit = invented_circuit()
    box = circuit.progress_at(circuit.pit_box_m)
    cars = {entry.number: _Car(entry, [(0.0, box)]) for entry in entries}
    parts = _parts(len(entries))
    running = [entry.number for entry in entries]
    control: list[ControlMessage] = []
    deleted_car = running[int(rng.integers(0, max(len(running) // 2, 1)))]
    for part in parts:
        control.append(ControlMessage(part.start_ms + 120, flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN")))
        for run in (0, 1):
            for slot, number in enumerate(rng.permutation(running).tolist()):
                car = cars[number]
                leave = _leaving_time(part, run, slot, circuit, rng)
                _drive_run(car, leave, part.number, run, circuit, rng)
                if part.number == 1 and run == 0 and number == deleted_car:
                    control.append(_delete(car, options, circuit))
        control.append(ControlMessage(part.end_ms + 300, flag("CHEQUERED", "CHEQUERED FLAG")))
        running = part_order(part, {n: cars[n].laps for n in running})[: part.advancing]
    finished = parts[-1].end_ms
    last = max(car.knots[-1][0] for car in cars.values())
    end = round(max(last, finished + 300_000)) + 20_000
    for car in cars.values():
        car.knots.append((float(end), car.knots[-1][1]))
    return SessionRun(
        code="Q",
        entries=entries,
        circuit=circuit,
        t0_at=session_t0(options, "Q"),
        start_ms=parts[0].start_ms,
        finished_ms=finished,
        end_ms=end,
        traces={n: trace_of(car.knots) for n, car in cars.items()},
        laps={n: tuple(car.laps) for n, car in cars.items()},
        tyre_sets=tuple(s for car in cars.values() for s in car.sets),
        pit_visits=tuple(v for car in cars.values() for v in _closed_visits(car)),
        control=tuple(sorted(control, key=lambda message: message.at_ms)),
        parts=parts,
    )


def session_t0(options: WeekendOptions, code: str) -> datetime:
    """Return the UTC of session time zero: some minutes before 15:00 local time."""
    day = options.race_date - timedelta(days=1 if code == "Q" else 0)
    start = datetime.combine(day, _SESSION_LOCAL, tzinfo=UTC) - timedelta(hours=GMT_OFFSET_HOURS)
    lead_ms = _FIRST_GREEN_MS if code == "Q" else 903_212
    return start - timedelta(milliseconds=lead_ms)


def part_order(part: QualifyingPart, laps: dict[str, list[Lap]]) -> list[str]:
    """Return the cars of a part by their best time that counts; those without one last, as they came."""
    best = {
        number: min(
            (lap.lap_ms for lap in car_laps if lap.part == part.number and counts(lap)), default=10**9
        )
        for number, car_laps in laps.items()
    }
    return sorted(best, key=lambda number: best[number])


def counts(lap: Lap) -> bool:
    """Return whether a lap's time can be a best time: timed, from line to line, and not deleted."""
    return lap.has_lap_time and not lap.is_deleted and lap.pit_in_ms is None and lap.pit_out_ms is None


def _parts(cars: int) -> tuple[QualifyingPart, ...]:
    entries = (cars, max(cars * 3 // 4, 2), max(cars // 2, 2))
    parts, start = [], _FIRST_GREEN_MS
    for i in range(3):
        end = start + _PART_MS[i]
        parts.append(QualifyingPart(i + 1, start, end, entries[i], entries[i + 1] if i < 2 else entries[2]))
        start = end + _BREAK_MS[i] if i < 2 else end
    return tuple(parts)


def _leaving_time(
    part: QualifyingPart, run: int, slot: int, circuit: Circuit, rng: np.random.Generator
) -> int:
    if run == 0:
        return part.start_ms + 12_000 + 6_500 * slot + int(rng.integers(0, 6_000))
    out_ms = _OUT_FACTOR * circuit.lap_s * 1000
    return round(part.end_ms - out_ms - 25_000 - 4_500 * slot - int(rng.integers(0, 4_000)))


def _drive_run(
    car: _Car, leave_ms: int, part: int, run: int, circuit: Circuit, rng: np.random.Generator
) -> None:
    """Add one run (lap out, push lap, lap in) to a car; the car leaves its box at ``leave_ms``."""
    lap_base = float(np.floor(car.knots[-1][1]))
    number = len(car.laps) + 1
    car.knots.append((float(leave_ms), car.knots[-1][1]))
    out = pit_lane(leave_ms, circuit.pit_box_m, circuit.pit_exit_m, lap_base, circuit)
    out_ms = round(out[-1][0])
    car.visits.append(PitVisit(car.entry.number, car.arrived_ms, out_ms, number - 1))
    gain = _TRACK_GAIN_S * (run + 2 * (part - 1))
    push_s = circuit.lap_s + 0.5 + car.entry.pace_s - gain + rng.normal(0.0, _PUSH_SIGMA_S)
    first = drive(
        out[-1],
        lap_base + 1,
        _sector_times(circuit.lap_s * _OUT_FACTOR * rng.uniform(0.98, 1.03), circuit, rng),
        circuit,
        (),
    )
    push = drive(first[-1], lap_base + 2, _sector_times(push_s, circuit, rng), circuit, ())
    entry = lap_base + 2 + circuit.progress_at(circuit.pit_entry_m)
    into = drive(
        push[-1],
        entry,
        _sector_times(circuit.lap_s * _IN_FACTOR * rng.uniform(0.98, 1.03), circuit, rng),
        circuit,
        (),
    )
    lane = pit_lane(into[-1][0], circuit.pit_entry_m, circuit.length_m, lap_base + 2, circuit)
    to_box = pit_lane(lane[-1][0], 0.0, circuit.pit_box_m, lap_base + 3, circuit)
    pit_in_ms = round(into[-1][0])
    car.knots += [*out, *first, *push, *into, *lane, *to_box]
    tyres = _fit_tyres(car, out_ms, part, run)
    age = tyres.start_age_laps

    def lap(offset: int, start: int, knots: list[Knot], **more: object) -> Lap:
        ends = tuple(round(_time_of(knots, lap_base + offset + e)) for e in circuit.sector_ends)
        made = Lap(
            car.entry.number, number + offset, start, (ends[0], ends[1]), ends[2], tyres.stint_number,
            tyres.compound, tyres.is_fresh, age + offset + 1, part=part,
        )  # fmt: skip
        return replace(made, **more)  # type: ignore[arg-type]

    out_start = out_ms if car.last_line_ms is None else car.last_line_ms
    out_lap = lap(0, out_start, first, pit_out_ms=out_ms, has_sector_1=False)
    # The feed never times the first lap of a part: its clock for the lap was started in the part before.
    car.laps.append(replace(out_lap, has_lap_time=car.last_line_ms is not None))
    car.laps.append(lap(1, car.laps[-1].end_ms, push))
    car.laps.append(lap(2, car.laps[-1].end_ms, [*into, *lane], pit_in_ms=pit_in_ms))
    car.last_line_ms, car.arrived_ms = car.laps[-1].end_ms, pit_in_ms


def _time_of(knots: list[Knot], progress: float) -> float:
    times = np.interp([progress], [p for _, p in knots], [t for t, _ in knots])
    return float(times[0])


def _fit_tyres(car: _Car, out_ms: int, part: int, run: int) -> TyreSet:
    """Return the run's set: new in the first run of a part; a used one in a second run of parts 1 and 2."""
    fresh = run == 0 or part == 3
    tyres = TyreSet(car.entry.number, len(car.sets) + 1, out_ms + 700, "SOFT", fresh, 0 if fresh else 3)
    car.sets.append(tyres)
    return tyres


def _sector_times(lap_s: float, circuit: Circuit, rng: np.random.Generator) -> list[float]:
    shares = np.diff([0.0, *circuit.sector_ends]) * (1.0 + rng.normal(0.0, 0.0018, 3))
    return [float(v) for v in lap_s * 1000.0 * shares / shares.sum()]


def _delete(car: _Car, options: WeekendOptions, circuit: Circuit) -> ControlMessage:
    """Delete the car's last push lap, and return what race control says about it."""
    lap = car.laps[-2] = replace(car.laps[-2], is_deleted=True)
    said_ms = lap.end_ms + 21_000
    local = session_t0(options, "Q") + timedelta(milliseconds=lap.end_ms - 4_000, hours=GMT_OFFSET_HOURS)
    text = deleted_text(car.entry, lap, len(circuit.corners_m), local)
    return ControlMessage(said_ms, {"Category": "Other", "Message": text})


def _closed_visits(car: _Car) -> list[PitVisit]:
    last = [PitVisit(car.entry.number, car.arrived_ms, None, len(car.laps))] if car.arrived_ms else []
    return [*car.visits, *last]
