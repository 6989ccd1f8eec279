"""Weekends between processes: one that a process gave back is run by the first, however late."""

from collections import deque
from concurrent.futures import Future
from typing import cast

from rich.console import Console

from orchestration.backfills import WeekendJobs, _Weekends
from orchestration.cli.progress import BackfillProgress
from orchestration.open_home import OpenHome


class _GivesBack(Future[None]):
    """Ends by giving back the weekend that it took."""

    def __init__(self, weekends: _Weekends) -> None:
        super().__init__()
        self._weekends = weekends

    def result(self, timeout: float | None = None) -> None:
        del timeout
        self._weekends.give_back("2024-02")


def test_weekend_given_back_after_the_others_are_through_is_run() -> None:
    weekends = _Weekends(deque(["2024-01", "2024-02"]), BackfillProgress(Console(quiet=True), 2))
    helping: list[Future[None]] = []
    left = WeekendJobs(cast("OpenHome", None))._left(weekends, helping)
    assert next(left) == "2024-01"
    helping.append(_GivesBack(weekends))
    assert next(weekends.left()) == "2024-02"  # the other process takes it
    assert list(left) == ["2024-02"]


def test_nothing_is_run_after_a_stop() -> None:
    weekends = _Weekends(deque(["2024-01", "2024-02"]), BackfillProgress(Console(quiet=True), 2))
    left = WeekendJobs(cast("OpenHome", None))._left(weekends, [])
    assert next(left) == "2024-01"
    weekends.stop()
    assert list(left) == []
