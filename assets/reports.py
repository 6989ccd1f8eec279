"""What a step did, table by table, in plain values; Dagster's words for it are ``assets/factory.py``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from lake.checks import CheckOutcome
from lake.ledger import Ledger, Write
from lake.step import StepOutcome

_PREVIEW_ROWS = 8


@dataclass(frozen=True)
class TableReport:
    """What became of one table in one step.

    Attributes:
        table: Name of the table.
        row_count: Rows of the weekend (or season) in the table.
        is_changed: Whether the step wrote it.
        snapshot_id: Snapshot that holds the rows; null where there are none.
        identity: Digest of rows and lineage of all its pieces: Dagster's data version.
        inputs: Input table to how many of its pieces were read.
        preview: First rows; null where nothing was computed in this step.
        checks: What the rules said.
    """

    table: str
    row_count: int
    is_changed: bool
    snapshot_id: int | None
    identity: str
    inputs: Mapping[str, int]
    preview: pl.DataFrame | None
    checks: tuple[CheckOutcome, ...]


@dataclass(frozen=True)
class StepReport:
    """What a step did.

    Attributes:
        zone: The zone.
        tables: Table name to its report, in the order computed.
        release_id: Release that the step made; null where nothing changed.
        notes: Sentences for a person: what was missing, repaired or skipped.
        pictures: Table to a PNG that shows its rows.
    """

    zone: str
    tables: Mapping[str, TableReport]
    release_id: int | None
    notes: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def report_tables(
    names: Iterable[str],
    pieces: Mapping[str, list[Write]],
    outcome: StepOutcome,
    previews: Mapping[str, pl.DataFrame],
) -> dict[str, TableReport]:
    """Return the report of each table.

    Args:
        names: Tables of the step.
        pieces: Table to its newest writes that belong to the weekend or its season.
        outcome: What the commit did.
        previews: Table to rows computed in the step.
    """
    changed = {write.table for write in outcome.writes if write.action != "unchanged"}
    reports = {}
    for name in names:
        writes = pieces.get(name, [])
        snapshots = [write.snapshot_id for write in sorted(writes, key=lambda write: write.written_at)]
        preview = previews.get(name)
        reports[name] = TableReport(
            table=name,
            row_count=sum(write.row_count for write in writes),
            is_changed=name in changed,
            snapshot_id=next((snapshot for snapshot in reversed(snapshots) if snapshot is not None), None),
            identity=_identity(writes),
            inputs=_count_inputs(writes),
            preview=None if preview is None else preview.head(_PREVIEW_ROWS),
            checks=tuple(check for check in outcome.checks if check.table == name),
        )
    return reports


def weekend_pieces(ledger: Ledger, names: Iterable[str], weekend_key: str) -> dict[str, list[Write]]:
    """Return each table's newest writes of a weekend; of its season, or all, where it is kept so."""
    season = weekend_key[:4]
    return {
        name: [
            write
            for value in (*ledger.scopes(name, prefix=season), *ledger.scopes(name, prefix="all"))
            if value in ("all", season) or value == weekend_key or value.startswith(f"{weekend_key}-")
            if (write := ledger.newest(name, value)) is not None
        ]
        for name in names
    }


def _identity(writes: list[Write]) -> str:
    return (
        "+".join(sorted(f"{write.scope_value}:{(write.rows_digest or '')[:12]}" for write in writes))
        or "none"
    )


def _count_inputs(writes: list[Write]) -> dict[str, int]:
    counts: dict[str, set[str]] = {}
    for write in writes:
        for name in write.inputs:
            counts.setdefault(name.partition("@")[0], set()).add(name)
    return {name: len(pieces) for name, pieces in sorted(counts.items())}
