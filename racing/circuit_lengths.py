"""Official lengths of a lap by circuit and season: facts that no source of ours serves.

Only the seasons that were compared with a reference are here; others are not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from racing.keys import season_of

FIRST_SEASON = 2018
LAST_SEASON = 2025
"""Seasons whose lengths are known."""

_LENGTHS_M: Mapping[str, tuple[tuple[int, int], ...]] = {
    "albert_park": ((2018, 5303), (2022, 5278)),
    "americas": ((2018, 5513),),
    "bahrain": ((2018, 5412),),
    "baku": ((2018, 6003),),
    "catalunya": ((2018, 4655), (2021, 4675), (2023, 4657)),
    "hockenheimring": ((2018, 4574),),
    "hungaroring": ((2018, 4381),),
    "imola": ((2020, 4909),),
    "interlagos": ((2018, 4309),),
    "istanbul": ((2020, 5338),),
    "jeddah": ((2021, 6174),),
    "losail": ((2021, 5380), (2023, 5419)),
    "marina_bay": ((2018, 5063), (2023, 4940)),
    "miami": ((2022, 5412),),
    "monaco": ((2018, 3337),),
    "monza": ((2018, 5793),),
    "mugello": ((2020, 5245),),
    "nurburgring": ((2020, 5148),),
    "portimao": ((2020, 4653),),
    "red_bull_ring": ((2018, 4318),),
    "ricard": ((2018, 5842),),
    "rodriguez": ((2018, 4304),),
    "shanghai": ((2018, 5451),),
    "silverstone": ((2018, 5891),),
    "sochi": ((2018, 5848),),
    "spa": ((2018, 7004),),
    "suzuka": ((2018, 5807),),
    "vegas": ((2023, 6201),),
    "villeneuve": ((2018, 4361),),
    "yas_marina": ((2018, 5554), (2021, 5281)),
    "zandvoort": ((2021, 4259),),
}
"""Jolpica's circuitId to (first season, length), oldest first."""

_OTHER_LAYOUTS_M: Mapping[str, int] = {"2020-16": 3543}
"""Weekends on another layout of a circuit: Sakhir's outer circuit."""


def length_m(circuit_key: str, weekend_key: str) -> int | None:
    """Return the official length of a lap in a weekend; null where it is not known.

    Args:
        circuit_key: Jolpica's circuitId.
        weekend_key: The weekend.

    Source: the official documents of each event.
    """
    season = season_of(weekend_key)
    if weekend_key in _OTHER_LAYOUTS_M:
        return _OTHER_LAYOUTS_M[weekend_key]
    if not FIRST_SEASON <= season <= LAST_SEASON:
        return None
    known = [length for first, length in _LENGTHS_M.get(circuit_key, ()) if first <= season]
    return known[-1] if known else None
