"""From the laps that were run to the race: the flag, the way home, the penalty, and what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from sources.synthetic import control_texts as say
from sources.synthetic.field import Entry
from sources.synthetic.names import GMT_OFFSET_HOURS
from sources.synthetic.options import WeekendOptions
from sources.synthetic.qualifying_model import session_t0
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.race_model import RACE_START_MS, Race, run_laps
from sources.synthetic.session_run import ControlMessage, Lap, Penalty, PitVisit, SessionRun
from sources.synthetic.trace import drive, pit_lane, trace_of

_PENALTY_S = 5


def run_race(options: WeekendOptions, grid: tuple[Entry, ...]) -> SessionRun:
    """Return the invented race.

    Args:
        options: Seed, distance, and what goes wrong.
        grid: Entries in grid order.
    """
    race = run_laps(options, grid)
    distance = options.race_laps
    flag_ms = min(car.lap_ends[-1] for car in race.cars if len(car.lap_ends) == distance)
    for car in race.cars:
        if not car.stopped:
            _flag_and_home(race, car, flag_ms)
    laps = {car.entry.number: tuple(car.laps) for car in race.cars}
    laps, deleted = _delete_one_lap(options, laps)
    penalties = _penalty(options, laps, flag_ms)
    end = round(max(flag_ms + 320_000, *(car.knots[-1][0] for car in race.cars))) + 20_000
    for car in race.cars:
        car.knots.append((float(end), car.knots[-1][1]))
    control, status = _story(race, laps, deleted, penalties, flag_ms)
    return SessionRun(
        code="R",
        entries=grid,
        circuit=race.circuit,
        t0_at=session_t0(options, "R"),
        start_ms=RACE_START_MS,
        finished_ms=flag_ms,
        end_ms=end,
        traces={car.entry.number: trace_of(car.knots) for car in race.cars},
        laps=laps,
        tyre_sets=tuple(tyres for car in race.cars for tyres in car.sets),
        pit_visits=tuple(visit for car in race.cars for visit in _closed_visits(car)),
        retirements=tuple(race.retirements),
        penalties=penalties,
        control=control,
        track_status=status,
        total_laps=distance,
        tow_laps=frozenset(race.tow_laps),
    )


def road_order(laps: dict[str, tuple[Lap, ...]], retired: set[str]) -> list[str]:
    """Return the cars as they crossed the line: by laps, then by time; the retired last, by laps."""
    return sorted(
        laps,
        key=lambda number: (
            number in retired,
            -len(laps[number]),
            laps[number][-1].end_ms if laps[number] else 0,
        ),
    )


def _flag_and_home(race: Race, car: RaceCar, flag_ms: int) -> None:
    """End a car's race at its first line after the flag, and drive it to the pits."""
    count = next(i for i, end in enumerate(car.lap_ends) if end >= flag_ms) + 1
    last_set = car.laps[count - 1].stint_number
    end_ms = car.lap_ends[count - 1]
    car.laps, car.knots = car.laps[:count], car.knots[: car.knot_counts[count - 1]]
    car.sets = [tyres for tyres in car.sets if tyres.stint_number <= last_set]
    car.visits = [visit for visit in car.visits if visit.out_ms is None or visit.out_ms <= end_ms]
    circuit, base = race.circuit, float(count)
    slow = [1.5 * circuit.lap_s * 1000 * share for share in np.diff([0.0, *circuit.sector_ends])]
    car.knots += drive(car.knots[-1], base + circuit.progress_at(circuit.pit_entry_m), slow, circuit, ())
    lane = pit_lane(car.knots[-1][0], circuit.pit_entry_m, circuit.length_m, base, circuit)
    car.knots += [*lane, *pit_lane(lane[-1][0], 0.0, circuit.pit_box_m, base + 1, circuit)]


def _closed_visits(car: RaceCar) -> list[PitVisit]:
    """Return a car's visits to the pits, the one that it did not leave included."""
    last = car.laps[-1] if car.laps else None
    if car.stopped and last is not None and last.pit_in_ms is not None:
        return [*car.visits, PitVisit(car.entry.number, last.pit_in_ms, None, last.lap_number)]
    return car.visits


def _delete_one_lap(
    options: WeekendOptions, laps: dict[str, tuple[Lap, ...]]
) -> tuple[dict[str, tuple[Lap, ...]], Lap | None]:
    """Return the laps with one of them deleted for track limits (it counts in the race all the same)."""
    rng = np.random.default_rng([options.seed, 6])
    able = [
        lap
        for car_laps in laps.values()
        for lap in car_laps
        if lap.lap_number > 1 and lap.pit_in_ms is None and lap.pit_out_ms is None
        and sum(other.lap_ms == lap.lap_ms for other in car_laps) == 1
    ]  # fmt: skip
    if not able:
        return laps, None
    chosen = able[int(rng.integers(len(able)))]
    deleted = replace(chosen, is_deleted=True)
    car_laps = tuple(deleted if lap is chosen else lap for lap in laps[chosen.car_number])
    return {**laps, chosen.car_number: car_laps}, deleted


