"""Looks for damage in a lake: files that are missing, books that do not say what the tables hold.

Nothing is changed. Saying it to a person, and what to run, is ``orchestration/lake_examination.py``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyiceberg.expressions import AlwaysTrue
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table

from lake.catalog import local_path
from lake.contracts import TableContract
from lake.digests import in_order, rows_digest
from lake.errors import LakeMovedError
from lake.ledger import Ledger
from lake.reading import Reader
from lake.releases import TableVersion
from lake.step import RAW
from lake.store import Store
from lake.table_files import column_bounds, files_in
from lake.table_folders import snapshot_files, stored_files
from lake.tables.lake_releases import LAKE_RELEASES
from lake.tables.lake_writes import LAKE_WRITES


class Damage(StrEnum):
    """Kinds of what can be wrong with a table."""

    ELSEWHERE = "elsewhere"
    FILE_MISSING = "file missing"
    ROWS_DIFFER = "rows differ"
    NEWER_CONTRACT = "newer contract"
    HEAD_UNRELEASED = "head unreleased"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one table.

    Attributes:
        table: The table.
        damage: Kind of it.
        text: What was found, in a sentence.
        scopes: Scopes concerned; empty where it is the whole table.
    """

    table: str
    damage: Damage
    text: str
    scopes: tuple[str, ...] = ()


def inspect(reader: Reader, *, is_deep: bool = False) -> Iterator[Finding]:
    """Return what is wrong, table by table; nothing for a lake that is well.

    Args:
        reader: Reads the lake.
        is_deep: Whether to read every row too and compare it with the digest of its scope.
    """
    store = reader.store
    locations = store.locations()
    broken = list(_misplaced(store, locations))
    yield from broken
    if any(finding.table in (LAKE_RELEASES.name, LAKE_WRITES.name) for finding in broken):
        # Without its books nothing more can be said.
        return
    versions = {name: version for name, version in reader.versions().items() if name != LAKE_RELEASES.name}
    ledger = reader.books.ledger()
    told = {finding.table for finding in broken}
    for name, version in sorted((name, version) for name, version in versions.items() if name not in told):
        missing = list(_missing(store, ledger, name, version))
        yield from missing
        yield from _contract(store, ledger, name)
        contract = store.contracts.get(name)
        if missing or contract is None:
            continue
        if contract.zone == RAW:
            yield from _bytes(reader, contract) if is_deep else ()
        elif contract.zone != "lake":
            yield from _counts(store, ledger, contract, version)
            if is_deep and _is_as_contract(store, contract, version):
                yield from _digests(reader, ledger, contract)
    yield from _unreleased(store, versions, told, locations)


def _misplaced(store: Store, locations: Mapping[str, str]) -> Iterator[Finding]:
    """Return the tables whose metadata file is somewhere else, or nowhere."""
    warehouse = f"{store.catalog.properties['warehouse']}/"
    for name, location in sorted(locations.items()):
        if not location.startswith(warehouse):
            text = f"the catalog points to {location}, and the lake's tables are in {warehouse}"
            yield Finding(name, Damage.ELSEWHERE, text)
            continue
        try:
            store.at(location)
        except LakeMovedError:
            yield Finding(name, Damage.FILE_MISSING, f"its metadata file {location} is missing")


def _missing(store: Store, ledger: Ledger, name: str, version: TableVersion) -> Iterator[Finding]:
    """Return the files of a table in the newest release that are not there."""
    there = {file.location for file in stored_files(store, name)}
    if version.metadata_location not in there:
        yield Finding(name, Damage.FILE_MISSING, f"the metadata file {version.metadata_location} is missing")
        return
    table = store.at(version.metadata_location)
    try:
        missing = sorted(set(snapshot_files(store, table, version.snapshot_id)) - there)
    except FileNotFoundError as error:
        yield Finding(name, Damage.FILE_MISSING, f"a manifest is missing ({error})")
        return
    if missing:
        scopes = _scopes_of(store, ledger, name, table, version, missing)
        paths = [str(local_path(location) or location) for location in missing]
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield Finding(name, Damage.FILE_MISSING, f"{paths[0]}{more} is missing", scopes)


def _scopes_of(
    store: Store,
    ledger: Ledger,
    name: str,
    table: Table,
    version: TableVersion,
    missing: Collection[str],
) -> tuple[str, ...]:
    """Return the scopes that missing data files may have held; none where that cannot be told."""
    contract = store.contracts.get(name)
    snapshot = table.snapshot_by_id(version.snapshot_id)
    if contract is None or contract.scope.column is None or snapshot is None:
        return ()
    files = [
        file
        for file in files_in(table, snapshot, AlwaysTrue(), store.catalog.files)
        if file.file_path in missing
    ]
    found = {scope for file in files for scope in _scopes_in(contract, table, file, ledger.scopes(name))}
    return tuple(sorted(found))


