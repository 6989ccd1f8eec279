"""One lap of one car of an invented race: start, pit lane, the way between, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from sources.synthetic.circuit import Circuit
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.trace import Knot, SlowPeriod, drive, launch, pit_lane, rescale

_STOPPING = ((0.6, 0.006), (1.4, 0.012), (2.6, 0.018), (4.6, 0.0225), (7.0, 0.0245), (9.5, 0.025))
"""A car that breaks down: seconds since, and progress made in them."""


@dataclass(frozen=True)
class PitPlan:
    """What a lap has to do with the pits.

    Attributes:
        goes_in: Whether it ends there.
        standing_ms: How long the car stands, if the lap began there.
        released_ms: When it may leave at the earliest, after a red flag. Null otherwise.
    """

    goes_in: bool
    standing_ms: float
    released_ms: float | None = None


@dataclass(frozen=True)
class LapWay:
    """The way of one lap: knots up to the line (or to the box), and times in the pits.

    ``fixed`` is how many knots at its start no other car can delay, ``lane`` how many at its end are in the
    pit lane.
    """

    knots: list[Knot]
    fixed: int
    end_ms: int
    pit_in_ms: int | None = None
    pit_out_ms: int | None = None
    lane: int = 0

    def delayed_to(self, end_ms: int) -> LapWay:
        """Return the way held up by other cars so that it ends later; the start stays as it was."""
        head, tail = self.knots[: self.fixed], self.knots[self.fixed :]
        begin = head[-1][0] if head else self.knots[0][0]
        knots = head + rescale(tail, begin, end_ms)
        pit_in = None if self.pit_in_ms is None else round(knots[-self.lane - 1][0])
        return LapWay(knots, self.fixed, end_ms, pit_in, self.pit_out_ms, self.lane)

    def behind(self, ahead: LapWay, gaps_ms: tuple[float, float]) -> LapWay:
        """Return the way in a queue: that of the car ahead, so much later at its start and at its end."""
        base = ceil(ahead.knots[-1][1]) - 1
        first, last = gaps_ms
        knots = []
        for time, progress in ahead.knots:
            later = time + first + (last - first) * (progress - base)
            knots.append((round(later) if float(time).is_integer() else later, progress))
        pit_in = None if ahead.pit_in_ms is None else round(knots[-ahead.lane - 1][0])
        return LapWay(knots, 0, round(knots[-1][0]), pit_in, None, ahead.lane)

    def is_like(self, other: LapWay) -> bool:
        """Return whether both ways begin at the line, and end both there or both in the pits."""
        return self.fixed == other.fixed == 0 and (self.pit_in_ms is None) == (other.pit_in_ms is None)


def lap_way(
    car: RaceCar,
    lap: int,
    sector_ms: Sequence[float],
    circuit: Circuit,
    slow: Sequence[SlowPeriod],
    pits: PitPlan,
) -> LapWay:
    """Return the way of a lap.

    Args:
        car: The car, at the line (in the pit lane after a lap into the pits), or on the grid.
        lap: Lap number; the lap goes from progress ``lap - 1`` to ``lap``.
        sector_ms: What the sectors take without other cars and slow periods.
        circuit: The circuit.
        slow: Slow periods.
        pits: What the lap has to do with the pits.
    """
    base = float(lap - 1)
    here = car.knots[-1]
    head: list[Knot] = []
    pit_out: int | None = None
    if lap == 1:
        head = launch(here[0], car.slot_m, circuit)
    elif car.is_in_pits:
        head = pit_lane(here[0], 0.0, circuit.pit_box_m, base, circuit)
        away = max(head[-1][0] + pits.standing_ms, pits.released_ms or 0.0)
        head.append((float(round(away)), head[-1][1]))
        head += pit_lane(head[-1][0], circuit.pit_box_m, circuit.pit_exit_m, base, circuit)
        pit_out = round(head[-1][0])
    start = head[-1] if head else here
    goal = base + (circuit.pit_entry_progress if pits.goes_in else 1.0)
    way = drive(start, goal, sector_ms, circuit, slow)
    if not pits.goes_in:
        return LapWay([*head, *way], len(head), round(way[-1][0]), None, pit_out)
    lane = pit_lane(way[-1][0], circuit.pit_entry_m, circuit.length_m, base, circuit)
    return LapWay([*head, *way, *lane], len(head), round(lane[-1][0]), round(way[-1][0]), pit_out, len(lane))


def breakdown(knots: Sequence[Knot], stop_progress: float) -> tuple[list[Knot], int]:
    """Return a lap's knots cut where the car breaks down, with its coming to rest, and when that is.

    Args:
        knots: The lap as it would have been, from a knot before the breakdown.
        stop_progress: Where the car breaks down.
    """
    kept = [knot for knot in knots if knot[1] < stop_progress]
    after = next(knot for knot in knots if knot[1] >= stop_progress)
    before = kept[-1]
    share = (stop_progress - before[1]) / (after[1] - before[1])
    begin = before[0] + share * (after[0] - before[0])
    kept.append((begin, stop_progress))
    kept += [(begin + 1000.0 * seconds, stop_progress + gone) for seconds, gone in _STOPPING]
    return kept, round(kept[-1][0])
