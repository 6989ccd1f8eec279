"""Which tyres an invented car starts on, and when it means to change them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Compounds of the stints, and the shares of the distance at which they end. Two dry compounds at least.
_PLANS: tuple[tuple[tuple[str, ...], tuple[float, ...]], ...] = (
    (("MEDIUM", "HARD"), (0.42,)),
    (("MEDIUM", "HARD"), (0.50,)),
    (("HARD", "MEDIUM"), (0.60,)),
    (("SOFT", "HARD"), (0.27,)),
    (("SOFT", "MEDIUM", "MEDIUM"), (0.24, 0.62)),
    (("MEDIUM", "HARD", "SOFT"), (0.36, 0.78)),
)

SHORTEST_RACE_WITH_STOPS = 6
"""Laps from which on cars plan to stop."""


@dataclass(frozen=True)
class StintPlan:
    """One planned stint: its tyres, and the lap at whose end the car means to stop (null: to the flag)."""

    compound: str
    is_fresh: bool
    start_age_laps: int
    stop_lap: int | None


def planned_stints(rng: np.random.Generator, race_laps: int) -> tuple[StintPlan, ...]:
    """Return one car's plan.

    A quarter of the sets have been used in qualifying (3 laps old). Stops vary by a few laps around the plan.

    Args:
        rng: Random numbers; as many are drawn for every plan.
        race_laps: Distance of the race.
    """
    compounds, shares = _PLANS[int(rng.integers(len(_PLANS)))]
    used = rng.random(3) < 0.25
    spread = rng.integers(-3, 4, 2)
    if race_laps < SHORTEST_RACE_WITH_STOPS:
        compounds, shares = compounds[:1], ()
    stops: list[int] = []
    for i, share in enumerate(shares):
        lap = round(share * race_laps) + int(spread[i]) * race_laps // 60
        earliest = (stops[-1] if stops else 0) + 2
        if earliest <= race_laps - 2:
            stops.append(min(max(lap, earliest), race_laps - 2))
    ends: list[int | None] = [*stops, None]
    return tuple(StintPlan(compounds[i], not used[i], 3 if used[i] else 0, end) for i, end in enumerate(ends))
