"""The official result: qualifying by parts, and the race with its penalties; points and standings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sources.synthetic.garage_runs import counts
from sources.synthetic.race_result import road_order
from sources.synthetic.session_run import Lap, SessionRun
from sources.synthetic.stopped_race import counted_laps, points_for

POINTS = (25, 18, 15, 12, 10, 8, 6, 4, 2, 1)
"""Points of a race from 2025 on; there is none for the fastest lap."""

SPRINT_POINTS = (8, 7, 6, 5, 4, 3, 2, 1)
"""Points of a sprint from 2022 on."""

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
        position_text: The place, ``R`` for a car that retired, ``D`` for one that was disqualified.
        car_number: The car.
        grid: Slot on the grid.
        laps: Laps completed; 0 for a car that was disqualified, as Jolpica has it.
        status: ``Finished``, ``Lapped``, ``Retired`` or ``Disqualified``.
        total_ms: Time of the race with penalties. Null for a car that retired or was disqualified.
        points: Points.
        fastest_lap: The car's fastest lap. Null if it has none that was timed, or was disqualified.
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
    """Return the official result of a race or sprint.

    It is the order at the flag, changed by time penalties within equal laps. Disqualified cars stand last.
    Of a race that was stopped for good it is the order some laps before, as if the flag had been shown there.
    """
    race = _counting(run)
    excluded = {item.car_number for item in run.events.disqualifications}
    added = {penalty.car_number: 1000 * penalty.seconds for penalty in run.penalties}
    order = road_order(race.laps, race.retired)
    totals = {
        number: race.laps[number][-1].end_ms - run.start_ms + added.get(number, 0)
        for number in order
        if number not in race.retired
    }
    places = {number: i for i, number in enumerate(order)}

    def rank(number: str) -> tuple[bool, bool, int, int]:
        behind = -len(race.laps[number])
        return number in excluded, number in race.retired, behind, totals.get(number, places[number])

    order.sort(key=rank)
    return tuple(
        _row(run, race, number, place, None if number in excluded else totals.get(number))
        for place, number in enumerate(order, start=1)
    )


@dataclass(frozen=True)
class _Counting:
    """What counts of a race: laps by car, the most laps of all, who was out by its end, points by place."""

    laps: Mapping[str, tuple[Lap, ...]]
    most: int
    retired: set[str]
    points: tuple[int, ...]


def _counting(run: SessionRun) -> _Counting:
    laps, line_ms = counted_laps(run)
    most = max(map(len, laps.values()))
    points = POINTS if run.code == "R" else SPRINT_POINTS
    if line_ms is None:
        return _Counting(laps, most, {stop.car_number for stop in run.retirements}, points)
    retired = {stop.car_number for stop in run.retirements if stop.stopped_ms < line_ms}
    return _Counting(laps, most, retired, points_for(most, run.total_laps, points))


def _row(run: SessionRun, race: _Counting, number: str, place: int, total_ms: int | None) -> RaceResult:
    laps, points = race.laps[number], race.points
    is_excluded = number in {item.car_number for item in run.events.disqualifications}
    is_out = number in race.retired
    text, status = str(place), "Finished" if len(laps) == race.most else "Lapped"
    if is_out:
        text, status = (text if len(laps) >= int(_CLASSIFIED_SHARE * race.most) else "R"), "Retired"
    if is_excluded:
        text, status = "D", "Disqualified"
    timed = (lap for lap in laps if lap.has_lap_time and not is_excluded)
    return RaceResult(
        position=place,
        position_text=text,
        car_number=number,
        grid=[entry.number for entry in run.entries].index(number) + 1,
        laps=0 if is_excluded else len(laps),
        status=status,
        total_ms=total_ms,
        points=points[place - 1] if place <= len(points) and not (is_out or is_excluded) else 0,
        fastest_lap=min(timed, key=lambda lap: lap.lap_ms, default=None),
    )


def _best(laps: tuple[Lap, ...], part: int) -> int | None:
    return min((lap.lap_ms for lap in laps if lap.part == part and counts(lap)), default=None)
