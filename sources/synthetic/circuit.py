"""The invented circuit: its line, its heights, and the speed of a perfect lap.

The line is a list of straights and arcs, sampled every metre. The reference speed is the fastest that
grip, engine and brakes allow at each metre; a lap of it takes :attr:`Circuit.lap_s`. Everything that moves
is placed on this lap by its *progress*: the share of the reference lap's time that has gone by, from 0 at
the line to 1 at the line. Whole laps are added to it, so progress 3.25 is a quarter into the fourth lap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# Straight before the corner (m), turn (degrees, right is negative), radius (m).
_LAYOUT: tuple[tuple[float, float, float], ...] = (
    (520.0, -91.0, 28.0),
    (96.0, 40.0, 60.0),
    (620.0, -75.0, 45.0),
    (205.0, -45.0, 110.0),
    (158.0, 110.0, 22.0),
    (326.0, -95.0, 70.0),
    (162.0, -59.0, 130.0),
    (134.3, 60.0, 55.0),
    (45.0, -120.0, 24.0),
    (548.1, 45.0, 80.0),
    (334.0, 75.0, 40.0),
    (265.0, -100.0, 90.0),
    (410.0, -70.0, 35.0),
    (96.0, -35.0, 60.0),
)
_LAST_STRAIGHT_M = 380.0
_SECTOR_ENDS = (0.31, 0.68)
_MINI_SECTORS = (8, 9, 7)
_TOP_SPEED_MS = 90.0
_LATERAL_MS2 = 34.0
_BRAKING_MS2 = 36.0
_ENGINE_MS2, _FULL_POWER_MS, _DRAG = 13.5, 52.0, 0.00096


@dataclass(frozen=True)
class Circuit:
    """The invented circuit, every metre of its line.

    Attributes:
        length_m: Length of the line.
        lap_s: Time of the reference lap. Seconds.
        x, y, z: Position at each metre. Shape (length + 1,). Tenths of a metre, as the feed has them.
        normal_x, normal_y: Unit vector to the left of the line at each metre.
        metres: Distance of each metre from the line: 0, 1, 2, …
        speed: Reference speed at each metre. Metres per second.
        progress: Share of the reference lap's time gone by at each metre, 0 to 1.
        sector_ends: Progress at which the three sectors end; the last is 1.
        mini_ends: Progress at which each mini-sector ends, over the whole lap.
        mini_counts: Mini-sectors in each sector.
        corners_m: Distance of the middle of each corner.
        trap_m: Distance of the speed trap ``ST``; ``I1``, ``I2`` and ``FL`` stand at the sectors' ends.
        pit_entry_m, pit_box_m, pit_exit_m: Distances of the pit lane's ends and of the boxes; the entry is
            before the line, the boxes and the exit after it.
        drs_zones_m: Start and end of each DRS zone.
    """

    length_m: float
    lap_s: float
    x: FloatArray
    y: FloatArray
    z: FloatArray
    normal_x: FloatArray
    normal_y: FloatArray
    metres: FloatArray
    speed: FloatArray
    progress: FloatArray
    sector_ends: tuple[float, float, float]
    mini_ends: FloatArray
    mini_counts: tuple[int, ...]
    corners_m: tuple[float, ...]
    trap_m: float
    pit_entry_m: float
    pit_box_m: float
    pit_exit_m: float
    drs_zones_m: tuple[tuple[float, float], ...]

    @cached_property
    def sector_shares(self) -> tuple[float, float, float]:
        """Shares of the reference lap's time in the three sectors."""
        first, second, _ = self.sector_ends
        return first, second - first, 1.0 - second

    @cached_property
    def pit_entry_progress(self) -> float:
        """Progress at the entry of the pit lane."""
        return self.progress_at(self.pit_entry_m)

    @cached_property
    def pit_box_progress(self) -> float:
        """Progress at the boxes."""
        return self.progress_at(self.pit_box_m)

    @cached_property
    def lanes(self) -> dict[tuple[float, float], tuple[tuple[float, float], ...]]:
        """Ways along the pit lane that were asked for, by their ends; filled by ``trace.pit_lane``."""
        return {}

    def progress_at(self, distance_m: float) -> float:
        """Return the progress at a distance from the line, 0 to the length."""
        return float(np.interp(distance_m, self.metres, self.progress))

    def distance_at(self, progress: FloatArray) -> FloatArray:
        """Return distances from the line for progress within a lap (0 to 1). Metres."""
        return np.asarray(np.interp(progress, self.progress, self.metres), dtype=np.float64)

    def speed_at(self, distance_m: FloatArray | float) -> FloatArray:
        """Return the reference speed at distances from the line. Metres per second."""
        return np.asarray(np.interp(distance_m, self.metres, self.speed), dtype=np.float64)


