"""Merging of the feed's delta messages into full state, for any topic.

The feed sends a topic's state once and then only what changes. What a topic's members mean is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"

DELETED = "_deleted"
"""Member of a delta that lists names of members to remove."""


def merged(state: Json, delta: Json) -> Json:
    """Return the state after a delta. Neither is changed; what the delta leaves alone is shared, not copied.

    Args:
        state: State so far; null before the first message.
        delta: Message. An object changes the members it names. Onto a list, its names are places in the list.
            Anything else takes the place of what was there.

    Source: docs/explanation/wire-format.md#deltas.
    """
    if not isinstance(delta, dict):
        return delta
    if isinstance(state, list) and _are_places(delta):
        return _list_with(state, delta)
    members = dict(state) if isinstance(state, dict) else {}
    for name, change in delta.items():
        if name != DELETED:
            members[name] = merged(members.get(name), change)
    for name in _deleted_names(delta):
        members.pop(name, None)
    return members


def states(deltas: Iterable[Json], start: Json = None) -> Iterator[Json]:
    """Yield the state after each delta.

    Args:
        deltas: Messages of one topic in order.
        start: State before the first, where a recording begins with one.
    """
    state = start
    for delta in deltas:
        state = merged(state, delta)
        yield state


def _are_places(delta: dict[str, Any]) -> bool:
    return all(name.isdecimal() or name == DELETED for name in delta)


def _list_with(items: list[Any], delta: dict[str, Any]) -> list[Any]:
    changed = list(items)
    for name, change in delta.items():
        if name == DELETED:
            continue
        place = int(name)
        # Places that were skipped are unknown until the feed sends them.
        changed.extend([None] * (place + 1 - len(changed)))
        changed[place] = merged(changed[place], change)
    removed = {int(name) for name in _deleted_names(delta) if name.isdecimal()}
    return [item for place, item in enumerate(changed) if place not in removed]


def _deleted_names(delta: dict[str, Any]) -> list[str]:
    names = delta.get(DELETED, [])
    return [str(name) for name in names] if isinstance(names, list) else []
