"""The feed's memory: what it sent last for each car, so that it sends only what changes.

The real feed sends a full state once, and from then on only the values that differ; a value that happens
to repeat is not sent again. Lists are sent as lists once, and later as objects keyed by the index.
"""

from __future__ import annotations

from typing import Any

State = dict[str, Any]


def changed(state: State, patch: State) -> State:
    """Apply a patch to a state, and return the part of it that was new.

    Args:
        state: What was sent so far, lists held as objects keyed by the index. Updated in place.
        patch: Values to send.
    """
    sent: State = {}
    for key, value in patch.items():
        if isinstance(value, dict):
            part = changed(state.setdefault(key, {}), value)
            if part:
                sent[key] = part
        elif key not in state or state[key] != value:
            state[key] = sent[key] = value
    return sent


def as_objects(state: State) -> State:
    """Return a JSON object with the lists in it turned into objects keyed by the index."""
    return {key: _as_object(value) for key, value in state.items()}


def _as_object(value: object) -> object:
    if isinstance(value, list):
        return {str(i): _as_object(item) for i, item in enumerate(value)}
    return as_objects(value) if isinstance(value, dict) else value


class Bests:
    """The best values so far, of each car and of all: sectors, mini-sectors, laps (small is good), speeds."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.personal: dict[tuple[str, str], int] = {}
        self.overall: dict[str, tuple[str, int]] = {}

    def update(self, car_number: str, what: str, value: int, *, high: bool = False) -> tuple[bool, bool]:
        """Take a value, and return whether it is the car's best and whether it is the best of all.

        Args:
            car_number: The car.
            what: Name of the thing measured.
            value: The value.
            high: Whether large is good.
        """
        score = -value if high else value
        key = (car_number, what)
        personal = key not in self.personal or score < self.personal[key]
        if personal:
            self.personal[key] = score
        best = self.overall.get(what)
        overall = best is None or score < best[1]
        if overall:
            self.overall[what] = (car_number, score)
        return personal, overall

    def holder(self, what: str) -> str | None:
        """Return the car that holds the best of all."""
        return self.overall[what][0] if what in self.overall else None
