"""The weekends of an invented season: the same field in each, and chance in what happens.

How often a race is neutralised follows the TUM files (2014-2019): 45 % without a safety car. Rain, red flags
and retirements are ours.
"""

from __future__ import annotations

import numpy as np

from sources.synthetic.options import Neutralisation, Rain, WeekendFormat, WeekendOptions

ROUNDS = 24
"""Rounds of a season; the calendars of 2024 and 2025 have as many."""

_NEUTRALISATIONS: tuple[Neutralisation, ...] = ("none", "safety_car", "virtual_safety_car")
_NEUTRALISATION_PROB = (0.455, 0.410, 0.135)
_RAINS: tuple[Rain, ...] = ("none", "shower", "downpour")
_RAIN_PROB = (0.84, 0.12, 0.04)
_RED_FLAG_PROB, _DISQUALIFICATION_PROB = 0.08, 0.03
_RETIREMENT_PROB = (0.20, 0.30, 0.30, 0.20)
_RACE_LAPS = (44, 79)
_SPRINT_EVERY = 4


def season_plan(
    seed: int, *, season: int = 2025, rounds: int = ROUNDS, cars: int = 20
) -> tuple[WeekendOptions, ...]:
    """Return the options of every weekend of a season.

    Every fourth weekend has a sprint. Telemetry is left out.

    Args:
        seed: Start of the random numbers; the same seed gives the same season.
        season: Year.
        rounds: How many weekends.
        cars: Cars in each.
    """
    rng = np.random.default_rng([seed, 20])
    weekends = []
    for number in range(1, rounds + 1):
        weekend_format: WeekendFormat = "sprint" if number % _SPRINT_EVERY == 0 else "conventional"
        weekends.append(
            WeekendOptions(
                seed=1_000 * seed + number,
                season=season,
                round_number=number,
                cars=cars,
                sessions=("SQ", "S", "Q", "R") if weekend_format == "sprint" else ("Q", "R"),
                race_laps=int(rng.integers(*_RACE_LAPS)),
                telemetry=False,
                retirements=int(rng.choice(4, p=_RETIREMENT_PROB)),
                neutralisation=_NEUTRALISATIONS[int(rng.choice(3, p=_NEUTRALISATION_PROB))],
                weekend_format=weekend_format,
                red_flag=bool(rng.random() < _RED_FLAG_PROB),
                rain=_RAINS[int(rng.choice(3, p=_RAIN_PROB))],
                disqualification=bool(rng.random() < _DISQUALIFICATION_PROB),
                field_seed=seed,
            )
        )
    return tuple(weekends)
