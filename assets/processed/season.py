"""Processed tables by season: the two calendars, drivers and constructors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from assets.calendars import SeasonCalendars
from assets.lineage import bytes_identity
from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import (
    CALENDAR,
    CONSTRUCTORS,
    DRIVERS,
    SCHEDULE,
    SEASON_TABLES,
    ParsedTable,
)
from assets.raw.documents import RawDocuments
from lake.lake import Lake
from sources.calendar_documents import read_schedule
from sources.jolpica_rows import read_calendar
from sources.jolpica_season_rows import read_constructors, read_drivers
from sources.responses import Response

_READERS: Mapping[str, Callable[[Sequence[Response], int], pl.DataFrame]] = {
    CALENDAR.table: read_calendar,
    DRIVERS.table: read_drivers,
    CONSTRUCTORS.table: read_constructors,
}
"""Table to the reader of Jolpica's documents."""


def season_inputs(table: ParsedTable, documents: RawDocuments) -> dict[str, str]:
    """Return the identities of the documents that a table of the season is read from."""
    if table.calendar:
        digests = documents.found("calendar", topic="calendar")["sha256"].to_list()
        return {"raw.f1schedule__responses@calendar": bytes_identity(digests[-1])} if digests else {}
    return {
        f"raw.jolpica__responses@{name}": bytes_identity(digest)
        for name, digest in documents.digests("jolpica", table.jolpica).items()
    }


def read_calendars(lake: Lake, documents: RawDocuments, season: int) -> SeasonCalendars:
    """Return the season's calendars: from the lake where their documents are unchanged, else read anew.

    Args:
        lake: The lake.
        documents: Current raw documents.
        season: Year.

    Raises:
        UnreadableDocumentError: If a calendar is there but cannot be read.
    """
    return SeasonCalendars(
        season, *(_calendar(lake, documents, season, table) for table in (SCHEDULE, CALENDAR))
    )


def stage_season(context: ProcessedStep) -> None:
    """Stage the season's calendars, drivers and constructors where their documents have changed.

    Raises:
        UnreadableDocumentError: If a document is there but cannot be read.
        AuditFailedError: If rows break a table's contract.
    """
    season, documents = context.options.season, context.documents
    for table in SEASON_TABLES:
        inputs = season_inputs(table, documents)
        if context.is_needed(table, str(season), inputs):
            context.stage(table, str(season), _read(documents, season, table), inputs)


def _calendar(lake: Lake, documents: RawDocuments, season: int, table: ParsedTable) -> pl.DataFrame:
    inputs = season_inputs(table, documents)
    written = lake.ledger.newest(table.table, season)
    if (
        written is not None
        and dict(written.inputs) == inputs
        and written.logic_version == table.logic_version
    ):
        rows = lake.read(table.table, where={"season": season}, release=None)
        return pl.DataFrame(pl.from_arrow(rows))
    return _read(documents, season, table)


def _read(documents: RawDocuments, season: int, table: ParsedTable) -> pl.DataFrame:
    """Return the rows of a table as its documents have them; none where there are no documents."""
    if table.calendar:
        found = documents.responses("calendar", documents.found("calendar", topic="calendar").tail(1))
        return read_schedule(found[0], season) if found else empty_rows(table)
    rows = documents.found("jolpica").filter(pl.col("topic").is_in(table.jolpica))
    pages = documents.responses("jolpica", rows)
    return _READERS[table.table](pages, season) if pages else empty_rows(table)
