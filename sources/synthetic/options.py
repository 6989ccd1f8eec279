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
Rain = Literal["none", "shower", "downpour"]
WeekendFormat = Literal["conventional", "sprint"]

MODEL_VERSION = 3
"""Raised when the same options give other bytes, so that a weekend made before is not used again."""

DEFAULT_WEEKEND, FULL_WEEKEND = "default", "full"
"""Names of the weekends that a source's value can ask for."""

MOST_CARS = 22
"""Entries of the invented field."""

SESSIONS: dict[WeekendFormat, tuple[str, ...]] = {
    "conventional": ("FP1", "FP2", "FP3", "Q", "R"),
    "sprint": ("FP1", "SQ", "S", "Q", "R"),
}
"""Sessions of each format, in order."""

LEAST_LAPS_WITH_WEATHER, LEAST_CARS_WITH_INCIDENTS = 12, 4
"""Laps of a race that can be rained upon or stopped; cars of one with a red flag or a disqualification."""


@dataclass(frozen=True)
class WeekendOptions:
    """Options of one invented weekend. The same options give the same bytes.

    Attributes:
        seed: Start of the random numbers.
        season: Year of the championship. Rules and formats are those of 2025.
        round_number: Round. 90 is one that no real calendar has, so the key never meets a real weekend.
        cars: Cars in every session, 2 to 22.
        sessions: Sessions that are written, out of those of the format. The race's grid is always the one
            that the invented qualifying gives, the sprint's the one of sprint qualifying.
        race_laps: Laps of the race, 3 to 99; the sprint has a third of them, at least 3.
        telemetry: Whether car and position data are written (most of the bytes and of the time).
        retirements: Cars that retire, 0 to 3, as far as two are left: the first stops on the track in the
            middle of a lap, the others in the pits.
        neutralisation: What race control does about the car that stops on the track. The sprint has one
            such car at most, and a virtual safety car wherever the race has any.
        weekend_format: ``conventional`` (three practices) or ``sprint`` (one, sprint qualifying, sprint).
        red_flag: Whether a second car stops on the track later in the race, which is stopped for it and
            started again behind the safety car. Needs 12 laps and 4 cars.
        is_resumed: Whether the race goes on after the red flag. If not, the car stops well before half of the
            distance, and the result is the order two laps earlier, for the points of so short a race.
        rain: Rain in the race: a ``shower`` brings intermediates, a ``downpour`` full wets. Needs 12 laps.
        session_flags: Whether yellow and red flags are shown in practice and qualifying; in sprint qualifying
            a yellow one only.
        disqualification: Whether one of the first ten is disqualified after the race. Needs 4 cars.
        field_seed: Start of the random numbers that make the field. Null for that of the weekend; weekends
            of one season share it, so that drivers and teams are as good in each.
        gmt_offset_hours: Local time less UTC, -12 to 14. Sessions begin at the same local time with each:
            at -9 qualifying and race begin at midnight UTC, and the feed before it.
    """

    seed: int = 1
    season: int = 2025
    round_number: int = 90
    cars: int = 20
    sessions: tuple[str, ...] = ("Q", "R")
    race_laps: int = 57
    telemetry: bool = True
    retirements: int = 3
    neutralisation: Neutralisation = "safety_car"
    weekend_format: WeekendFormat = "conventional"
    red_flag: bool = False
    is_resumed: bool = True
    rain: Rain = "none"
    session_flags: bool = False
    disqualification: bool = False
    field_seed: int | None = None
    gmt_offset_hours: int = 3

    def __post_init__(self) -> None:
        """Refuse options that no weekend can be made of.

        Raises:
            WeekendOptionsError: If a value is out of range, naming it.
        """
        weekend_key(self.season, self.round_number)
        _require(2 <= self.cars <= MOST_CARS, f"cars must be 2 to {MOST_CARS}, not {self.cars}")
        _require(3 <= self.race_laps <= 99, f"race_laps must be 3 to 99, not {self.race_laps}")
        hours = self.gmt_offset_hours
        _require(-12 <= hours <= 14, f"gmt_offset_hours must be -12 to 14, not {hours}")
        _require(0 <= self.retirements <= 3, f"retirements must be 0 to 3, not {self.retirements}")
        _require(self.weekend_format in SESSIONS, f"there is no weekend format {self.weekend_format!r}")
        able = SESSIONS[self.weekend_format]
        _require(
            bool(self.sessions) and set(self.sessions) <= set(able),
            f"sessions of a {self.weekend_format} weekend are {', '.join(able)}, not {self.sessions}",
        )
        long_enough = self.race_laps >= LEAST_LAPS_WITH_WEATHER
        _require(
            long_enough or (self.rain == "none" and not self.red_flag),
            f"rain and red flags need {LEAST_LAPS_WITH_WEATHER} laps, not {self.race_laps}",
        )
        _require(self.is_resumed or self.red_flag, "a race that is not resumed needs a red_flag")
        _require(
            self.cars >= LEAST_CARS_WITH_INCIDENTS or not (self.red_flag or self.disqualification),
            f"red flags and disqualifications need {LEAST_CARS_WITH_INCIDENTS} cars, not {self.cars}",
        )

    @property
    def weekend_key(self) -> str:
        """Key of the weekend, such as ``2025-90``."""
        return weekend_key(self.season, self.round_number)

    @property
    def sprint_laps(self) -> int:
        """Laps of the sprint."""
        return max(round(self.race_laps / 3), 3)

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


def full_weekend(weekend_format: WeekendFormat = "sprint") -> WeekendOptions:
    """Return the options of a weekend in which everything happens that can be asked for.

    All five sessions, 22 cars, a safety car, a red flag with a restart, a shower, a disqualification, flags
    in practice and qualifying. The sprint format has every kind of session.
    """
    return WeekendOptions(
        cars=MOST_CARS,
        sessions=SESSIONS[weekend_format],
        weekend_format=weekend_format,
        red_flag=True,
        rain="shower",
        session_flags=True,
        disqualification=True,
    )


def named_weekend(name: str) -> WeekendOptions:
    """Return the options of a weekend that a source's value names.

    Args:
        name: ``default`` (qualifying and race) or ``full`` (a sprint weekend with everything).

    Raises:
        WeekendOptionsError: If there is no weekend of that name.
    """
    if name == DEFAULT_WEEKEND:
        return WeekendOptions()
    if name == FULL_WEEKEND:
        return full_weekend()
    able = f"{DEFAULT_WEEKEND} or {FULL_WEEKEND}"
    raise WeekendOptionsError(f"no invented weekend is named {name!r}: write {able}")


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise WeekendOptionsError(message)
