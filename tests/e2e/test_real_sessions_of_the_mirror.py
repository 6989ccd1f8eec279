"""Every session of the mirror is in the lake, or a coverage row says what is missing."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from sources.open_source import open_source

LAPS = {
    "2018-04-R": 848,
    "2019-14-Q": 275,
    "2020-03-FP2": 109,
    "2020-05-FP2": 535,
    "2021-14-FP2": 482,
    "2021-18-Q": 311,
    "2022-02-Q": 327,
    "2022-10-FP1": 80,
    "2023-04-Q": 356,
    "2023-04-S": 308,
    "2023-04-SQ": 233,
    "2024-05-SQ": 218,
    "2024-10-Q": 257,
    "2024-12-FP1": 459,
    "2025-06-S": 331,
    "2025-20-Q": 307,
}
"""Sessions with complete timing, and the laps that FastF1 makes of them."""

WITHOUT_LAPS = {"2022-06-Q", "2023-08-Q", "2025-18-R"}
"""TimingData without the topics that FastF1 needs beside it, and a race without TimingData."""

WEEKENDS = sorted({key.rpartition("-")[0] for key in {*LAPS, *WITHOUT_LAPS}})


@dataclass(frozen=True)
class Mirror:
    """A lake that took in the mirror's weekends, and the mirror."""

    lake: Lake
    folder: Path

    def rows(self, sql: str) -> pl.DataFrame:
        """Return the answer to a statement."""
        return pl.DataFrame(pl.from_arrow(self.lake.query(sql)))


@pytest.fixture(scope="module")
def mirror(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    folder = test_data / "mirror"
    source = open_source(f"mirror:{folder}")
    with Lake.open(LakeSettings(home=tmp_path_factory.mktemp("mirror"))) as lake:
        for key in WEEKENDS:
            options = RunOptions("run", key)
            fetch_raw(lake, options, source)
            compute_processed(lake, options, source)
            compute_curated(lake, options, CURATED)
        yield Mirror(lake, folder)


def test_every_session_has_the_laps_that_fastf1_makes_of_it(mirror: Mirror) -> None:
    counted = mirror.rows("select session_key, count(*) from curated.laps group by all")
    assert dict(counted.iter_rows()) == LAPS


def test_mexico_qualifying_is_complete(mirror: Mirror) -> None:
    where = "where session_key = '2025-20-Q'"
    assert mirror.rows(f"select count(*) from curated.driver_identities {where}").item() == 20
    assert mirror.rows(f"select count(*) from processed.fastf1__weather {where}").item() == 78
    assert mirror.rows(f"select count(*) from processed.fastf1__race_control_messages {where}").item() == 14
    telemetry = "processed.live_timing__"
    assert mirror.rows(f"select count(*) from {telemetry}car_telemetry {where}").item() == 347_120
    assert mirror.rows(f"select count(*) from {telemetry}position_telemetry {where}").item() == 358_400
    first = mirror.rows(
        "select driver_code, coalesce(q3_ms, q2_ms, q1_ms) from curated.results "
        f"{where} order by result_order limit 3"
    )
    assert first.rows() == [("NOR", 75_586), ("LEC", 75_848), ("HAM", 75_938)]


def test_raw_bytes_are_those_of_the_index(mirror: Mirror) -> None:
    with (mirror.folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        promised = {row["url"]: row["sha256"] for row in rows}
    stored = mirror.lake.read("raw.live_timing__responses", columns=["url", "body", "sha256"])
    assert stored.num_rows > 120
    for row in stored.to_pylist():
        assert hashlib.sha256(row["body"]).hexdigest() == row["sha256"] == promised[row["url"]]


def test_what_a_session_lacks_is_a_coverage_row_with_the_reason(mirror: Mirror) -> None:
    lacking = mirror.rows(
        "select subject_key, topic, reason from curated.coverage "
        "where is_essential and coverage_status = 'absent'"
    )
    assert lacking["reason"].null_count() == 0
    topics = {(row[0], row[1]) for row in lacking.iter_rows()}
    assert ("2025-18-R", "TimingData") in topics
    assert {("2022-06-Q", "TimingAppData"), ("2023-08-Q", "SessionStatus")} <= topics
    announced = set(mirror.rows("select session_key from curated.sessions")["session_key"])
    covered = set(mirror.rows("select distinct subject_key from curated.coverage")["subject_key"])
    assert {key for key in announced if re.fullmatch(r"\d{4}-\d{2}-\w+", key)} <= covered


def test_no_difference_is_unexplained(mirror: Mirror) -> None:
    assert mirror.rows("select * from curated.discrepancies where not is_explained").rows() == []
