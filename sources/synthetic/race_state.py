"""A race while it is run, and after: what the parts of the model share."""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.synthetic.circuit import Circuit
from sources.synthetic.lap_model import RaceDraws
from sources.synthetic.race_cars import RaceCar, RetirementPlan
from sources.synthetic.race_events import HeldUp, Interruption, Overtake, UndercutTry
from sources.synthetic.race_setup import RaceSetup
from sources.synthetic.rain import RainSpell
from sources.synthetic.session_run import Retirement


@dataclass
class Race:
    """A race while it is run, and after.

    Attributes:
        setup, circuit, draws, plans, rain: What it is run from.
        cars: Cars in grid order.
        interruptions: Those known so far, in order; the last may have no end yet.
        retirements: Cars that retired.
        tow_laps: (car number, lap) begun within a second of the car ahead.
        overtakes, held_up, undercuts: What happened between cars.
    """

    setup: RaceSetup
    circuit: Circuit
    draws: RaceDraws
    plans: dict[str, RetirementPlan]
    cars: list[RaceCar]
    rain: RainSpell | None = None
    interruptions: tuple[Interruption, ...] = ()
    retirements: list[Retirement] = field(default_factory=list)
    tow_laps: set[tuple[str, int]] = field(default_factory=set)
    overtakes: list[Overtake] = field(default_factory=list)
    held_up: list[HeldUp] = field(default_factory=list)
    undercuts: list[UndercutTry] = field(default_factory=list)

    def wetness_at(self, session_ms: float) -> float:
        """Return how wet the track is, 0 to 1."""
        return 0.0 if self.rain is None else self.rain.wetness_at(session_ms)

    def interruption_in(self, start_ms: float, end_ms: float) -> Interruption | None:
        """Return the first interruption that touches a time. Null if none does."""
        for interruption in self.interruptions:
            if interruption.covers(start_ms, end_ms):
                return interruption
        return None

    def leader_line(self, lap: int) -> int | None:
        """Return when the first car completed a lap. Null if none has yet."""
        return min((car.lap_ends[lap - 1] for car in self.cars if len(car.lap_ends) >= lap), default=None)

    @property
    def slow_stopper(self) -> RaceCar:
        """The last car of the grid that does not retire: it has one slow stop, so that somebody is lapped."""
        return next(car for car in reversed(self.cars) if car.entry.number not in self.plans)
