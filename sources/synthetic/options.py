"""What an invented weekend can be asked to be: the seed, its size, its key, what goes wrong in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal

from racing.keys import weekend_key
from sources.synthetic.errors import WeekendOptionsError

Neutralisation = Literal["safety_car", "virtual_safety_car", "none"]

MODEL_VERSION = 1
"""Raised when the same options give other bytes, so that a weekend made before is not used again."""

MOST_CARS = 20
"""Entries of the invented field."""


@dataclass(frozen=True)
class WeekendOptions:
    """Options of one invented weekend. The same options give the same bytes.

    Attributes:
        seed: Start of the random numbers.
        season: Year of the championship. Rules and formats are those of 2025.
        round_number: Round. 90 is one that no real calendar has, so the key never meets a real weekend.
        cars: Cars in both sessions, 2 to 20.
        sessions: Sessions that are written: ``Q``, ``R`` or both. The race's grid is always the one that
            the invented qualifying gives.
        race_laps: Laps of the race, 3 to 99.
        telemetry: Whether car and position data are written (most of the bytes and of the time).
        retirements: Cars that retire, 0 to 3, as far as two are left: the first stops on the track in the
            middle of a lap, the others in the pits.
        neutralisation: What race control does about the car that stops on the track.
    """

    seed: int = 1
    season: int = 2025
    round_number: int = 90
    cars: int = MOST_CARS
    sessions: tuple[str, ...] = ("Q", "R")
    race_laps: int = 57
    telemetry: bool = True
    retirements: int = 3
    neutralisation: Neutralisation = "safety_car"

    def __post_init__(self) -> None:
        """Refuse options that no weekend can be made of.

        Raises:
            WeekendOptionsError: If a value is out of range, naming it.
        """
        weekend_key(self.season, self.round_number)
        _require(2 <= self.cars <= MOST_CARS, f"cars must be 2 to {MOST_CARS}, not {self.cars}")
        _require(3 <= self.race_laps <= 99, f"race_laps must be 3 to 99, not {self.race_laps}")
        _require(0 <= self.retirements <= 3, f"retirements must be 0 to 3, not {self.retirements}")
        unknown = set(self.sessions) - {"Q", "R"}
        _require(not unknown and bool(self.sessions), f"sessions must be Q, R or both, not {self.sessions}")

    @property
    def weekend_key(self) -> str:
        """Key of the weekend, such as ``2025-90``."""
        return weekend_key(self.season, self.round_number)

    @property
    def race_date(self) -> date:
        """Day of the race: the third Sunday of December, after every real season."""
        first = date(self.season, 12, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 14)

    @property
    def digest(self) -> str:
        """Name of the weekend these options give: 16 hexadecimal digits."""
        text = json.dumps({**asdict(self), "model_version": MODEL_VERSION}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise WeekendOptionsError(message)
