"""Merging files by season: fewer files, the same rows; nothing that a kept release needs is touched."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from lake_tables import DRIVER_SEASON, LAPS, RESPONSES, STINTS, TABLES, laps, stints, write

from lake import compaction
from lake.digests import in_order, rows_digest
from lake.errors import LakeError
from lake.lake import Lake
from lake.maintenance import MaintenanceReport, TableMaintenance
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]
SESSIONS = ["2023-01-R", "2023-02-R", "2023-03-R", "2024-01-R", "2024-02-R"]


class Killed(BaseException):
    """Ends a commit as a kill would."""


def settings(home: Path) -> LakeSettings:
    return LakeSettings(home=home, keep_releases=3, keep_release_age=timedelta(0), orphan_age=timedelta(0))


def fill(lake: Lake) -> None:
    """Write two seasons weekend by weekend, season tables, and raw bytes."""
    for key in SESSIONS:
        write(lake, (LAPS, key, laps(key)), (STINTS, key, stints(key)))
    types = pa.schema([(column.name, column.arrow_type) for column in RESPONSES.columns])
    for key in SESSIONS[:2]:
        row = {"season": [2023], "url": [key], "body": [b"{}"], "fetched_at": [0]}
        with lake.step(run_id="r", name="raw") as step:
            step.append_raw(RESPONSES, pa.table(row).cast(types))
            step.commit()
    season = pa.table({"season": [2024], "driver_key": ["norris"], "lap_count": [40]})
    write(lake, (DRIVER_SEASON, 2024, season))


def digests(lake: Lake) -> dict[tuple[str, str], str]:
    """Return the digest of every scope of every table, computed from the rows that are there."""
    found = {}
    contracts = {contract.name: contract for contract in TABLES}
    for item in lake.ledger:
        contract = contracts[item.table_name]
        column = contract.scope.column
        value = int(item.scope_value) if column == "season" else item.scope_value
        rows = lake.read(contract.name, None if column is None else {column: value})
        found[contract.name, item.scope_value] = rows_digest(contract, in_order(contract, rows))
    return found


def file_counts(lake: Lake) -> dict[str, int]:
    return {state.name: state.file_count for state in lake.tables()}


def by_name(report: MaintenanceReport) -> dict[str, tuple[int, int]]:
    return {table.name: (table.merged_files, table.new_files) for table in report.tables}


def without_books(report: MaintenanceReport) -> list[TableMaintenance]:
    """Return what was done but for the lake's own books, where maintenance itself writes an entry."""
    return [table for table in report.tables if not table.name.startswith("lake.")]


