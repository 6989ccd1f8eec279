"""What happens in an invented race, as the model knows it: plain facts, in no format of the feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sources.synthetic.lap_model import PARAMETERS
from sources.synthetic.trace import SlowPeriod

InterruptionKind = Literal["safety_car", "virtual_safety_car", "red_flag"]

FOREVER_MS = 1e12


@dataclass(frozen=True)
class Interruption:
    """A time in which nobody may pass. Session times in milliseconds.

    Attributes:
        kind: Safety car, virtual safety car, or red flag.
        car_number: The car that stopped on the track.
        start_ms: Deployment, or the red flag.
        end_ms: The leader's line at which racing goes on, or when a race is given up. Null while the race is
            still being worked out.
        leader_lap: Lap that the leader was in at a red flag.
        restart_ms: When the pit lane opens again after a red flag. Null for the others, and if it never does.
    """

    kind: InterruptionKind
    car_number: str
    start_ms: float
    end_ms: float | None = None
    leader_lap: int = 0
    restart_ms: float | None = None

    @property
    def until_ms(self) -> float:
        """Its end; for ever while that is not known."""
        return FOREVER_MS if self.end_ms is None else self.end_ms

    @property
    def ends_the_race(self) -> bool:
        """Whether it is a red flag after which the race is not resumed."""
        return self.kind == "red_flag" and self.restart_ms is None

    def covers(self, start_ms: float, end_ms: float) -> bool:
        """Return whether a lap between two times is touched by it."""
        return self.start_ms < end_ms and start_ms < self.until_ms

    def slow_period(self, *, sets_the_pace: bool) -> SlowPeriod:
        """Return how it slows a car.

        Args:
            sets_the_pace: Whether the car is the leader or lapped; the others catch up with the queue.
        """
        if self.kind == "virtual_safety_car":
            factor = PARAMETERS.virtual_factor
        elif self.kind == "red_flag" or sets_the_pace:
            factor = PARAMETERS.safety_car_factor
        else:
            factor = PARAMETERS.catching_factor
        return SlowPeriod(self.start_ms, self.until_ms, factor)


@dataclass(frozen=True)
class Overtake:
    """A car passed another on the track in a lap."""

    lap_number: int
    car_number: str
    passed: str


@dataclass(frozen=True)
class HeldUp:
    """A car lost time in a lap behind another that it did not pass. Milliseconds."""

    lap_number: int
    car_number: str
    behind: str
    lost_ms: int


@dataclass(frozen=True)
class UndercutTry:
    """A car stopped earlier than planned at the end of a lap in order to get past one close ahead.

    ``has_succeeded`` is whether it was ahead when the other had stopped too. Null where that never came.
    """

    lap_number: int
    car_number: str
    against: str
    has_succeeded: bool | None = None
