"""How long a race lap takes: fuel, tyres, the driver and chance. Nothing here knows of other cars.

``lap = reference + race pace gap + car and driver + s·m(lap) + k0 + k1·age + N(0, sigma)``

Parameters, with their ranges in the TUM race-simulation files (121 races, 2014-2019):

* ``s`` 0.030 s per kg and lap (0.019 to 0.038, default 0.030); fuel ``m0`` 110 kg at the start, burnt evenly:
  ``m(L) = m0 (1 - (L - 0.5) / N)``;
* ``k1`` SOFT 0.085, MEDIUM 0.055, HARD 0.030 s per lap of age (0.010 to 0.096); ``k0`` 0, 0.45, 0.85 s;
* cold tyres on the lap out of the pits 1.0 s; standing time 1.9 s and a log-logistic rest, and once in a
  race 32 s more, for the last car of the grid that does not retire (so that somebody is lapped);
* a lap behind the safety car takes 1.6 laps, a lap under the virtual one 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sources.synthetic.circuit import Circuit, FloatArray

RACE_GAP_S = 1.6
FUEL_KG, FUEL_S_PER_KG = 110.0, 0.030
TYRE_OFFSET_S = {"SOFT": 0.0, "MEDIUM": 0.45, "HARD": 0.85}
TYRE_WEAR_S = {"SOFT": 0.085, "MEDIUM": 0.055, "HARD": 0.030}
COLD_TYRES_S = 1.0
SAFETY_CAR_FACTOR, CATCHING_FACTOR, VIRTUAL_FACTOR = 1.6, 1.25, 1.4
LEAST_STANDING_S, SLOW_STOP_S = 1.9, 32.0


@dataclass(frozen=True)
class RaceDraws:
    """Random numbers of a race, drawn before it is run: a car's lap has the same ones in every pass.

    Each array has one row per car and one column per lap, and is indexed by them.
    """

    noise: FloatArray
    sector_noise: FloatArray
    duel: FloatArray
    following: FloatArray
    standing_s: FloatArray


def race_draws(seed: int, cars: int, laps: int) -> RaceDraws:
    """Return the random numbers of a race."""
    rng = np.random.default_rng([seed, 3])
    shape = (cars, laps + 1)
    uniform = rng.uniform(0.02, 0.95, shape)
    return RaceDraws(
        noise=rng.normal(0.0, 1.0, shape),
        sector_noise=1.0 + rng.normal(0.0, 0.0025, (*shape, 3)),
        duel=rng.random(shape),
        following=rng.uniform(0.35, 0.95, shape),
        standing_s=LEAST_STANDING_S + 0.45 * (uniform / (1 - uniform)) ** 0.45,
    )


def fuel_kg(lap: int, race_laps: int) -> float:
    """Return the fuel in the middle of a lap. Kilograms."""
    return FUEL_KG * (1.0 - (lap - 0.5) / race_laps)


def free_lap_s(circuit: Circuit, pace_s: float, fuel: float, compound: str, age_laps: int) -> float:
    """Return a lap's time without traffic and without chance. Seconds."""
    tyres = TYRE_OFFSET_S[compound] + TYRE_WEAR_S[compound] * age_laps
    return circuit.lap_s + RACE_GAP_S + pace_s + FUEL_S_PER_KG * fuel + tyres


def sector_times_ms(lap_s: float, circuit: Circuit, noise: FloatArray) -> list[float]:
    """Return the three sectors of a lap time; ``noise`` (3 factors near 1) shifts time between them."""
    shares = np.diff([0.0, *circuit.sector_ends]) * noise
    return [float(v) for v in lap_s * 1000.0 * shares / shares.sum()]
