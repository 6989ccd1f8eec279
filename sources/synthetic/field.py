"""The invented field: who drives what, how fast, and how evenly."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sources.synthetic.names import DRIVERS, TEAMS, DriverName, TeamName
from sources.synthetic.options import WeekendOptions

_CARS_OF_TEN_TEAMS = 20


@dataclass(frozen=True)
class Entry:
    """One car of the invented field.

    Attributes:
        driver, team: Names.
        pace_s: Seconds a lap slower than the best car and driver, 0 to about 2.
        lap_sigma_s: Standard deviation of the driver's lap times in the race. Seconds. 0.20 to 0.46; the
            TUM parameter files have 0.458 to 0.855 (they count traffic in, which is modelled apart here).
    """

    driver: DriverName
    team: TeamName
    pace_s: float
    lap_sigma_s: float

    @cached_property
    def number(self) -> str:
        """Car number, as text."""
        return self.driver.car_number

    @property
    def driver_id(self) -> str:
        """Jolpica's id of the driver."""
        return ascii_text(self.driver.family_name).lower()

    @property
    def reference(self) -> str:
        """The feed's reference of the driver, such as ``AURTIN01``."""
        first = ascii_text(self.driver.given_name)[:3]
        return f"{first}{ascii_text(self.driver.family_name)[:3]}01".upper()

    @property
    def full_name(self) -> str:
        """Name as the feed writes it, the family name in capitals."""
        return f"{self.driver.given_name} {self.driver.family_name.upper()}"

    @property
    def broadcast_name(self) -> str:
        """Short name of the screen, such as ``A TINDALE``."""
        return f"{self.driver.given_name[0]} {self.driver.family_name.upper()}"


def invented_field(options: WeekendOptions) -> tuple[Entry, ...]:
    """Return the entries of a weekend, fastest first.

    Teams are 0 to 1.7 s a lap apart in an order that the seed draws, and the two drivers of a team up to
    0.35 s. The last team takes part only where there are more than 20 cars; fewer are the fastest ones.
    """
    seed = options.seed if options.field_seed is None else options.field_seed
    rng = np.random.default_rng([seed, 1])
    drivers = DRIVERS if options.cars > _CARS_OF_TEN_TEAMS else DRIVERS[:_CARS_OF_TEN_TEAMS]
    teams = len({driver.team for driver in drivers})
    team_gaps = np.sort(rng.uniform(0.0, 1.7, teams))[rng.permutation(teams)]
    driver_gaps = rng.uniform(0.0, 0.35, len(drivers))
    sigmas = rng.uniform(0.20, 0.46, len(drivers))
    pace = [float(team_gaps[d.team] + driver_gaps[i]) for i, d in enumerate(drivers)]
    best = min(pace)
    entries = [
        Entry(d, TEAMS[d.team], round(pace[i] - best, 3), round(float(sigmas[i]), 3))
        for i, d in enumerate(drivers)
    ]
    return tuple(sorted(entries, key=lambda entry: entry.pace_s)[: options.cars])


def ascii_text(text: str) -> str:
    """Return text without accents, as the upstreams' identifiers have it."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
