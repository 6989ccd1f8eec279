"""Processed tables by season: the two calendars, drivers and constructors."""

from __future__ import annotations

import polars as pl

from assets.calendars import SeasonCalendars
from assets.lineage import bytes_identity
from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import CALENDAR, CONSTRUCTORS, DRIVERS, SCHEDULE, ParsedTable
from assets.raw.documents import RawDocuments
from lake.lake import Lake
from sources.calendar_documents import read_schedule
from sources.jolpica_rows import read_calendar
from sources.jolpica_season_rows import read_constructors, read_drivers


def calendar_inputs(table: ParsedTable, documents: RawDocuments) -> dict[str, str]:
    """Return the identity of the documents that a calendar is read from."""
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


def stage_calendars(context: ProcessedStep) -> SeasonCalendars:
    """Stage the calendars where their documents have changed, and return them."""
    season = context.options.season
    calendars = read_calendars(context.lake, context.documents, season)
    for table, rows in ((SCHEDULE, calendars.schedule), (CALENDAR, calendars.jolpica)):
        inputs = calendar_inputs(table, context.documents)
        if context.is_needed(table, str(season), inputs):
            context.stage(table, str(season), rows, inputs)
    _stage_entrants(context, season)
    return calendars


def _stage_entrants(context: ProcessedStep, season: int) -> None:
    """Stage the season's drivers and constructors where their documents have changed."""
    for table, read in ((DRIVERS, read_drivers), (CONSTRUCTORS, read_constructors)):
        inputs = context.jolpica_inputs(table)
        if context.is_needed(table, str(season), inputs):
            found = context.documents.found("jolpica").filter(pl.col("topic").is_in(table.jolpica))
            pages = context.documents.responses("jolpica", found)
            context.stage(table, str(season), read(pages, season) if pages else empty_rows(table), inputs)


def _calendar(lake: Lake, documents: RawDocuments, season: int, table: ParsedTable) -> pl.DataFrame:
    inputs = calendar_inputs(table, documents)
    written = lake.ledger.newest(table.table, season)
    if (
        written is not None
        and dict(written.inputs) == inputs
        and written.logic_version == table.logic_version
    ):
        rows = lake.read(table.table, where={"season": season}, release=None)
        return pl.DataFrame(pl.from_arrow(rows))
    if table.calendar:
        found = documents.responses("calendar", documents.found("calendar", topic="calendar").tail(1))
        return read_schedule(found[0], season) if found else empty_rows(table)
    pages = documents.responses("jolpica", documents.found("jolpica", topic="calendar"))
    return read_calendar(pages, season) if pages else empty_rows(table)
