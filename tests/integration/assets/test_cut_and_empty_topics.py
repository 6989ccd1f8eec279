"""Timing that is cut off or answered with nothing: never complete, and no good row is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from orchestration.differences import unexplained_differences
from orchestration.lake_status import SessionState, session_statuses

LAPS = "processed.fastf1__laps"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def coverage(ingest, session: str, topic: str) -> tuple[str, str | None]:
    rows = ingest.rows("curated.coverage").filter(
        (pl.col("subject_key") == session) & (pl.col("topic") == topic)
    )
    (row,) = rows.select("coverage_status", "reason").rows()
    return row


def partial_codes(ingest) -> list[str]:
    (sessions,) = session_statuses(ingest.lake).values()
    return [session.code for session in sessions if session.state is SessionState.PARTIAL]


def test_whole_weekend_has_no_topic_that_ends_early(ingested, weekend) -> None:
    assert partial_codes(ingested) == []
    assert unexplained_differences(ingested.lake, [weekend.key]) == {}


@pytest.mark.parametrize("cut_inside_a_line", [False, True])
def test_timing_cut_off_is_partial_and_says_where(ingest, weekend, tmp_path, cut_inside_a_line: bool) -> None:
    changed = weekend.copy(tmp_path / "changed")
    path = changed.file("Race", "TimingData")
    lines = path.read_bytes().splitlines(keepends=True)
    kept = lines[: len(lines) // 2]
    path.write_bytes(b"".join(kept) + (lines[len(kept)][:20] if cut_inside_a_line else b""))
    ingest(changed.source, weekend.key, sessions=("R",))
    status, reason = coverage(ingest, f"{weekend.key}-R", "TimingData")
    assert status == "partial"
    assert reason is not None
    assert f"it ends at {int(kept[-1][:2])}:{kept[-1][3:5].decode()}" in reason
    assert (f"first line {len(kept) + 1}" in reason) is cut_inside_a_line
    assert "R" in partial_codes(ingest)
    differences = ingest.rows("curated.discrepancies").filter(~pl.col("is_explained")).height
    assert differences
    assert unexplained_differences(ingest.lake, [weekend.key]) == {weekend.key: differences}


def test_empty_answer_leaves_the_rows_of_before_and_is_named(ingest, weekend, tmp_path) -> None:
    ingest(weekend.source, weekend.key, sessions=("Q",))
    laps = ingest.rows(LAPS)
    assert laps.height
    changed = weekend.copy(tmp_path / "changed")
    changed.file("Qualifying", "TimingData").write_bytes(BYTE_ORDER_MARK)
    ingest(changed.source, weekend.key, sessions=("Q",))
    assert ingest.rows(LAPS).equals(laps)
    status, reason = coverage(ingest, f"{weekend.key}-Q", "TimingData")
    assert (status, reason) == (
        "partial",
        "the newest answer is empty; the rows are those of the one before",
    )
    assert partial_codes(ingest) == ["Q"]
    stored = ingest.rows("raw.live_timing__responses").height
    ingest(changed.source, weekend.key, sessions=("Q",))
    assert ingest.rows("raw.live_timing__responses").height == stored
    ingest(weekend.source, weekend.key, sessions=("Q",))
    assert coverage(ingest, f"{weekend.key}-Q", "TimingData") == ("available", None)


def test_topic_that_never_had_content_stays_empty(ingest, weekend, tmp_path) -> None:
    changed = weekend.copy(tmp_path / "changed")
    changed.file("Qualifying", "TimingData").write_bytes(b"")
    for result in changed.mirror.rglob("qualifying.json*"):
        result.unlink()
    ingest(changed.source, weekend.key, sessions=("Q",))
    assert coverage(ingest, f"{weekend.key}-Q", "TimingData")[0] == "empty"
    assert ingest.rows(LAPS).is_empty()
    assert ingest.rows("curated.results").is_empty()
    assert partial_codes(ingest) == ["Q"]


def test_imported_session_without_a_parsed_file_is_partial(ingest, test_data: Path, tmp_path) -> None:
    race = Path("2024/2024-05-26_Monaco_Grand_Prix/2024-05-26_Race")
    shutil.copytree(test_data / "fastf1-cache" / race, tmp_path / "cache" / race)
    source = f"fastf1-cache:{tmp_path / 'cache'},mirror:{test_data / 'mirror'}"
    ingest(source, "2024-08", sessions=("R",))
    assert partial_codes(ingest) == []
    assert coverage(ingest, "2024-08-R", "TimingData") == ("imported", None)
    assert coverage(ingest, "2024-08-R", "WeatherData")[0] == "absent"
    (tmp_path / "cache" / race / "_extended_timing_data.ff1pkl").unlink()
    ingest(source, "2024-08", sessions=("R",))
    assert ingest.rows(LAPS).is_empty()
    assert coverage(ingest, "2024-08-R", "TimingData") == (
        "absent",
        "FastF1's parsed files do not have it",
    )
    assert partial_codes(ingest) == ["R"]
