"""What is remembered of files stays within its limit, and what is remembered is not read again."""

from __future__ import annotations

import pytest

from lake.remembered import Newest


def test_oldest_things_are_let_go() -> None:
    newest: Newest[str] = Newest(2)
    for location in ("a", "b", "a", "c"):
        newest.put(location, location.upper())
    read: list[str] = []
    for location in ("a", "c", "b"):
        newest.get(location, lambda location=location: read.append(location) or location)
    assert read == ["b"]


def test_things_are_let_go_by_their_size() -> None:
    newest: Newest[tuple[int, ...]] = Newest(5, len)
    newest.put("three", (1, 2, 3))
    newest.put("two", (1, 2))
    assert newest.take("three") == (1, 2, 3)
    newest.put("four", (1, 2, 3, 4))
    assert newest.take("two") is None
    assert newest.take("four") == (1, 2, 3, 4)


def test_thing_put_anew_counts_once() -> None:
    newest: Newest[tuple[int, ...]] = Newest(5, len)
    for size in (4, 1, 2):
        newest.put("again", (0,) * size)
    newest.put("other", (0, 0, 0))
    assert newest.take("again") == (0, 0)


@pytest.mark.parametrize("size", [6, 100])
def test_newest_thing_is_held_whatever_its_size(size: int) -> None:
    newest: Newest[tuple[int, ...]] = Newest(5, len)
    newest.put("small", (0,))
    newest.put("large", (0,) * size)
    assert newest.take("small") is None
    assert newest.take("large") == (0,) * size
