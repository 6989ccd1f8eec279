"""One lap of one car of an invented race: start, pit lane, the way between, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.synthetic.circuit import Circuit
from sources.synthetic.race_cars import RaceCar
from sources.synthetic.trace import Knot, SlowPeriod, drive, launch, pit_lane, rescale

_STOPPING = ((0.6, 0.006), (1.4, 0.012), (2.6, 0.018), (4.6, 0.0225), (7.0, 0.0245), (9.5, 0.025))
"""A car that breaks down: seconds since, and progress made in them."""


@dataclass(frozen=True)
class PitPlan:
    """Whether a lap ends in the pits, and how long the car stands if the lap began there."""

    goes_in: bool
    standing_ms: float


@dataclass(frozen=True)
class LapWay:
    """The way of one lap: knots up to the line (or to the box), and times in the pits."""

    knots: list[Knot]
    fixed: int
    end_ms: int
    pit_in_ms: int | None = None
    pit_out_ms: int | None = None

    def delayed_to(self, end_ms: int) -> LapWay:
        """Return the way held up by other cars so that it ends later; the start stays as it was."""
        head, tail = self.knots[: self.fixed], self.knots[self.fixed :]
        begin = head[-1][0] if head else self.knots[0][0]
        return LapWay(
            head + rescale(tail, begin, end_ms), self.fixed, end_ms, self.pit_in_ms, self.pit_out_ms
        )


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
        head.append((float(round(head[-1][0] + pits.standing_ms)), head[-1][1]))
        head += pit_lane(head[-1][0], circuit.pit_box_m, circuit.pit_exit_m, base, circuit)
        pit_out = round(head[-1][0])
    start = head[-1] if head else here
    goal = base + (circuit.progress_at(circuit.pit_entry_m) if pits.goes_in else 1.0)
    way = drive(start, goal, sector_ms, circuit, slow)
    if not pits.goes_in:
        return LapWay([*head, *way], len(head), round(way[-1][0]), None, pit_out)
    lane = pit_lane(way[-1][0], circuit.pit_entry_m, circuit.length_m, base, circuit)
    return LapWay([*head, *way, *lane], len(head), round(lane[-1][0]), round(way[-1][0]), pit_out)


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
