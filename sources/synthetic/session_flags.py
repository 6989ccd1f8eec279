"""Yellow and red flags of an invented practice or qualifying: when they are shown, and what cars do then.

Nobody stops on the track for them: something lies there. Under a yellow flag everybody is a little slower,
under a red one everybody who is out comes in at once, and who is in waits for the green light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sources.synthetic.trace import SlowPeriod

_YELLOW_FACTOR, _RED_FACTOR = 1.12, 1.30
_YELLOW_MS = 24_000

# Session, then when after its (or its part's) green light: seconds; the red flag's length too.
_YELLOW_AFTER_S = {"FP1": 900, "FP2": 950, "FP3": 860, "SQ": 175, "Q": 205}
_RED_AFTER_S = {"FP1": (240, 420), "FP2": (235, 480), "FP3": (225, 390), "Q": (190, 360)}
_YELLOW_PART, _RED_PART = {"SQ": 1, "Q": 2}, {"Q": 1}


@dataclass(frozen=True)
class SessionFlag:
    """A flag of a practice or qualifying.

    Attributes:
        colour: ``yellow`` in one marshal sector, or ``red`` for the whole track.
        start_ms, end_ms: Session times from when to when it was shown; a red one ends with the green light.
        part: Part of qualifying; 0 in practice.
        marshal_sector: Where a yellow flag was waved. Null for a red one.
    """

    colour: Literal["yellow", "red"]
    start_ms: int
    end_ms: int
    part: int
    marshal_sector: int | None = None

    @property
    def slow_period(self) -> SlowPeriod:
        """How it slows who is on the track."""
        factor = _RED_FACTOR if self.colour == "red" else _YELLOW_FACTOR
        return SlowPeriod(self.start_ms, self.end_ms, factor)


def red_flag_length_ms(code: str, part: int) -> int:
    """Return for how long a session, or a part of qualifying, is stopped; 0 where it is not."""
    return 1000 * _RED_AFTER_S[code][1] if code in _RED_AFTER_S and _RED_PART.get(code, 0) == part else 0


def flags_of(code: str, green_ms: Sequence[int]) -> tuple[SessionFlag, ...]:
    """Return the flags of a session, in order of time.

    Args:
        code: ``FP1`` to ``FP3``, ``SQ`` or ``Q``. The red flag of ``SQ`` is left out: it has one run a part.
        green_ms: Session times of the green lights of its parts; one for a practice.
    """
    first = 1 if code.endswith("Q") else 0
    part = _YELLOW_PART.get(code, 0)
    start = green_ms[part - first] + 1000 * _YELLOW_AFTER_S[code]
    found = [SessionFlag("yellow", start, start + _YELLOW_MS, part, marshal_sector=5)]
    if code in _RED_AFTER_S:
        part = _RED_PART.get(code, 0)
        start = green_ms[part - first] + 1000 * _RED_AFTER_S[code][0]
        found.append(SessionFlag("red", start, start + red_flag_length_ms(code, part), part))
    return tuple(sorted(found, key=lambda shown: shown.start_ms))
