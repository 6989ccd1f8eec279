"""Two homes on one catalog: one writes at a time, and nobody releases what another's death left half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from lake_tables import LAPS, STINTS, laps, stints, write

from lake.errors import LockTimeoutError, OtherHomeInterruptedError
from lake.lake import Lake
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]


class Killed(BaseException):
    """Ends a commit as a kill would."""


def settings(folder: Path, home: str, timeout_s: float = 60) -> LakeSettings:
    """Return the settings of one of the homes."""
    return LakeSettings(
        home=folder / home,
        catalog="sql",
        uri=f"sqlite:///{folder / 'catalog.db'}?timeout=60",
        warehouse=f"file://{folder / 'warehouse'}",
        lock_timeout_s=timeout_s,
    )


def both(lake: Lake, version: int, session_key: str = "2024-08-R") -> None:
    """Write two tables as one step."""
    write(
        lake,
        (LAPS, session_key, laps(session_key, lap_time_ms=version)),
        (STINTS, session_key, stints(session_key, lap_count=version)),
        digest=str(version),
    )


def versions(lake: Lake) -> tuple[set[int], set[int]]:
    """Return the versions that the newest release shows of both tables."""
    return (
        set(lake.read("curated.laps")["lap_time_ms"].to_pylist()),
        set(lake.read("curated.stints")["lap_count"].to_pylist()),
    )


def test_a_step_that_another_home_left_half_done_is_never_released(
    open_lake: OpenLake, tmp_path: Path
) -> None:
    one, two = settings(tmp_path, "one"), settings(tmp_path, "two")
    both(open_lake(settings=one), 1)

    def die(where: str) -> None:
        if where == "table curated.laps":
            raise Killed

    with pytest.raises(Killed):
        both(open_lake(settings=one, checkpoint=die), 2)
    other = open_lake(settings=two)
    with pytest.raises(OtherHomeInterruptedError, match=r"home .*/one died while it wrote") as refused:
        both(other, 3, "2024-09-R")
    assert "Run `f1lake maintain` with that home" in str(refused.value)
    assert versions(other) == ({1}, {1})
    both(open_lake(settings=one), 2)  # opening it finishes the step
    both(other, 3, "2024-09-R")
    assert versions(other) == ({2, 3}, {2, 3})
    assert [release.release_id for release in other.releases()] == [1, 2, 3]


def test_writers_of_two_homes_wait_for_each_other(
    open_lake: OpenLake, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def stop_there(where: str) -> None:
        if where == "table curated.laps":
            inside.set()
            go_on.wait(30)

    slow = open_lake(settings=settings(tmp_path, "one"), checkpoint=stop_there)
    writer = threading.Thread(target=both, args=(slow, 1))
    writer.start()

    def finish() -> None:
        go_on.set()
        writer.join()

    request.addfinalizer(finish)
    assert inside.wait(30)
    with pytest.raises(
        LockTimeoutError, match=r"catalog\.db writer is still held by process .*commit of test"
    ):
        both(open_lake(settings=settings(tmp_path, "two", timeout_s=0.2)), 2, "2024-09-R")
    finish()
    quick = open_lake(settings=settings(tmp_path, "two"))
    both(quick, 2, "2024-09-R")
    assert versions(quick) == ({1, 2}, {1, 2})


def test_a_decided_step_keeps_other_homes_out_until_it_is_finished(
    open_lake: OpenLake, tmp_path: Path
) -> None:
    def fail(where: str) -> None:
        if where == "plan":
            raise Killed

    first = open_lake(settings=settings(tmp_path, "one"), checkpoint=fail)
    with pytest.raises(Killed):
        both(first, 1)
    with pytest.raises(OtherHomeInterruptedError):
        both(open_lake(settings=settings(tmp_path, "two")), 2, "2024-09-R")
    open_lake(settings=settings(tmp_path, "one")).maintain()
    both(open_lake(settings=settings(tmp_path, "two")), 2, "2024-09-R")
    assert versions(open_lake(settings=settings(tmp_path, "two"))) == ({1, 2}, {1, 2})
