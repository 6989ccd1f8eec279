"""How long an invented lap takes, in every session: fuel, tyres, water, driver. It knows no other cars.

``lap = reference + session gap + car and driver + s·m + k0 + k1·age + water(compound) + N(0, sigma)``

:data:`PARAMETERS` holds every number, with its range in the TUM race-simulation files (121 races,
2014-2019) where they have one. Those files have no rain: its numbers are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sources.synthetic.circuit import Circuit, FloatArray

SLICKS = ("SOFT", "MEDIUM", "HARD")


@dataclass(frozen=True)
class LapParameters:
    """Numbers of the model. The same for every seed.

    Attributes:
        race_gap_s, qualifying_gap_s, practice_gap_s: How far engine settings are from the reference lap.
        fuel_s_per_kg: Lap time of a kilogram of fuel (TUM: 0.019 to 0.038, default 0.030).
        race_fuel_kg: Fuel at the start of a race, burnt evenly (TUM: 110 kg from 2019); less in a sprint.
        push_fuel_kg, long_run_fuel_kg: Fuel of a qualifying run and of a long run in practice.
        tyre_offset_s: k0 by compound.
        tyre_wear_s: k1 by compound, seconds per lap of age (TUM: 0.010 to 0.096).
        push_sigma_s: Spread of qualifying laps. Races use each driver's own.
        track_gain_s: How much faster the track gets from run to run of qualifying.
        cold_tyres_s: Lap out of the pits (TUM: 1.0 s).
        standing_s, slow_stop_s: Least time in the box (TUM: 1.9 s), and what one slow stop takes more.
        safety_car_factor, catching_factor, virtual_factor: What a lap takes behind the safety car (TUM: 1.6),
            until a car has caught the queue, and under the virtual safety car (TUM: 1.4).
        sure_pass_s: Gain in a lap that is a sure pass; less gain is less likely (TUM: 1.26 to 3.75 s).
        duel_s: What a pass costs the car that passes (TUM: 0.3 s).
        undercut_gap_s: How near a car must be behind another to stop early in order to get past it.
        tolerated_water_s: What the wrong tyres may lose a lap before a car changes them; each has its own.
        water_s: By compound: what a lap takes longer on a dry track, per wetness, and per wetness above 0.7.
    """

    race_gap_s: float = 1.6
    qualifying_gap_s: float = 0.1
    practice_gap_s: float = 0.9
    fuel_s_per_kg: float = 0.030
    race_fuel_kg: float = 110.0
    push_fuel_kg: float = 8.0
    long_run_fuel_kg: float = 70.0
    tyre_offset_s: Mapping[str, float] = field(
        default_factory=lambda: {
            "SOFT": 0.0, "MEDIUM": 0.45, "HARD": 0.85, "INTERMEDIATE": 0.0, "WET": 0.0
        }
    )  # fmt: skip
    tyre_wear_s: Mapping[str, float] = field(
        default_factory=lambda: {
            "SOFT": 0.085, "MEDIUM": 0.055, "HARD": 0.030, "INTERMEDIATE": 0.060, "WET": 0.040
        }
    )  # fmt: skip
    push_sigma_s: float = 0.12
    track_gain_s: float = 0.15
    cold_tyres_s: float = 1.0
    standing_s: float = 1.9
    slow_stop_s: float = 32.0
    safety_car_factor: float = 1.6
    catching_factor: float = 1.25
    virtual_factor: float = 1.4
    sure_pass_s: float = 1.3
    duel_s: float = 0.3
    undercut_gap_s: float = 2.5
    tolerated_water_s: tuple[float, float] = (0.4, 2.4)
    water_s: Mapping[str, tuple[float, float, float]] = field(
        default_factory=lambda: {
            "SOFT": (0.0, 20.0, 0.0), "MEDIUM": (0.0, 20.0, 0.0), "HARD": (0.0, 20.0, 0.0),
            "INTERMEDIATE": (6.0, 4.0, 20.0), "WET": (9.0, 3.0, 0.0),
        }
    )  # fmt: skip


PARAMETERS = LapParameters()


@dataclass(frozen=True)
class RaceDraws:
    """Random numbers of a race, drawn before it is run: a car's lap has the same ones in every pass.

    Each list has one row per car and one item per lap, and is indexed by them.

    Attributes:
        noise: Standard normal.
        sector_shares: Shares of the lap time in the three sectors.
        duel, tactics: Uniform, 0 to 1: whether a pass, or an undercut, is tried with success.
        following: How far a car stays behind one that it does not pass. Seconds.
        standing_s: Time in the box.
    """

    noise: list[list[float]]
    sector_shares: list[list[list[float]]]
    duel: list[list[float]]
    tactics: list[list[float]]
    following: list[list[float]]
    standing_s: list[list[float]]


def race_draws(stream: tuple[int, ...], cars: int, laps: int, circuit: Circuit) -> RaceDraws:
    """Return the random numbers of a race.

    Args:
        stream: Start of the random numbers.
        cars: Cars in the race.
        laps: Its distance.
        circuit: For the lengths of the sectors.
    """
    rng = np.random.default_rng(stream)
    shape = (cars, laps + 1)
    uniform = rng.uniform(0.02, 0.95, shape)
    noise = rng.normal(0.0, 1.0, shape)
    shares = np.diff([0.0, *circuit.sector_ends]) * (1.0 + rng.normal(0.0, 0.0025, (*shape, 3)))
    standing = PARAMETERS.standing_s + 0.45 * (uniform / (1 - uniform)) ** 0.45
    return RaceDraws(
        noise=noise.tolist(),
        sector_shares=(shares / shares.sum(axis=2, keepdims=True)).tolist(),
        duel=rng.random(shape).tolist(),
        tactics=rng.random(shape).tolist(),
        following=rng.uniform(0.35, 0.95, shape).tolist(),
        standing_s=standing.tolist(),
    )


def fuel_kg(lap: int, race_laps: int, start_kg: float) -> float:
    """Return the fuel in the middle of a lap, burnt evenly over the race. Kilograms."""
    return start_kg * (1.0 - (lap - 0.5) / race_laps)


def water_s(compound: str, wetness: float) -> float:
    """Return what water, or the wrong tyres for it, costs a lap. Seconds.

    Args:
        compound: Tyres.
        wetness: 0 (dry) to 1.
    """
    dry, wet, deep = PARAMETERS.water_s[compound]
    return dry + wet * wetness + deep * max(wetness - 0.7, 0.0)


def free_lap_s(
    reference_s: float, pace_s: float, fuel: float, compound: str, age_laps: int, wetness: float = 0.0
) -> float:
    """Return a lap's time without traffic and without chance. Seconds.

    Args:
        reference_s: Reference lap, with the session's gap to it.
        pace_s: Car and driver.
        fuel: Fuel in the middle of the lap. Kilograms.
        compound: Tyres.
        age_laps: Laps on them at the end of the lap.
        wetness: Water on the track, 0 to 1.
    """
    tyres = PARAMETERS.tyre_offset_s[compound] + PARAMETERS.tyre_wear_s[compound] * age_laps
    return reference_s + pace_s + PARAMETERS.fuel_s_per_kg * fuel + tyres + water_s(compound, wetness)


def sector_times_ms(lap_s: float, circuit: Circuit, noise: FloatArray) -> list[float]:
    """Return the three sectors of a lap time; ``noise`` (3 factors near 1) shifts time between them."""
    shares = np.diff([0.0, *circuit.sector_ends]) * noise
    return [float(v) for v in lap_s * 1000.0 * shares / shares.sum()]
