"""What the lake relies on inside PyIceberg; an upgrade that changes it fails here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from lake_tables import LAPS, laps, write
from pyiceberg.manifest import ManifestEntry
from pyiceberg.table.update import SetPropertiesUpdate, update_table_metadata

from lake.committing import Commit, commit_once, snapshot_of
from lake.errors import ConcurrentWriteError
from lake.filters import scope_rows
from lake.lake import Lake
from lake.quick_catalog import with_updates
from lake.remembered import RememberedFiles
from lake.store import Store
from lake.table_files import Exchange, StagedRows, replace_rows

OpenLake = Callable[..., Lake]


def commit_laps(
    store: Store, key: str, version: int, meanwhile: Callable[[], None] = lambda: None
) -> int | None:
    """Commit laps without the writer lock, as another machine would; something else happens meanwhile."""
    from lake.audit import audited

    rows = audited(LAPS, key, laps(key, lap_time_ms=version))

    def exchange(table: object) -> Exchange:
        files = replace_rows(table, LAPS, scope_rows(LAPS, [key]), StagedRows(rows))  # type: ignore[arg-type]
        meanwhile()
        return files

    step_id = f"{key}-{version}"
    table = commit_once(store, Commit(LAPS, step_id, exchange, scope_rows(LAPS, [key]).rows))
    return snapshot_of(table, step_id)


def test_one_commit_is_one_snapshot_and_leaves_no_manifest_without_files(lake: Lake) -> None:
    for turn in range(3):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    table = lake._store.load("curated.laps")
    assert table is not None
    assert len(table.metadata.snapshots) == 3
    manifests = table.current_snapshot().manifests(table.io)  # type: ignore[union-attr]
    assert [manifest.added_files_count for manifest in manifests if manifest.has_added_files()] == [1]
    assert len(manifests) <= 2
    assert table.current_snapshot().summary["total-records"] == "40"  # type: ignore[index,union-attr]


def test_metadata_updated_without_copies_equals_that_of_pyiceberg(lake: Lake) -> None:
    for turn in range(3):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    before = lake._store.load("curated.laps")
    assert before is not None
    frozen = before.metadata.model_dump_json()
    updates = (SetPropertiesUpdate(updates={"a": "b"}),)
    ours = with_updates(before.metadata, updates, before.metadata_location)
    theirs = update_table_metadata(before.metadata, updates, metadata_location=before.metadata_location)
    drop = {"last_updated_ms"}
    assert ours.model_dump(exclude=drop) == theirs.model_dump(exclude=drop)
    assert with_updates(before.metadata, ()) is before.metadata
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=9)), digest="9")
    assert before.metadata.model_dump_json() == frozen


def test_what_is_remembered_of_a_metadata_file_is_what_the_file_holds(lake: Lake) -> None:
    for turn in range(3):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    location = lake._store.locations()["curated.laps"]
    remembered = lake._store.at(location).metadata
    assert RememberedFiles().metadata(location, {}) == remembered


def test_what_is_remembered_of_manifests_is_what_their_files_hold(lake: Lake) -> None:
    for number in range(1, 13):
        write(lake, (LAPS, f"2024-{number:02d}-R", laps(f"2024-{number:02d}-R")), digest="1")
        write(lake, (LAPS, "2023-01-R", laps("2023-01-R", lap_time_ms=number)), digest=str(number))
        table = lake._store.load("curated.laps")
        assert table is not None
        snapshot = table.current_snapshot()
        assert snapshot is not None
        files, fresh = lake._store.catalog.files, RememberedFiles()
        remembered = files.manifests(table.io, snapshot)
        assert [repr(one) for one in remembered] == [repr(one) for one in fresh.manifests(table.io, snapshot)]
        for manifest in remembered:
            assert _shown(files.entries(table.io, manifest)) == _shown(fresh.entries(table.io, manifest))
    assert len(remembered) < 12


def _shown(entries: Iterable[ManifestEntry]) -> list[tuple[object, ...]]:
    return [
        (
            entry.status,
            entry.snapshot_id,
            entry.sequence_number,
            entry.file_sequence_number,
            entry.data_file.file_path,
            entry.data_file.partition,
            entry.data_file.record_count,
            entry.data_file.file_size_in_bytes,
            entry.data_file.spec_id,
            entry.data_file.lower_bounds,
            entry.data_file.upper_bounds,
            entry.data_file.null_value_counts,
        )
        for entry in entries
    ]


def test_old_metadata_files_are_deleted_as_new_ones_are_written(
    lake: Lake, home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lake.iceberg_schema.METADATA_VERSIONS", 3)
    for turn in range(8):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    assert len(list((home / "tables/curated/laps/metadata").glob("*.metadata.json"))) == 4  # type: ignore[operator]


def test_another_machine_in_the_same_scope_makes_the_commit_start_again_from_what_is_there(
    open_lake: OpenLake,
) -> None:
    ours, theirs = open_lake()._store, open_lake()._store
    commit_laps(theirs, "2024-08-R", 1)
    versions = iter([2])

    def meanwhile() -> None:
        for version in versions:
            commit_laps(theirs, "2024-08-R", version)

    assert commit_laps(ours, "2024-08-R", 3, meanwhile) is not None
    rows = open_lake().read("curated.laps", release=None)
    assert rows.num_rows == 40
    assert set(rows["lap_time_ms"].to_pylist()) == {3}


def test_another_machine_in_another_season_is_no_conflict(open_lake: OpenLake) -> None:
    ours, theirs = open_lake()._store, open_lake()._store
    commit_laps(theirs, "2023-01-R", 1)
    commit_laps(ours, "2024-08-R", 1)
    attempts: list[int] = []

    def meanwhile() -> None:
        attempts.append(1)
        commit_laps(theirs, "2023-02-R", 1)

    commit_laps(ours, "2024-09-R", 1, meanwhile)
    assert attempts == [1]
    assert open_lake().read("curated.laps", release=None).num_rows == 160


def test_losing_every_race_is_an_error_that_says_what_to_do(
    open_lake: OpenLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lake.committing._FIRST_WAIT_S", 0.001)
    ours, theirs = open_lake()._store, open_lake()._store
    commit_laps(theirs, "2024-08-R", 0)
    version = 0

    def meanwhile() -> None:
        nonlocal version
        version += 1
        commit_laps(theirs, "2024-08-R", version)

    with pytest.raises(
        ConcurrentWriteError, match=r"curated\.laps: another machine changed the same rows 6 times"
    ):
        commit_laps(ours, "2024-08-R", 100, meanwhile)
    assert set(open_lake().read("curated.laps", release=None)["lap_time_ms"].to_pylist()) == {version}
