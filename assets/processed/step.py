"""The processed step of one weekend: calendars, results, circuit, sessions; from raw, in one commit."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace

from assets.processed.circuits import stage_circuit
from assets.processed.context import ProcessedStep
from assets.processed.declarations import PROCESSED, SEASON_TABLES
from assets.processed.results import stage_results
from assets.processed.season import read_calendars, stage_season
from assets.processed.sessions import stage_session
from assets.raw.documents import RawDocuments
from assets.reports import StepReport, report_tables, weekend_pieces
from assets.run_options import RunOptions
from lake.lake import Lake
from sources.open_source import Source


def compute_processed(
    lake: Lake, options: RunOptions, source: Source | None, selected: Collection[str] | None = None
) -> StepReport:
    """Parse what the raw zone holds of a weekend and commit it.

    Args:
        lake: The lake.
        options: The run's options.
        source: Where parsed files of a FastF1 cache come from; null reads the raw zone alone.
        selected: Names of the tables to compute; null computes all.

    Returns:
        What became of each table.

    Raises:
        UnknownWeekendError: If the season's calendar has no such weekend.
        UnreadableSessionError: If a topic is there but cannot be read; nothing is committed.
        AuditFailedError: If rows break their contract; nothing is committed.
    """
    names = [table.table for table in PROCESSED if selected is None or table.table in selected]
    with ExitStack() as locks, options.step(lake, "processed") as step:
        documents = RawDocuments(lake, options.weekend_key)
        context = ProcessedStep(lake, options, step, documents, source, selected)
        calendars = read_calendars(lake, documents, options.season)
        weekend = calendars.weekend(options.weekend_key)
        stage_results(context)
        stage_circuit(context)
        for session in weekend.sessions:
            if options.wants(session.session_key):
                stage_session(context, calendars, session)
        # Last, so that weekends of one season wait for each other's commits only, and from documents looked
        # up under the lock: another process may have fetched newer ones meanwhile.
        for table in SEASON_TABLES:
            if table.table in names and not options.is_asking:
                locks.enter_context(lake.scope_lock(table.table, str(options.season)))
        stage_season(replace(context, documents=RawDocuments(lake, options.weekend_key)))
        outcome = step.commit()
    pieces = weekend_pieces(lake.ledger, names, options.weekend_key)
    reports = report_tables(names, pieces, outcome, context.previews)
    return StepReport("processed", reports, outcome.release_id, tuple(context.notes))
