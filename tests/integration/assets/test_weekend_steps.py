"""One weekend through raw, processed and curated: rows equal the truth, and only what changed is written."""

from __future__ import annotations

import dataclasses
import hashlib
import socket
from typing import NoReturn

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from assets.curated.declarations import CURATED
from assets.errors import UnknownSessionError, UnknownWeekendError
from assets.table_asset import TableAsset
from lake.errors import AuditFailedError
from lake.tables.registry import ALL_TABLES
from sources.errors import UnreadableSessionError
from sources.open_source import Source

PROVENANCE = {
    name: [column.name for column in contract.columns if column.provenance]
    for name, contract in ALL_TABLES.items()
}
COMPUTED = [name for name, contract in ALL_TABLES.items() if contract.zone in ("processed", "curated")]


def test_lap_times_are_those_that_were_driven(ingested, weekend) -> None:
    laps = ingested.rows("curated.laps").filter(pl.col("session_key") == f"{weekend.key}-R")
    truth = weekend.truth.sessions["R"].laps
    for car, driven in truth.items():
        own = laps.filter((pl.col("car_number") == car) & pl.col("is_lap_counted")).sort("lap_number")
        assert len(driven) - own.height in (0, 1)  # the lap in which a car stopped
        for lap, row in zip(driven, own.iter_rows(named=True), strict=False):
            assert (row["lap_number"], row["compound"]) == (lap.lap_number, lap.compound)
            assert row["tyre_age_laps"] == lap.tyre_age_laps
            # The feed's message about a crossing comes a little after it.
            assert 0 <= row["lap_end_session_time_ms"] - lap.end_ms < 100
            if lap.has_lap_time:
                assert row["lap_time_ms"] == lap.end_ms - lap.start_ms
    assert laps["car_number"].n_unique() == len(truth)


def test_pole_and_official_result_are_those_of_the_truth(ingested, weekend) -> None:
    results = ingested.rows("curated.results").sort("session_key", "result_order")
    race = results.filter(pl.col("session_key") == f"{weekend.key}-R")
    qualifying = results.filter(pl.col("session_key") == f"{weekend.key}-Q")
    assert race["car_number"].to_list() == [entry.car_number for entry in weekend.truth.race]
    assert qualifying["car_number"][0] == weekend.truth.pole
    assert set(race["driver_key"]) == set(weekend.truth.driver_ids.values())


def test_no_difference_between_timing_and_result_is_unexplained(ingested) -> None:
    discrepancies = ingested.rows("curated.discrepancies")
    assert discrepancies.filter(~pl.col("is_explained")).is_empty()


def test_raw_bytes_are_what_the_source_sent(ingested, weekend) -> None:
    rows = ingested.rows("raw.live_timing__responses")
    assert rows.height > 20
    for row in rows.iter_rows(named=True):
        path = weekend.mirror / row["url"].removeprefix("https://")
        assert row["body"] == path.read_bytes()
        assert row["sha256"] == hashlib.sha256(row["body"]).hexdigest()


def test_unchanged_input_writes_no_snapshot(ingested, weekend) -> None:
    before = ingested.lake.snapshot_ids(release=None)
    reports = ingested(weekend.source, weekend.key)
    assert ingested.lake.snapshot_ids(release=None) == before
    assert not [table for report in reports.values() for table in report.tables.values() if table.is_changed]


def test_race_and_changed_race_leave_qualifying_as_it_was(ingest, weekend, tmp_path) -> None:
    def qualifying_writes() -> dict[str, tuple[str | None, object]]:
        key = f"{weekend.key}-Q"
        return {
            write.table_name: (
                write.rows_digest,
                ingest.rows(write.table_name).filter(pl.col("session_key") == key).height,
            )
            for write in ingest.lake.ledger
            if write.scope_value == key and write.table_name != "curated.coverage"
        }

    ingest(weekend.source, weekend.key, sessions=("Q",))
    before = qualifying_writes()
    assert before
    assert f"{weekend.key}-R" not in ingest.lake.ledger.scopes("curated.laps")
    ingest(weekend.source, weekend.key, sessions=("R",))
    assert qualifying_writes() == before
    laps = ingest.rows("curated.laps")
    changed = weekend.copy(tmp_path / "changed")
    path = changed.file("Race", "WeatherData")
    path.write_bytes(path.read_bytes().replace(b'"AirTemp":"', b'"AirTemp":"1', 1))
    reports = ingest(changed.source, weekend.key)
    assert qualifying_writes() == before
    assert reports["processed"].tables["processed.fastf1__weather"].is_changed
    assert not reports["processed"].tables["processed.fastf1__laps"].is_changed
    assert_frame_equal(ingest.rows("curated.laps"), laps, check_row_order=False)


def _with_raised_version(table: str) -> tuple[TableAsset, ...]:
    return tuple(
        dataclasses.replace(declared, logic_version=declared.logic_version + 1)
        if declared.table == table
        else declared
        for declared in CURATED
    )


