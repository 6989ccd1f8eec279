"""Manifests hold what commits did, are few, and say the same to PyIceberg and DuckDB."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import cast

import pytest
from lake_tables import LAPS, STINTS, laps, stints, write
from pyiceberg.avro.encoder import BinaryEncoder
from pyiceberg.avro.file import AvroFile
from pyiceberg.io import OutputStream
from pyiceberg.manifest import ManifestEntryStatus, ManifestFile, ManifestWriterV2
from pyiceberg.table import Table

from lake.contracts import Column
from lake.lake import Lake
from lake.manifest_encoding import ManifestForm, entry_start, read_entries
from lake.manifests import file_count

OpenLake = Callable[..., Lake]


def loaded(lake: Lake, name: str = "curated.laps") -> Table:
    table = lake._store.load(name)
    assert table is not None
    return table


def manifests(table: Table) -> list[ManifestFile]:
    snapshot = table.current_snapshot()
    assert snapshot is not None
    return [*snapshot.manifests(table.io)]


def test_one_manifest_names_what_a_commit_put_took_away_and_left(lake: Lake) -> None:
    for turn, key in enumerate(("2024-08-R", "2023-01-R", "2022-05-R", "2023-01-R")):
        write(lake, (LAPS, key, laps(key, lap_time_ms=turn)), digest=str(turn))
    table = loaded(lake)
    (manifest,) = manifests(table)
    entries = manifest.fetch_manifest_entry(table.io, discard_deleted=False)
    states = {(entry.status, entry.data_file.partition[0]): entry for entry in entries}
    assert set(states) == {
        (ManifestEntryStatus.ADDED, 2023),
        (ManifestEntryStatus.DELETED, 2023),
        (ManifestEntryStatus.EXISTING, 2024),
        (ManifestEntryStatus.EXISTING, 2022),
    }
    sequences = {state: entry.sequence_number for state, entry in states.items()}
    assert sequences[(ManifestEntryStatus.ADDED, 2023)] == 4
    assert sequences[(ManifestEntryStatus.DELETED, 2023)] == 2
    assert sequences[(ManifestEntryStatus.EXISTING, 2024)] == 1
    assert (manifest.added_rows_count, manifest.existing_rows_count, manifest.deleted_rows_count) == (
        40,
        80,
        40,
    )


def test_every_reader_sees_the_same_rows_while_manifests_fill_up(
    open_lake: OpenLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lake.transactions.FILES_PER_MANIFEST", 4)
    dice = random.Random(7)
    lake = open_lake()
    expected: dict[str, int] = {}
    for turn in range(30):
        key = f"{dice.randrange(2018, 2026)}-{dice.randrange(1, 5):02d}-R"
        expected[key] = turn
        if turn % 10 == 0:  # another process, which has seen no manifest yet
            lake = open_lake()
        write(lake, (LAPS, key, laps(key, lap_time_ms=turn, count=2)), digest=str(turn))
    table = loaded(lake)
    counts = [file_count(manifest) for manifest in manifests(table)]
    assert max(counts) <= 4
    assert len(counts) <= sum(counts) / 2
    sql = "select distinct session_key, lap_time_ms from curated.laps"
    fresh = open_lake()
    rows = fresh.read("curated.laps")
    assert rows.num_rows == loaded(fresh).scan().to_arrow().num_rows == 2 * len(expected)
    assert (
        dict(zip(*rows.select(["session_key", "lap_time_ms"]).to_pydict().values(), strict=True)) == expected
    )
    assert dict(zip(*fresh.query(sql).to_pydict().values(), strict=True)) == expected


def test_an_entry_has_the_bytes_that_pyiceberg_writes(lake: Lake) -> None:
    for key in ("2023-01-R", "2024-08-R"):
        write(lake, (LAPS, key, laps(key)), (STINTS, key, stints(key)))
    for name in ("curated.laps", "curated.stints", "lake.writes"):
        table = loaded(lake, name)
        output = table.io.new_output(f"{table.location()}/metadata/never-written.avro")
        plain = ManifestWriterV2(table.spec(), table.schema(), output, 1, "gzip")
        form = ManifestForm.of(plain)
        for manifest in manifests(table):
            read = read_entries(table.io.new_input(manifest.manifest_path))
            assert len(read) == len(manifest.fetch_manifest_entry(table.io, discard_deleted=False))
            for entry, seen in read:
                whole = BytesIO()
                plain.new_writer().writer.write(BinaryEncoder(cast("OutputStream", whole)), entry)
                assert entry_start(entry) + form.encode(entry.data_file).encoded == whole.getvalue()
                assert seen == form.encode(entry.data_file)


def test_manifests_have_the_schema_that_the_table_has_then(open_lake: OpenLake) -> None:
    write(open_lake(), (STINTS, "2024-08-R", stints("2024-08-R")))
    wider = replace(STINTS, columns=(*STINTS.columns, Column("is_long", "bool", "Long.")), version=2)
    lake = open_lake(contracts=(wider,))
    rows = stints("2024-09-R").append_column("is_long", [[True, None]])
    write(lake, (wider, "2024-09-R", rows))
    table = loaded(lake, "curated.stints")
    newest = manifests(table)[0]
    with AvroFile(table.io.new_input(newest.manifest_path)) as file:
        header = file.header.meta
    assert header["content"] == "data"
    assert header["format-version"] == "2"
    schema = json.loads(header["schema"])
    assert schema["schema-id"] == table.schema().schema_id
    assert [field["name"] for field in schema["fields"]] == list(wider.column_names)


def test_a_dropped_table_made_again_has_manifests_of_its_own_columns(open_lake: OpenLake) -> None:
    lake = open_lake()
    write(lake, (STINTS, "2024-08-R", stints("2024-08-R")))
    lake._store.catalog.drop_table("curated.stints")
    other = replace(STINTS, columns=(*STINTS.columns[:4], Column("tyre_count", "int64", "Tyres.")))
    again = replace(lake._store, contracts={other.name: other})
    again.catalog.files = lake._store.catalog.files
    table = again.ensure(other)
    plain = ManifestWriterV2(
        table.spec(), table.schema(), table.io.new_output(f"{table.location()}/metadata/x.avro"), 1, "gzip"
    )
    form = lake._store.catalog.files.form(f"{table.location()}/metadata/x.avro", plain)
    assert b"tyre_count" in form.header
    assert b"lap_count" not in form.header
    again.close()


WANTED: tuple[dict[str, object], ...] = (
    {"weekend_key": "2024-03"},
    {"weekend_key": ["2024-01", "2024-11", "1999-01"]},
    {"season": 2023},
    {"season": [2023, 2024], "car_number": "2"},
    {"session_key": []},
    {"lap_time_ms": None},
    {"lap_time_ms": [None, 3]},
    {"lap_number": [1, 20], "compound": "SOFT"},
    {"compound": "HARD"},
)


def test_files_passed_over_hold_no_wanted_row(lake: Lake) -> None:
    for number in range(1, 9):
        key = f"{2023 + number % 2}-{number:02d}-R"
        rows = laps(key, lap_time_ms=number, count=4)
        if number == 5:
            rows = rows.set_column(5, "lap_time_ms", [[None, 1, None, 1]])
        write(lake, (LAPS, key, rows))
    everything = lake.read("curated.laps").to_pylist()
    names = ["session_key", "car_number", "lap_number"]
    for where in WANTED:
        lists = {name: value if isinstance(value, list) else [value] for name, value in where.items()}
        expected = [row for row in everything if all(row[name] in wanted for name, wanted in lists.items())]
        found = lake.read("curated.laps", where, names).to_pylist()
        assert sorted(tuple(row.values()) for row in found) == sorted(
            tuple(row[name] for name in names) for row in expected
        ), where
