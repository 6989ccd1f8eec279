"""Processed tables by weekend: Jolpica's results of the race, the sprint and qualifying."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from assets.processed.context import ProcessedStep, empty_rows
from assets.processed.declarations import RESULT_TABLES
from racing.keys import session_key
from sources.jolpica_rows import read_qualifying_results, read_results, read_sprint_results
from sources.responses import Response

_READERS: Mapping[str, tuple[str, Callable[[Sequence[Response], str], pl.DataFrame]]] = {
    "results": ("R", read_results),
    "sprint": ("S", read_sprint_results),
    "qualifying": ("Q", read_qualifying_results),
}


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
        rows = read(pages, session_key(weekend_key, code)) if pages else empty_rows(table)
        context.stage(table, weekend_key, rows, inputs)
