"""Penalties that race control announced during a session, read from its messages.

Only what a message says is here. Whether a penalty changed the result is tested case by case in
``racing/race_evidence.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import polars as pl

PenaltyKind = Literal["TIME", "STOP_GO", "DRIVE_THROUGH"]

_PENALTY = re.compile(
    r"(?P<served>PENALTY SERVED\W+)?"
    r"(?:(?P<seconds>\d+)\s+SECONDS?\s+(?P<kind>TIME|STOP\s*(?:/|AND|-)\s*GO)|(?P<through>DRIVE[\s-]THROUGH))"
    r"\s+PENALTY\s+FOR\s+CAR\s+(?P<car>\d+)",
    re.IGNORECASE,
)


_CAR = re.compile(r"\b(\d{1,2})\s*\([A-Z]{3}\)")
_UNDER_SCRUTINY = re.compile(r"INVESTIGAT|\bNOTED\b|PENALTY FOR CAR|\bREPRIMAND\b|SUMMONED", re.IGNORECASE)


@dataclass(frozen=True)
class Penalty:
    """One penalty that race control announced for one car.

    Attributes:
        car_number: Car that was penalised.
        kind: TIME is added to the race time or served at a stop; the others are served in the pit lane.
        seconds: Length of the penalty; null for a drive-through.
        is_served: Whether race control said so. Before 2025 it did not say.
        message: The announcement as sent.
    """

    car_number: str
    kind: PenaltyKind
    seconds: int | None
    is_served: bool
    message: str


def announced_penalties(race_control_messages: pl.DataFrame) -> tuple[Penalty, ...]:
    """Return the penalties of a session in the order of their announcement.

    Args:
        race_control_messages: Messages of one session; needs message_number and message.

    Source: docs/explanation/discrepancies.md#time_penalty.
    """
    open_penalties: list[Penalty] = []
    served: list[Penalty] = []
    for message in race_control_messages.sort("message_number")["message"].drop_nulls():
        match = _PENALTY.search(message)
        if match is None:
            continue
        penalty = _penalty(match, message)
        if not penalty.is_served:
            open_penalties.append(penalty)
            continue
        served.append(penalty)
        matching = (p for p in open_penalties if _is_same(p, penalty))
        first = next(matching, None)
        if first is not None:
            open_penalties.remove(first)
    return (*open_penalties, *served)


def investigated_cars(race_control_messages: pl.DataFrame) -> frozenset[str]:
    """Return the numbers of the cars that race control named as noted, investigated or penalised.

    Args:
        race_control_messages: Messages of one session; needs message.
    """
    scrutinised = [
        message
        for message in race_control_messages["message"].drop_nulls()
        if _UNDER_SCRUTINY.search(message)
    ]
    return frozenset(number for message in scrutinised for number in _CAR.findall(message))


def unserved_seconds(penalties: tuple[Penalty, ...], car_number: str) -> tuple[int, ...]:
    """Return the time penalties of a car that race control did not call served, in seconds."""
    return tuple(
        p.seconds
        for p in penalties
        if p.car_number == car_number and p.kind == "TIME" and not p.is_served and p.seconds is not None
    )


def can_sum_to(seconds: int, penalties_s: tuple[int, ...]) -> bool:
    """Return whether some of the penalties together are exactly that many seconds; the rest were served."""
    return any(
        sum(chosen) == seconds
        for count in range(1, len(penalties_s) + 1)
        for chosen in combinations(penalties_s, count)
    )


def _penalty(match: re.Match[str], message: str) -> Penalty:
    kind: PenaltyKind = "DRIVE_THROUGH"
    if match["through"] is None:
        kind = "TIME" if match["kind"].upper() == "TIME" else "STOP_GO"
    return Penalty(
        car_number=match["car"],
        kind=kind,
        seconds=int(match["seconds"]) if match["seconds"] else None,
        is_served=match["served"] is not None,
        message=message,
    )


def _is_same(announced: Penalty, served: Penalty) -> bool:
    return (announced.car_number, announced.kind, announced.seconds) == (
        served.car_number,
        served.kind,
        served.seconds,
    )
