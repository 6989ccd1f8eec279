"""Rain over an invented race: how wet the track is at every moment, and which tyres suit it."""

from __future__ import annotations

from dataclasses import dataclass

from sources.synthetic.lap_model import SLICKS, water_s

_BEGINS, _FALLS, _WETS, _DRIES = 0.32, 0.18, 0.05, 0.20
_PEAK = {"shower": 0.60, "downpour": 1.0}


@dataclass(frozen=True)
class RainSpell:
    """A spell of rain. Session times in milliseconds.

    Attributes:
        start_ms, end_ms: When rain falls.
        wet_ms: When the track is as wet as it gets.
        dry_ms: When it is dry again.
        peak: How wet it gets, 0 to 1.
    """

    start_ms: int
    wet_ms: int
    end_ms: int
    dry_ms: int
    peak: float

    def wetness_at(self, session_ms: float) -> float:
        """Return how wet the track is, 0 to 1."""
        if session_ms <= self.start_ms or session_ms >= self.dry_ms:
            return 0.0
        if session_ms < self.wet_ms:
            return self.peak * (session_ms - self.start_ms) / (self.wet_ms - self.start_ms)
        if session_ms <= self.end_ms:
            return self.peak
        return self.peak * (self.dry_ms - session_ms) / (self.dry_ms - self.end_ms)


def planned_rain(rain: str, start_ms: int, laps: int, lap_s: float) -> RainSpell | None:
    """Return the rain of a race of so many laps that starts then. Null where none was asked for."""
    if rain == "none":
        return None
    length_ms = laps * (lap_s + 4.0) * 1000.0
    begin = start_ms + _BEGINS * length_ms
    end = begin + _FALLS * length_ms
    return RainSpell(
        round(begin),
        round(begin + _WETS * length_ms),
        round(end),
        round(end + _DRIES * length_ms),
        _PEAK[rain],
    )


def tyres_for(compound: str, wetness: float, tolerated_s: float) -> str | None:
    """Return the tyres that a car on others should change to. Null where it should stay out.

    Args:
        compound: Tyres on the car.
        wetness: How wet the track is.
        tolerated_s: What the tyres on the car may lose a lap to the best ones, in water alone. Seconds.
    """
    now = "SLICK" if compound in SLICKS else compound
    losses = {
        "SLICK": water_s("MEDIUM", wetness),
        "INTERMEDIATE": water_s("INTERMEDIATE", wetness),
        "WET": water_s("WET", wetness),
    }
    best = min(losses, key=lambda name: losses[name])
    if best == now or losses[now] - losses[best] <= tolerated_s:
        return None
    return "MEDIUM" if best == "SLICK" else best
