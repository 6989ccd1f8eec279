"""Places as calendars name them: folding of spellings, and how far two places agree.

Whether two calendars mean the same weekend is decided in ``racing/weekends.py``; this module only
compares what they call the country, the town and the event.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_COUNTRY_SPELLINGS = {
    "usa": "united states",
    "us": "united states",
    "united states of america": "united states",
    "america": "united states",
    "uk": "united kingdom",
    "great britain": "united kingdom",
    "britain": "united kingdom",
    "england": "united kingdom",
    "uae": "united arab emirates",
    "abu dhabi": "united arab emirates",
    "ksa": "saudi arabia",
    "holland": "netherlands",
    "the netherlands": "netherlands",
    "korea": "south korea",
    "republic of korea": "south korea",
    "turkiye": "turkey",
    "russian federation": "russia",
    "prc": "china",
}
FURTHEST_CLOCK_HOURS = 3.0
"""No time zone with a Grand Prix is further from the sun of its circuit, summer time included."""

_WORDS_OF_EVERY_EVENT = frozenset({"grand", "prix", "gp", "formula", "the", "of", "de", "circuit", "city"})


@dataclass(frozen=True)
class Place:
    """Where an event is, in one calendar's words.

    Attributes:
        country: Country; null where the calendar has none.
        locality: Town or circuit; null where the calendar has none.
        event_name: Name of the event.
        circuit_name: Name of the circuit; null where the calendar has none.
    """

    country: str | None
    locality: str | None
    event_name: str
    circuit_name: str | None = None


def folded(text: str | None) -> str:
    """Return a text in lower case without accents and punctuation; empty for null."""
    plain = unicodedata.normalize("NFKD", text or "")
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", " ", letters.lower()).strip()


def slug(text: str) -> str:
    """Return a text as a key: lower case words joined by underscores."""
    return folded(text).replace(" ", "_")


def folded_country(country: str | None) -> str:
    """Return one spelling for a country that calendars spell differently; empty for null."""
    plain = folded(country)
    return _COUNTRY_SPELLINGS.get(plain, plain)


def _words(*texts: str | None) -> frozenset[str]:
    words = frozenset(word for text in texts for word in folded(text).split() if len(word) > 2)
    return words - _WORDS_OF_EVERY_EVENT


def _towns_agree(left: Place, right: Place) -> bool:
    towns = _words(left.locality) & _words(right.locality, right.circuit_name)
    return bool(towns | (_words(right.locality) & _words(left.locality, left.circuit_name)))


def agreement(left: Place, right: Place) -> int:
    """Return how far two calendars' places agree: 0 nothing, 1 the country only, 2 and more the event.

    The country alone does not make a circuit, as several countries hold two or three Grands Prix; the
    town (or circuit) and the name of the event weigh two each.

    Source: docs/glossary.md#circuit.
    """
    country = folded_country(left.country)
    same_country = bool(country) and country == folded_country(right.country)
    same_name = folded(left.event_name) == folded(right.event_name) != ""
    return int(same_country) + 2 * _towns_agree(left, right) + 2 * same_name


def is_elsewhere(
    announced: Place, gmt_offset: str | None, circuit: Place, longitude_deg: float | None
) -> bool:
    """Return whether an event is announced at a place that cannot be the circuit of the other calendar.

    Neither the town agrees, nor can the clock of the announced place be that of the circuit: by its longitude
    the sun would be more than three hours off. Spellings alone (Lusail and Al Daayen) do not make two places.

    Args:
        announced: Where the first calendar places the event.
        gmt_offset: Offset of its local time from UTC, such as ``+08:00``; null where unknown.
        circuit: Where the second calendar places it.
        longitude_deg: Longitude of that circuit; null where unknown.

    Source: docs/glossary.md#circuit.
    """
    if gmt_offset is None or longitude_deg is None or _towns_agree(announced, circuit):
        return False
    hours, minutes = gmt_offset.lstrip("+-").split(":")[:2]
    offset = (int(hours) + int(minutes) / 60) * (-1 if gmt_offset.startswith("-") else 1)
    return abs(offset - longitude_deg / 15) > FURTHEST_CLOCK_HOURS


def contradicts(left: Place, right: Place) -> bool:
    """Return whether nothing agrees although both calendars name a country or a town."""
    both_named = bool(left.country and right.country) or bool(left.locality and right.locality)
    return both_named and agreement(left, right) == 0
