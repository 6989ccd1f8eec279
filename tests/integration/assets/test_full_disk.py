"""A disk that takes no more: the system refuses, nothing is half written, and the next try goes on."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lake.errors import CommitInterruptedError, LakeError, StagingError
from lake.lake import Lake


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let the operating system refuse every write of this process that makes a file larger than that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def rows(lake: Lake) -> dict[str, pl.DataFrame]:
    """Return what was computed, without what says when."""
    return {
        name: pl.DataFrame(
            pl.from_arrow(
                lake.read(name, columns=[column.name for column in contract.columns if not column.provenance])
            )
        )
        for name, contract in lake.contracts.items()
        if contract.zone in {"processed", "curated"}
    }


def test_ingest_is_finished_by_the_next_after_the_disk_was_full(weekend, ingest, ingested) -> None:
    refusals: tuple[tuple[int, type[LakeError], str], ...] = (
        (60_000, CommitInterruptedError, "Remove the cause"),  # the catalog's own file cannot grow
        (200_000, StagingError, "Free space"),  # the file of the telemetry cannot be written
    )
    for size, error, advice in refusals:
        with files_up_to(size), pytest.raises(error, match=advice):
            ingest(weekend.source, weekend.key)
        assert all(frame.is_empty() for frame in rows(ingest.lake).values())
    ingest(weekend.source, weekend.key)
    found, expected = rows(ingest.lake), rows(ingested.lake)
    assert expected["processed.live_timing__car_telemetry"].height > 10_000
    for name, frame in expected.items():
        assert_frame_equal(found[name], frame, check_row_order=False)
