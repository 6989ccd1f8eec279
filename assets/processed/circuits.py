"""Processed tables by weekend: the circuit as MultiViewer's document describes it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from assets.lineage import bytes_identity
from assets.processed.context import ProcessedStep
from assets.processed.declarations import CIRCUIT, CIRCUIT_MARKS, ParsedTable
from sources.circuit_documents import read_circuit, read_circuit_marks
from sources.responses import Response

_READERS: tuple[tuple[ParsedTable, Callable[[Response, str], pl.DataFrame]], ...] = (
    (CIRCUIT, read_circuit),
    (CIRCUIT_MARKS, read_circuit_marks),
)


def stage_circuit(context: ProcessedStep) -> None:
    """Stage the circuit where its document has changed; nothing where the weekend has none.

    Raises:
        UnreadableDocumentError: If the document is there but cannot be read.
    """
    weekend_key = context.options.weekend_key
    index = context.documents.found("circuit", topic="circuit")
    found = index.filter(pl.col("weekend_key") == weekend_key).tail(1)
    if found.is_empty():
        return
    inputs = {"raw.multiviewer__responses@circuit": bytes_identity(found["sha256"][0])}
    needed = [pair for pair in _READERS if context.is_needed(pair[0], weekend_key, inputs)]
    if not needed:
        return
    (response,) = context.documents.responses("circuit", found)
    for table, read in needed:
        context.stage(table, weekend_key, read(response, weekend_key), inputs)