def test_new_logic_version_rewrites_the_table_and_its_dependants_only(ingested, weekend) -> None:
    before = ingested.lake.snapshot_ids(release=None)
    ingested(weekend.source, weekend.key, declarations=_with_raised_version("curated.stints"))
    after = ingested.lake.snapshot_ids(release=None)
    ingested(weekend.source, weekend.key)
    rewritten = {name for name in after if before[name] != after[name] and not name.startswith("lake.")}
    assert rewritten == {"curated.stints", "curated.pit_stops", "curated.tyre_sets"}


def test_rebuild_from_raw_without_network_gives_the_same_rows(ingested, monkeypatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a rebuild must not ask anybody")

    weekend_key = ingested.lake.ledger.scopes("curated.sessions")[0]
    before = {name: ingested.rows(name) for name in COMPUTED}
    ingested.lake.drop_zones(["processed", "curated"])
    assert ingested.rows("curated.laps").is_empty()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ingested(Source(()), weekend_key)
    for name in COMPUTED:
        assert_frame_equal(ingested.rows(name), before[name], check_row_order=False)


def test_broken_session_is_an_error_that_names_it_and_commits_nothing(ingest, weekend, tmp_path) -> None:
    broken = weekend.copy(tmp_path / "broken")
    broken.file("Race", "TimingData").write_bytes(b"\xef\xbb\xbf" + b"this is not a feed\r\n" * 40)
    with pytest.raises(UnreadableSessionError, match=rf"{weekend.key}-R.*TimingData"):
        ingest(broken.source, weekend.key)
    assert ingest.rows("processed.fastf1__laps").is_empty()
    assert ingest.rows("curated.laps").is_empty()
    assert not ingest.rows("raw.live_timing__responses").is_empty()
    ingest(weekend.source, weekend.key)
    assert ingest.rows("curated.laps")["session_key"].n_unique() == 2


def test_one_broken_line_loses_only_itself_and_is_named(ingest, weekend, tmp_path) -> None:
    damaged = weekend.copy(tmp_path / "damaged")
    path = damaged.file("Race", "WeatherData")
    lines = path.read_bytes().split(b"\r\n")
    lines[2] = lines[2][: len(lines[2]) // 2]
    path.write_bytes(b"\r\n".join(lines))
    ingest(damaged.source, weekend.key)
    unreadable = ingest.rows("processed.live_timing__unreadable_lines")
    assert unreadable.select("session_key", "topic", "line_number").rows() == [
        (f"{weekend.key}-R", "WeatherData", 3)
    ]
    coverage = ingest.rows("curated.coverage").filter(pl.col("topic") == "WeatherData").sort("subject_key")
    assert coverage["coverage_status"].to_list() == ["available", "partial"]
    assert "line 3" in coverage["reason"][1]


def test_missing_topic_is_a_coverage_row_and_a_partial_weekend(ingest, weekend, tmp_path) -> None:
    partial = weekend.copy(tmp_path / "partial")
    partial.file("Race", "TimingData").unlink()
    index = partial.mirror / "INDEX.tsv"
    kept = [line for line in index.read_text().splitlines() if "Race/TimingData" not in line]
    index.write_text("\n".join(kept) + "\n")
    ingest(partial.source, weekend.key)
    coverage = ingest.rows("curated.coverage").filter(
        (pl.col("topic") == "TimingData") & (pl.col("subject_key") == f"{weekend.key}-R")
    )
    assert coverage.select("coverage_status", "is_essential").rows() == [("absent", True)]
    assert set(ingest.rows("curated.laps")["session_key"]) == {f"{weekend.key}-Q"}
    assert f"{weekend.key}-R" in set(ingest.rows("curated.results")["session_key"])


def test_rows_that_break_an_invariant_are_not_committed(ingest, weekend) -> None:
    def overlapping(**frames: pl.DataFrame) -> pl.DataFrame:
        stints = next(d for d in CURATED if d.table == "curated.stints").compute(**frames)
        return stints.with_columns(first_lap_number=pl.lit(1, pl.Int32))

    declarations = tuple(
        dataclasses.replace(declared, compute=overlapping) if declared.table == "curated.stints" else declared
        for declared in CURATED
    )
    with pytest.raises(AuditFailedError, match="stint"):
        ingest(weekend.source, weekend.key, declarations=declarations)
    assert ingest.rows("curated.laps").is_empty()
    assert not ingest.rows("processed.fastf1__laps").is_empty()


def test_unknown_weekend_and_session_are_errors_that_name_what_there_is(ingest, weekend) -> None:
    with pytest.raises(UnknownWeekendError, match=weekend.key):
        ingest(weekend.source, "2025-07")
    with pytest.raises(UnknownSessionError, match="it has Q, R"):
        ingest(weekend.source, weekend.key, sessions=("S",))