@lru_cache(maxsize=1)
def invented_circuit() -> Circuit:
    """Return the circuit. It is the same for every seed."""
    x, y, heading, curvature, corners = _sample_line()
    speed = _reference_speed(curvature)
    seconds = np.concatenate([[0.0], np.cumsum(2.0 / (speed[:-1] + speed[1:]))])
    metres = np.arange(len(x), dtype=np.float64)
    length = float(len(x) - 1)
    turn = 2 * np.pi * metres / length
    height = 120.0 + 70.0 * np.sin(turn + 0.4) + 35.0 * np.sin(2 * turn + 1.9)
    progress = seconds / seconds[-1]
    ends = (*_SECTOR_ENDS, 1.0)
    starts = (0.0, *_SECTOR_ENDS)
    minis = [np.linspace(a, b, n + 1)[1:] for a, b, n in zip(starts, ends, _MINI_SECTORS, strict=True)]
    return Circuit(
        length_m=length,
        lap_s=float(seconds[-1]),
        x=10.0 * x,
        y=10.0 * y,
        z=height,
        normal_x=-np.sin(heading),
        normal_y=np.cos(heading),
        metres=metres,
        speed=speed,
        progress=progress,
        sector_ends=ends,
        mini_ends=np.concatenate(minis),
        mini_counts=_MINI_SECTORS,
        corners_m=tuple(corners),
        trap_m=400.0,
        pit_entry_m=length - 260.0,
        pit_box_m=90.0,
        pit_exit_m=270.0,
        drs_zones_m=((length - 300.0, length), (0.0, 380.0), (820.0, 1240.0)),
    )


def _sample_line() -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, list[float]]:
    """Return x, y (metres), heading, curvature at each metre, and the corners' distances."""
    pieces = [piece for corner in _LAYOUT for piece in _corner_pieces(*corner)] + [(_LAST_STRAIGHT_M, 0.0)]
    curvature = np.concatenate([np.full(round(length), bend) for length, bend in pieces])
    # Rounding arcs to whole metres loses a little of the full turn: give it back everywhere.
    curvature *= 2 * np.pi / abs(curvature.sum())
    heading = np.concatenate([[0.0], np.cumsum(curvature)])
    middle = (heading[:-1] + heading[1:]) / 2
    x = np.concatenate([[0.0], np.cumsum(np.cos(middle))])
    y = np.concatenate([[0.0], np.cumsum(np.sin(middle))])
    share = np.linspace(0.0, 1.0, len(x))
    x, y = x - share * x[-1], y - share * y[-1]
    ends = np.cumsum([round(length) for length, _ in pieces])
    corners = [float(ends[i] - round(pieces[i][0]) / 2) for i in range(1, len(pieces), 2)]
    return x, y, heading, np.append(curvature, curvature[0]), corners


def _corner_pieces(straight_m: float, turn_deg: float, radius_m: float) -> list[tuple[float, float]]:
    arc = abs(np.radians(turn_deg)) * radius_m
    return [(straight_m, 0.0), (float(arc), float(np.sign(turn_deg)) / radius_m)]


def _reference_speed(curvature: FloatArray) -> FloatArray:
    """Return the fastest speed at each metre: grip in corners, engine out of them, brakes into them."""
    kernel = np.ones(25) / 25
    wrapped = np.concatenate([curvature[-26:-1], curvature, curvature[1:26]])
    smooth = np.convolve(np.abs(wrapped), kernel, mode="same")[25:-25]
    speed: list[float] = np.minimum(np.sqrt(_LATERAL_MS2 / np.maximum(smooth, 1e-6)), _TOP_SPEED_MS).tolist()
    count = len(speed)
    for i in range(2 * count):
        now = speed[i % count]
        gain = max(_ENGINE_MS2 * min(1.0, _FULL_POWER_MS / now) - _DRAG * now**2, 0.0)
        speed[(i + 1) % count] = min(speed[(i + 1) % count], math.sqrt(now**2 + 2 * gain))
    for i in range(2 * count, 0, -1):
        before = (i - 1) % count
        speed[before] = min(speed[before], math.sqrt(speed[i % count] ** 2 + 2 * _BRAKING_MS2))
    speed[-1] = speed[0]
    return np.array(speed)