def _scopes_in(contract: TableContract, table: Table, file: DataFile, scopes: Sequence[str]) -> Iterator[str]:
    limits = column_bounds(table, str(contract.scope.column), file)
    for scope in scopes:
        value: Any = int(scope) if contract.scope.column == "season" else scope
        if limits is None or limits[0] <= value <= limits[1]:
            yield scope


def _contract(store: Store, ledger: Ledger, name: str) -> Iterator[Finding]:
    written = max((write.contract_version for write in ledger.by_table().get(name, ())), default=0)
    contract = store.contracts.get(name)
    if contract is not None and written > contract.version:
        text = (
            f"was written with version {written} of its contract, and this program knows {contract.version}"
        )
        yield Finding(name, Damage.NEWER_CONTRACT, text)


def _counts(
    store: Store, ledger: Ledger, contract: TableContract, version: TableVersion
) -> Iterator[Finding]:
    """Compare how many rows each scope has with what the ledger says."""
    found = _row_counts(store, contract, version)
    wrong = {
        write.scope_value: (write.row_count, found.get(write.scope_value, 0))
        for write in ledger.by_table().get(contract.name, ())
        if write.row_count != found.get(write.scope_value, 0)
    }
    if wrong:
        scope, (said, held) = next(iter(sorted(wrong.items())))
        text = f"{scope} should have {said} rows and has {held}"
        more = f", and {len(wrong) - 1} more scopes differ" if len(wrong) > 1 else ""
        yield Finding(contract.name, Damage.ROWS_DIFFER, text + more, tuple(sorted(wrong)))


def _row_counts(store: Store, contract: TableContract, version: TableVersion) -> Counter[str]:
    """Return scope to the number of its rows, from manifests alone where partitions are scopes."""
    table = store.at(version.metadata_location)
    column = contract.scope.column
    counts: Counter[str] = Counter()
    if column is None or contract.partition_by == (column,):
        snapshot = table.snapshot_by_id(version.snapshot_id)
        for file in files_in(table, snapshot, AlwaysTrue(), store.catalog.files):
            counts["all" if column is None else str(file.partition[0])] += int(file.record_count)
        return counts
    scan = table.scan(selected_fields=(column,), snapshot_id=version.snapshot_id)
    for row in scan.to_arrow().group_by(column).aggregate([([], "count_all")]).to_pylist():
        counts[str(row[column])] = row["count_all"]
    return counts


def _is_as_contract(store: Store, contract: TableContract, version: TableVersion) -> bool:
    """Return whether a table has the contract's columns; digests of others cannot be compared."""
    return set(store.at(version.metadata_location).schema().column_names) == set(contract.column_names)


def _digests(reader: Reader, ledger: Ledger, contract: TableContract) -> Iterator[Finding]:
    """Compare the rows of every scope with their digest."""
    column = contract.scope.column
    wrong = []
    for write in ledger.by_table().get(contract.name, ()):
        if write.contract_version != contract.version:
            continue
        value: Any = int(write.scope_value) if column == "season" else write.scope_value
        rows = reader.read(contract.name, None if column is None else {column: value})
        if rows_digest(contract, in_order(contract, rows)) != write.rows_digest:
            wrong.append(write.scope_value)
    if wrong:
        text = f"the rows of {len(wrong)} scopes are not those that were written, such as {min(wrong)}"
        yield Finding(contract.name, Damage.ROWS_DIFFER, text, tuple(sorted(wrong)))


def _bytes(reader: Reader, contract: TableContract) -> Iterator[Finding]:
    """Compare the bytes of every response with their digest, season by season."""
    if not {"body", "sha256", "url", "season"} <= set(contract.column_names):
        return
    for season in sorted(set(reader.read(contract.name, columns=["season"])["season"].to_pylist())):
        rows = reader.read(contract.name, {"season": season}, ["url", "body", "sha256"])
        wrong = [
            row["url"] for row in rows.to_pylist() if hashlib.sha256(row["body"]).hexdigest() != row["sha256"]
        ]
        if wrong:
            text = f"{len(wrong)} responses are not the bytes that were received, such as {wrong[0]}"
            yield Finding(contract.name, Damage.ROWS_DIFFER, text, (str(season),))


def _unreleased(
    store: Store,
    versions: Mapping[str, TableVersion],
    broken: Collection[str],
    locations: Mapping[str, str],
) -> Iterator[Finding]:
    """Return the tables whose head is not what the newest release names."""
    for name, location in sorted(locations.items()):
        if name in broken or name == LAKE_RELEASES.name:
            continue
        head = store.at(location).metadata.current_snapshot_id
        released = versions[name].snapshot_id if name in versions else None
        if head != released:
            text = f"its head is snapshot {head}, and the newest release names {released}"
            yield Finding(name, Damage.HEAD_UNRELEASED, text)
    for name in sorted(versions.keys() - locations.keys()):
        yield Finding(name, Damage.HEAD_UNRELEASED, "the newest release names it, and the catalog does not")