def _penalty(options: WeekendOptions, laps: dict[str, tuple[Lap, ...]], flag_ms: int) -> tuple[Penalty, ...]:
    """Return a penalty that costs its car a place: 5 s, or 10 s where nobody is within 5 s of anybody.

    The car is the first of the two with the full distance that are nearest to 2.5 s apart at the flag. None
    in a field so spread out that 10 s change nothing.
    """
    whole = {number: car_laps for number, car_laps in laps.items() if len(car_laps) == options.race_laps}
    order = road_order(whole, set())
    gaps = [(whole[behind][-1].end_ms - whole[car][-1].end_ms, car) for car, behind in pairwise(order)]
    if not gaps:
        return ()
    gap, car = min(gaps, key=lambda pair: abs(pair[0] - 2_500))
    seconds = _PENALTY_S * (gap // (_PENALTY_S * 1000) + 1)
    if seconds > 2 * _PENALTY_S:
        return ()
    announced = max(flag_ms - 240_000, RACE_START_MS + 60_000)
    return (Penalty(car, int(seconds), announced, "SPEEDING IN THE PIT LANE"),)


def _story(
    race: Race,
    laps: dict[str, tuple[Lap, ...]],
    deleted: Lap | None,
    penalties: tuple[Penalty, ...],
    flag_ms: int,
) -> tuple[tuple[ControlMessage, ...], tuple[tuple[int, str, str], ...]]:
    """Return what race control said, and the status of the track."""
    entries = {car.entry.number: car.entry for car in race.cars}
    said = [
        ControlMessage(RACE_START_MS - 660_000, say.flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN")),
        ControlMessage(RACE_START_MS - 360_000, say.other("PIT EXIT CLOSED")),
        ControlMessage(RACE_START_MS - 300_000, say.other("RISK OF RAIN FOR F1 RACE IS 0%")),
        ControlMessage(RACE_START_MS - 180_000, say.drs("DISABLED")),
        ControlMessage(RACE_START_MS + 210, say.flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN")),
        ControlMessage(_leader_line(laps, 1) + 330, say.drs("ENABLED")),
        ControlMessage(flag_ms + 180, say.flag("CHEQUERED", "CHEQUERED FLAG")),
    ]
    status: list[tuple[int, str, str]] = [(0, "1", "AllClear")]
    _slow_story(race, said, status)
    for penalty in penalties:
        entry = entries[penalty.car_number]
        text = f"{penalty.seconds} SECOND TIME PENALTY FOR CAR {entry.number} ({entry.driver.code})"
        said.append(
            ControlMessage(penalty.announced_ms, say.other(f"FIA STEWARDS: {text} - {penalty.reason}"))
        )
    if deleted is not None:
        local = _local(race.options, deleted.sector_ends_ms[1] + 3_000)
        text = say.deleted_text(entries[deleted.car_number], deleted, len(race.circuit.corners_m), local)
        said.append(ControlMessage(deleted.end_ms + 64_000, say.other(text)))
    said += _blue_flags(race.options, laps, entries)
    return tuple(sorted(said, key=lambda message: message.at_ms)), tuple(status)


def _slow_story(race: Race, said: list[ControlMessage], status: list[tuple[int, str, str]]) -> None:
    """Add yellow flags for the car that stopped, and the safety car where there is one."""
    for stop in (r for r in race.retirements if r.on_track):
        sector = 1 + int((stop.stop_progress % 1.0) * 17)
        yellow = say.sector_flag("DOUBLE YELLOW", sector, f"DOUBLE YELLOW IN TRACK SECTOR {sector}")
        clear = say.sector_flag("CLEAR", sector, f"CLEAR IN TRACK SECTOR {sector}")
        said.append(ControlMessage(stop.stopped_ms - 4_000, yellow))
        status.append((stop.stopped_ms - 4_000, "2", "Yellow"))
        if race.slow_start_ms is None or race.slow_end_ms is None:
            said.append(ControlMessage(stop.stopped_ms + 40_000, clear))
            status.append((stop.stopped_ms + 40_000, "1", "AllClear"))
    if race.slow_start_ms is None or race.slow_end_ms is None:
        return
    start, end = round(race.slow_start_ms), round(race.slow_end_ms)
    if race.is_virtual:
        mode, ending = (
            "VIRTUAL SAFETY CAR",
            ControlMessage(
                end - 12_000, say.safety_car("ENDING", "VIRTUAL SAFETY CAR", "VIRTUAL SAFETY CAR ENDING")
            ),
        )
        status += [(start, "6", "VSCDeployed"), (end - 12_000, "7", "VSCEnding")]
    else:
        mode, ending = (
            "SAFETY CAR",
            ControlMessage(
                end - 95_000, say.safety_car("IN THIS LAP", "SAFETY CAR", "SAFETY CAR IN THIS LAP")
            ),
        )
        status.append((start, "4", "SCDeployed"))
    said += [
        ControlMessage(start, say.safety_car("DEPLOYED", mode, f"{mode} DEPLOYED")),
        ControlMessage(start + 400, say.drs("DISABLED")),
        ending,
        ControlMessage(end, say.flag("CLEAR", "TRACK CLEAR")),
        ControlMessage(end + 92_000, say.drs("ENABLED")),
    ]
    status.append((end, "1", "AllClear"))


def _blue_flags(
    options: WeekendOptions, laps: dict[str, tuple[Lap, ...]], entries: dict[str, Entry]
) -> list[ControlMessage]:
    """Return a blue flag for each time that the leader is about to lap a car."""
    leader = [_leader_line(laps, lap) for lap in range(1, options.race_laps + 1)]
    said = []
    for number, car_laps in laps.items():
        down = 0
        for lap in car_laps:
            ahead = int(np.searchsorted(leader, lap.end_ms, side="right")) - lap.lap_number
            if ahead > down:
                at = lap.end_ms - 9_000
                fields = say.blue_flag(entries[number], _local(options, at))
                said.append(ControlMessage(at, fields))
            down = max(down, ahead)
    return said


def _leader_line(laps: dict[str, tuple[Lap, ...]], lap: int) -> int:
    return min(car_laps[lap - 1].end_ms for car_laps in laps.values() if len(car_laps) >= lap)


def _local(options: WeekendOptions, at_ms: int) -> datetime:
    return session_t0(options, "R") + timedelta(milliseconds=at_ms, hours=GMT_OFFSET_HOURS)
