"""What is in the lake: rows, files and age of every table in a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pyiceberg.table.snapshots import Summary

from lake.ledger import Ledger
from lake.reading import Pin, Reader


@dataclass(frozen=True)
class TableState:
    """One table in one release.

    Attributes:
        name: The table.
        row_count: Its rows.
        file_count: Its data files.
        byte_count: Size of its data files.
        snapshot_id: Its snapshot; null where it was never written.
        written_at: When a scope of it was last written; null where none was.
    """

    name: str
    row_count: int
    file_count: int
    byte_count: int
    snapshot_id: int | None
    written_at: datetime | None


def table_states(reader: Reader, ledger: Ledger, pin: Pin) -> list[TableState]:
    """Return the state of every table, those never written too, sorted by name.

    Args:
        reader: Reads the lake.
        ledger: Says when tables were written.
        pin: Which state of the lake.
    """
    versions = reader.versions(pin)
    written = {name: max(write.written_at for write in writes) for name, writes in ledger.by_table().items()}
    states = []
    for name in sorted({*reader.store.contracts, *versions}):
        version = versions.get(name)
        totals: Mapping[str, int] = {}
        if version is not None:
            snapshot = reader.store.at(version.metadata_location).snapshot_by_id(version.snapshot_id)
            totals = _totals(None if snapshot is None else snapshot.summary)
        states.append(
            TableState(
                name=name,
                row_count=totals.get("total-records", 0),
                file_count=totals.get("total-data-files", 0),
                byte_count=totals.get("total-files-size", 0),
                snapshot_id=None if version is None else version.snapshot_id,
                written_at=written.get(name),
            )
        )
    return states


def _totals(summary: Summary | None) -> dict[str, int]:
    names = ("total-records", "total-data-files", "total-files-size")
    return {} if summary is None else {name: int(summary[name] or 0) for name in names}
