"""The official result: qualifying by parts, and the race with its penalties; points and standings."""

from __future__ import annotations

from dataclasses import dataclass

from sources.synthetic.qualifying_model import counts
from sources.synthetic.race_result import road_order
from sources.synthetic.session_run import Lap, SessionRun

POINTS = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
"""Points of a race from 2025 on; there is none for the fastest lap."""

_CLASSIFIED_SHARE = 0.9


@dataclass(frozen=True)
class QualifyingResult:
    """A row of the official qualifying: place and best time of each part. Null where there is none."""

    position: int
    car_number: str
    best_ms: tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class RaceResult:
    """A row of the official race result.

    Attributes:
        position: Place in the table, also of cars that are not classified.
        position_text: The place, or ``R`` for a car that retired.
        car_number: The car.
        grid: Slot on the grid.
        laps: Laps completed.
        status: ``Finished``, ``Lapped`` or ``Retired``.
        total_ms: Time of the race with penalties. Null for a car that retired.
        points: Points.
        fastest_lap: The car's fastest lap. Null if it has none that was timed.
    """

    position: int
    position_text: str
    car_number: str
    grid: int
    laps: int
    status: str
    total_ms: int | None
    points: int
    fastest_lap: Lap | None


def qualifying_result(run: SessionRun) -> tuple[QualifyingResult, ...]:
    """Return the official qualifying result: who came into the last part first, then by its best time."""
    best = {number: tuple(_best(laps, part) for part in (1, 2, 3)) for number, laps in run.laps.items()}
    remaining = [entry.number for entry in run.entries]
    out: list[str] = []
    for part in run.parts:
        index = part.number - 1
        remaining.sort(key=lambda number: best[number][index] or 10**9)
        advancing = part.advancing if part.number < len(run.parts) else len(remaining)
        out = [*remaining[advancing:], *out]
        remaining = remaining[:advancing]
    return tuple(
        QualifyingResult(i, number, (best[number][0], best[number][1], best[number][2]))
        for i, number in enumerate([*remaining, *out], start=1)
    )


def race_result(run: SessionRun) -> tuple[RaceResult, ...]:
    """Return the official race result: the order at the flag, changed by time penalties within equal laps."""
    retired = {stop.car_number for stop in run.retirements}
    added = {penalty.car_number: 1000 * penalty.seconds for penalty in run.penalties}
    order = road_order(dict(run.laps), retired)
    totals = {
        number: run.laps[number][-1].end_ms - run.start_ms + added.get(number, 0)
        for number in order
        if number not in retired
    }
    places = {number: i for i, number in enumerate(order)}
    order.sort(
        key=lambda number: (number in retired, -len(run.laps[number]), totals.get(number, places[number]))
    )
    grid = {entry.number: i for i, entry in enumerate(run.entries, start=1)}
    most = len(run.laps[order[0]])
    rows = []
    for i, number in enumerate(order, start=1):
        laps = len(run.laps[number])
        is_out = number in retired
        rows.append(
            RaceResult(
                position=i,
                position_text="R" if is_out and laps < int(_CLASSIFIED_SHARE * most) else str(i),
                car_number=number,
                grid=grid[number],
                laps=laps,
                status="Retired" if is_out else "Finished" if laps == most else "Lapped",
                total_ms=totals.get(number),
                points=POINTS[i - 1] if i <= len(POINTS) and not is_out else 0,
                fastest_lap=min(
                    (lap for lap in run.laps[number] if lap.has_lap_time),
                    key=lambda lap: lap.lap_ms,
                    default=None,
                ),
            )
        )
    return tuple(rows)


def _best(laps: tuple[Lap, ...], part: int) -> int | None:
    return min((lap.lap_ms for lap in laps if lap.part == part and counts(lap)), default=None)
