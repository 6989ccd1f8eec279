"""Members of what the feed sends, whichever way it sends them: a list at first, an object in a delta."""

from __future__ import annotations

from collections.abc import Iterator

from racing.feed.state import DELETED, Json


def members(value: Json) -> Iterator[tuple[str, Json]]:
    """Yield name and value of each member; of a list, its places from 0 as text. Anything else has none.

    Source: docs/explanation/wire-format.md#deltas.
    """
    if isinstance(value, dict):
        yield from ((name, member) for name, member in value.items() if name != DELETED)
    elif isinstance(value, list):
        yield from ((str(place), member) for place, member in enumerate(value))


def objects(value: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Yield name and value of each member that is an object."""
    yield from ((name, member) for name, member in members(value) if isinstance(member, dict))


def text_of(value: Json) -> str | None:
    """Return a member's text, or a number as text; null for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def number_of(value: Json) -> int | None:
    """Return a whole number, sent as such or as text; null for anything else.

    Source: docs/explanation/wire-format.md#values.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and value.isascii() else None
