"""The collector is put off inside the block only, and left as it was found."""

import gc

import pytest

from sources.collector import paused_collector


def test_collector_is_off_inside_and_on_again_after_an_error() -> None:
    seen = []

    @paused_collector()
    def read() -> None:
        seen.append(gc.isenabled())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        read()
    assert [*seen, gc.isenabled()] == [False, True]


def test_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with paused_collector():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
