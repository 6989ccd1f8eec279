"""Processed tables by weekend: Jolpica's results, standings, laps and pit stops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import RESULT_TABLES
from racing.keys import session_key
from sources.jolpica_lap_rows import read_laps, read_pit_stops
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.jolpica_season_rows import read_constructor_standings, read_driver_standings
from sources.responses import Response

_READERS: Mapping[str, tuple[str | None, Callable[[Sequence[Response], str], pl.DataFrame]]] = {
    "results": ("R", read_results),
    "sprint": ("S", read_sprint_results),
    "qualifying": ("Q", read_qualifying_results),
    "driverstandings": (None, read_driver_standings),
    "constructorstandings": (None, read_constructor_standings),
    "laps": ("R", read_laps),
    "pitstops": ("R", read_pit_stops),
}
"""Topic to the session that its rows belong to (null for the weekend), and its reader."""


def stage_results(context: ProcessedStep) -> None:
    """Stage the results whose documents have changed.

    Raises:
        UnreadableDocumentError: If a document is there but cannot be read.
    """
    weekend_key = context.options.weekend_key
    for topic, table in RESULT_TABLES.items():
        inputs = context.jolpica_inputs(table)
        if not context.is_needed(table, weekend_key, inputs):
            continue
        code, read = _READERS[topic]
        found = context.documents.found("jolpica", topic=topic)
        pages = context.documents.responses("jolpica", found)
        key = session_key(weekend_key, code) if code else weekend_key
        rows = read(pages, key) if pages else empty_rows(table)
        context.stage(table, weekend_key, rows, inputs)
