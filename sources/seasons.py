"""Since which season each source keeps what; what is older is neither asked for nor missing."""

from __future__ import annotations

from collections.abc import Mapping

FIRST_LIVE_TIMING_SEASON = 2018
"""First season of the live-timing archive, and of the calendar that names its folders."""

JOLPICA_SINCE: Mapping[str, int] = {
    "constructorstandings": 1958,
    "qualifying": 1994,
    "laps": 1996,
    "pitstops": 2011,
    "sprint": 2021,
}
"""Jolpica's topic to the first season that has it; other topics go back to 1950."""


def not_kept_reason(topic: str, season: int) -> str | None:
    """Return why Jolpica has no document of a topic in a season; null where it may have one."""
    since = JOLPICA_SINCE.get(topic)
    return None if since is None or season >= since else f"Jolpica has {topic} from {since} on"


def no_live_timing_reason(season: int) -> str | None:
    """Return why a season has no live timing; null where it may have."""
    if season >= FIRST_LIVE_TIMING_SEASON:
        return None
    return f"live timing begins in {FIRST_LIVE_TIMING_SEASON}"
