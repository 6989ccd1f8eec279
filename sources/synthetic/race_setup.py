"""What an invented race or sprint is run from: distance, fuel, and what goes wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from sources.synthetic.lap_model import PARAMETERS
from sources.synthetic.options import Neutralisation, Rain, WeekendOptions


@dataclass(frozen=True)
class RaceSetup:
    """One race.

    Attributes:
        code: ``R`` or ``S``.
        seed: Start of the random numbers of the weekend.
        laps: Distance.
        fuel_kg: Fuel at the start.
        has_stops: Whether cars plan to change tyres.
        retirements: Cars that retire without bringing out a red flag.
        neutralisation: What is done about the one that stops on the track.
        red_flag: Whether a later stop on the track brings out a red flag.
        is_resumed: Whether the race goes on after it.
        rain: Rain.
        has_penalty: Whether a penalty is added after the flag.
        disqualification: Whether one of the first ten is disqualified afterwards.
    """

    code: str
    seed: int
    laps: int
    fuel_kg: float
    has_stops: bool
    retirements: int
    neutralisation: Neutralisation
    red_flag: bool = False
    is_resumed: bool = True
    rain: Rain = "none"
    has_penalty: bool = True
    disqualification: bool = False

    def stream(self, purpose: int) -> tuple[int, ...]:
        """Return the start of the random numbers of one purpose; the sprint's are not the race's."""
        return (self.seed, purpose) if self.code == "R" else (self.seed, purpose, 1)


def race_setup(options: WeekendOptions, code: str) -> RaceSetup:
    """Return the race (``R``) or the sprint (``S``) of a weekend.

    The sprint is a third of the race, with its share of the fuel, no stops and at most one retirement,
    which brings out the virtual safety car wherever the race has a safety car of any kind.
    """
    if code == "R":
        return RaceSetup(
            "R",
            options.seed,
            options.race_laps,
            PARAMETERS.race_fuel_kg,
            has_stops=True,
            retirements=options.retirements,
            neutralisation=options.neutralisation,
            red_flag=options.red_flag,
            is_resumed=options.is_resumed,
            rain=options.rain,
            disqualification=options.disqualification,
        )
    laps = options.sprint_laps
    return RaceSetup(
        "S",
        options.seed,
        laps,
        PARAMETERS.race_fuel_kg * laps / options.race_laps,
        has_stops=False,
        retirements=min(options.retirements, 1),
        neutralisation="none" if options.neutralisation == "none" else "virtual_safety_car",
        has_penalty=False,
    )
