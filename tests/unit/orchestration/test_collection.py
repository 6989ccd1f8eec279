"""Cycles are looked for seldom while a command loads, and as before once it works."""

import gc
from collections.abc import Iterator

import pytest

from orchestration.collection import collect_as_usual, collect_seldom


@pytest.fixture(autouse=True)
def _usual_afterwards() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_was_put_off_is_as_before_once_the_command_works() -> None:
    before = gc.get_threshold()
    collect_seldom()
    assert gc.get_threshold()[0] > before[0]
    collect_as_usual()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() > 0


def test_process_that_put_nothing_off_is_left_alone() -> None:
    frozen = gc.get_freeze_count()
    collect_as_usual()
    assert gc.get_freeze_count() == frozen
