"""The words of race control: cars, places, laps, times and reasons named in one message.

What kind of event the words announce is ``race_control_rules.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMED_CAR = re.compile(r"(?<![:.\d])(?<!TURN )(?<!LAP )\b(\d{1,3})\s*\((?!PIT\))[A-Z]{2,4}\)")
_BARE_CAR = re.compile(r"\bCARS?\s+(?:NO\.?\s*)?(\d{1,3})\b")
_CAR_LIST = re.compile(r"(?:\bCARS?\b|\bORDER\b)\D*?[:\-]\s*(\d{1,3}(?:\s*(?:,|AND|&)\s*\d{1,3})*)\s*$")
_NUMBER = re.compile(r"\d{1,3}")
_PREFIX = re.compile(
    r"^\s*(?:(?P<stewards>FIA STEWARDS)|(?P<amended>CORRECTION|CORRECTED|UPDATED?))\s*[:\-]\s*"
)
_REASON = re.compile(r"\s+-\s*|\s*-\s+")
_DASHES = str.maketrans({"\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{NO-BREAK SPACE}": " "})
_TURN = re.compile(r"\b(?:TURNS?|T)\s*(\d{1,2})\b")
_PLACE = re.compile(
    r"\b(?:TURNS?\s*\d{1,2}[A-Z]?(?:\s*(?:,|/|-|TO|AND|&)\s*\d{1,2})*|T\d{1,2}|PIT\s*LANE(?:\s+(?:ENTRY|EXIT))?|PIT\s+(?:ENTRY|EXIT)"
    r"|START/FINISH STRAIGHT|START(?=\s+INCIDENT)|\w+ CHICANE)"
)
_LAP = re.compile(r"\bLAPS?\s*(\d{1,3})\b")
_LAP_TIME = re.compile(r"\bTIME\s+(?:OF\s+)?(?:(\d{1,2}):)?(\d{1,2})\.(\d{3})\b")
_SEGMENT = re.compile(r"\bS?Q([123])\b")
_CLOCK = re.compile(r"\b(\d{1,2}:\d{2}(?::\d{2})?)(?![\d.])")
_NOTE = re.compile(r"\(([^()]*)\)\s*$")


@dataclass(frozen=True)
class ControlText:
    """One message, taken apart.

    Attributes:
        text: The message in capitals, one kind of dash, without who says it.
        head: What comes before the first dash: what happened.
        reason: What comes after it: why; null where nothing does.
        is_from_stewards: Whether the stewards speak.
        is_amended: Whether it corrects or updates an earlier message.
    """

    text: str
    head: str
    reason: str | None
    is_from_stewards: bool
    is_amended: bool

    @property
    def car_numbers(self) -> tuple[str, ...]:
        """Cars named, in the order named, each once."""
        named = _NAMED_CAR.findall(self.text)
        if not named:
            listed = _CAR_LIST.search(self.text)
            named = _NUMBER.findall(listed[1]) if listed else _BARE_CAR.findall(self.text)
        return tuple(dict.fromkeys(named))

    @property
    def place(self) -> str | None:
        """Place named, such as ``TURN 6``, ``TURNS 5 TO 7`` or ``PIT LANE``; null where none is."""
        found = _PLACE.search(self.text)
        return " ".join(found[0].split()) if found else None

    @property
    def turn_number(self) -> int | None:
        """First turn named; null where none is."""
        return _first_number(_TURN, self.text)

    @property
    def lap_number(self) -> int | None:
        """First lap named; null where none is."""
        return _first_number(_LAP, self.text)

    @property
    def lap_time_ms(self) -> int | None:
        """Lap time named; null where none is."""
        found = _LAP_TIME.search(self.text)
        if found is None:
            return None
        minutes, seconds, milliseconds = found.groups(default="0")
        return (int(minutes) * 60 + int(seconds)) * 1000 + int(milliseconds)

    @property
    def segment_number(self) -> int | None:
        """Part of qualifying named; null where none is."""
        return _first_number(_SEGMENT, self.text)

    @property
    def local_time(self) -> str | None:
        """Time of day named, as sent: ``16:44`` or ``16:40:13``; null where none is."""
        found = _CLOCK.search(_LAP_TIME.sub("", self.text))
        return found[1] if found else None

    @property
    def note(self) -> str | None:
        """What stands in brackets at the end, such as ``NEXT LAP``; null where it is a driver, or nothing."""
        found = _NOTE.search(self.text)
        if found is None or any(car.end() >= found.end(1) for car in _NAMED_CAR.finditer(self.text)):
            return None
        return found[1].strip() or None


def read_control_text(message: str) -> ControlText:
    """Return a message taken apart.

    Args:
        message: Text as sent.

    Source: docs/explanation/race-control.md#words.
    """
    text = message.translate(_DASHES).upper().strip()
    is_from_stewards = is_amended = False
    while (prefix := _PREFIX.match(text)) is not None:
        is_from_stewards |= prefix["stewards"] is not None
        is_amended |= prefix["amended"] is not None
        text = text[prefix.end() :]
    head, *rest = _REASON.split(text, maxsplit=1)
    return ControlText(
        text, head.strip(), rest[0].strip() or None if rest else None, is_from_stewards, is_amended
    )


def _first_number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found else None
