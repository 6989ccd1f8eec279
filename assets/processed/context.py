"""What the parts of the processed step share: the run, the step that stages, the documents, the source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

from assets.lineage import bytes_identity, has_lineage, lineage
from assets.processed.declarations import ParsedTable
from assets.raw.documents import RawDocuments
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.step import Step
from sources.open_source import Source

_PREVIEW_ROWS = 8


@dataclass
class ProcessedStep:
    """One running processed step.

    Attributes:
        lake: The lake.
        options: The run's options.
        step: Stages rows.
        documents: Current raw documents of the weekend.
        source: Where parsed files of a FastF1 cache come from; null where nothing may be asked.
        selected: Tables to compute; null computes all.
        previews: Table to rows computed.
        notes: Sentences for a person.
    """

    lake: Lake
    options: RunOptions
    step: Step
    documents: RawDocuments
    source: Source | None
    selected: Collection[str] | None
    previews: dict[str, pl.DataFrame] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def is_needed(self, table: ParsedTable, scope_value: str, inputs: dict[str, str]) -> bool:
        """Return whether a scope of a table is selected and its documents have changed."""
        if self.selected is not None and table.table not in self.selected:
            return False
        return self.step.is_needed(table.contract, scope_value, inputs, table.logic_version)

    def stage(
        self, table: ParsedTable, scope_value: str, rows: pl.DataFrame | pa.Table, inputs: dict[str, str]
    ) -> None:
        """Stage the rows of one scope.

        Raises:
            AuditFailedError: If the rows break the table's contract.
        """
        arrow = rows.to_arrow() if isinstance(rows, pl.DataFrame) else rows
        ordered = arrow.select(list(table.contract.column_names))
        own_lineage = lineage(table.table, table.logic_version, table.contract.version, inputs)
        may_confirm = has_lineage(self.lake.ledger.newest(table.table, scope_value), own_lineage)
        self.step.stage(
            table.contract, scope_value, ordered, inputs, table.logic_version, may_confirm=may_confirm
        )
        head = pl.DataFrame(pl.from_arrow(self.step.scopes[-1].rows.slice(0, _PREVIEW_ROWS)))
        seen = self.previews.get(table.table)
        self.previews[table.table] = head if seen is None else pl.concat([seen, head])

    def live_timing_inputs(self, table: ParsedTable, topics: dict[str, str]) -> dict[str, str]:
        """Return the identities of a session's documents that a table depends on.

        Args:
            table: The table.
            topics: Live-timing topic to digest, of the session.
        """
        return {
            f"raw.live_timing__responses@{topic}": bytes_identity(topics[topic])
            for topic in (sorted(topics) if table.all_live_timing else table.live_timing)
            if topic in topics
        }

    def jolpica_inputs(self, table: ParsedTable) -> dict[str, str]:
        """Return the identities of Jolpica's documents of the weekend (or season) that a table depends on."""
        return {
            f"raw.jolpica__responses@{name}": bytes_identity(digest)
            for name, digest in self.documents.digests("jolpica", table.jolpica).items()
        }


def empty_rows(table: ParsedTable) -> pl.DataFrame:
    """Return a frame with the table's columns and no rows."""
    return pl.DataFrame(pl.from_arrow(table.contract.arrow_schema.empty_table()))