def test_merged_seasons_hold_one_file_each_and_the_same_rows(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    before, counts, old = digests(lake), file_counts(lake), lake.releases()[-1].release_id
    assert counts["curated.laps"] == 5
    would = lake.maintain(dry_run=True)
    assert (digests(lake), file_counts(lake), lake.releases()[-1].release_id) == (before, counts, old)
    report = lake.maintain()
    assert without_books(report) == without_books(would)
    assert by_name(report)["curated.laps"] == (counts["curated.laps"], 2)
    merged = file_counts(lake)
    assert (merged["curated.laps"], merged["curated.stints"]) == (2, 2)
    assert merged["raw.live_timing__responses"] == counts["raw.live_timing__responses"]
    assert digests(lake) == before
    ledger = {(item.table_name, item.scope_value): item.rows_digest for item in lake.ledger}
    computed = {key: digest for key, digest in before.items() if not key[0].startswith("raw.")}
    assert computed == {key: ledger[key] for key in computed}
    assert lake.read("curated.laps", release=old).num_rows == 200
    assert [release.step for release in lake.releases()[-2:]] == ["test", "compact"]


def test_second_round_does_nothing(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    lake.maintain()
    before = (lake.releases(), sorted((home / "tables").rglob("*")))
    # Metadata that the first round put out of date is deleted by the first round too.
    assert lake.maintain() == MaintenanceReport(())
    assert (lake.releases(), sorted((home / "tables").rglob("*"))) == before
    write(lake, (LAPS, "2024-01-R", laps("2024-01-R")))
    assert lake.releases() == before[0]
    write(lake, (LAPS, "2024-01-R", laps("2024-01-R", lap_time_ms=1)), digest="b")
    assert lake.read("curated.laps").num_rows == 200


@pytest.mark.parametrize("where", ["plan", "table curated.laps"])
def test_killed_merge_is_finished_by_the_next_writer(open_lake: OpenLake, home: Path, where: str) -> None:
    fill(open_lake(settings=settings(home)))
    before = digests(open_lake(settings=settings(home)))

    def die(point: str) -> None:
        if point == where:
            raise Killed

    with pytest.raises(Killed):
        open_lake(settings=settings(home), checkpoint=die).maintain()
    lake = open_lake(settings=settings(home))
    assert digests(lake) == before
    assert file_counts(lake)["curated.laps"] == 2
    assert sum(1 for release in lake.releases() if release.step == "compact") == 1


def test_merged_files_stop_at_a_number_of_rows(
    open_lake: OpenLake, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "MERGED_ROWS", 100)
    lake = open_lake(settings=settings(home))
    fill(lake)
    lake.maintain()
    assert file_counts(lake)["curated.laps"] == 3
    assert not lake.maintain().tables


def test_table_that_is_not_whole_is_left_alone_and_named_and_the_rest_is_looked_after(
    open_lake: OpenLake, home: Path
) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    next((home / "tables" / "curated" / "laps" / "data").rglob("*.parquet")).unlink()
    shutil.rmtree(home / "tables" / "marts" / "fct_driver_season" / "metadata")
    lake = open_lake(settings=settings(home))
    report = lake.maintain()
    assert [refusal.split(":")[0] for refusal in report.refusals] == [
        "curated.laps",
        "the catalog names file",
    ]
    assert "1 file(s) that its metadata names are not in its folder" in report.refusals[0]
    assert by_name(report)["curated.stints"][1] == 2
    assert "curated.laps" not in by_name(report)


def test_table_that_was_made_anew_after_a_loss_is_looked_after_again(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=replace(settings(home), keep_releases=6))
    fill(lake)
    next((home / "tables" / "curated" / "laps" / "data" / "season=2023").glob("*.parquet")).unlink()
    lost = lake.releases()[-1].release_id
    lake.drop_tables(["curated.laps"])
    write(lake, (LAPS, "2023-01-R", laps("2023-01-R")))
    report = lake.maintain()
    assert report.refusals == ()
    assert lake.read("curated.laps").num_rows == 40
    # What is left of the older state is kept as long as its release is.
    assert lake.read("curated.laps", {"season": 2024}, release=lost).num_rows == 80


def test_file_with_other_rows_than_its_manifest_says_is_not_merged(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    first, second, *_ = sorted((home / "tables" / "curated" / "stints" / "data").rglob("*.parquet"))
    first.write_bytes(second.read_bytes()[:100])
    report = lake.maintain()
    assert "curated.stints" not in {name for name, (count, _) in by_name(report).items() if count}
    assert by_name(report)["curated.laps"][1] == 2


def test_only_files_of_the_age_asked_for_are_deleted(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    orphans = [home / "tables" / "curated" / "laps" / "data" / name for name in ("old", "young")]
    for path in orphans:
        path.write_bytes(b"x" * 1000)
    os.utime(orphans[0], (time.time() - 7200,) * 2)
    seen = []
    report = lake.maintain(orphan_age=timedelta(hours=1), on_table=lambda *part: seen.append(part[1:]))
    assert [path.exists() for path in orphans] == [False, True]
    assert sum(table.deleted_bytes for table in report.tables) == 1000
    assert [number for number, _ in seen] == list(range(1, seen[-1][1] + 1))


def test_a_table_that_is_not_as_its_contract_says_is_not_merged(open_lake: OpenLake, home: Path) -> None:
    fill(open_lake(settings=settings(home)))
    newer = replace(STINTS, columns=STINTS.columns[:-1], version=2)
    lake = open_lake(settings=settings(home), contracts=(LAPS, newer))
    assert set(by_name(lake.maintain(dry_run=True))) >= {"curated.laps"}
    assert by_name(lake.maintain()).get("curated.stints", (0, 0)) == (0, 0)


def test_maintenance_waits_for_a_backup(open_lake: OpenLake, home: Path) -> None:
    from lake.locks import FILES_STAY, held_lock

    lake = open_lake(settings=LakeSettings(home=home, lock_timeout_s=0.1))
    with (
        held_lock(home / "locks", FILES_STAY, "backup", 1, lambda _: None),
        pytest.raises(LakeError, match=r"the lake's files is still held by .*backup"),
    ):
        lake.maintain()
