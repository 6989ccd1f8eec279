"""Responses to rows of the raw tables, and rows back to responses, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from lake.tables.raw_responses import RESPONSE_COLUMNS
from racing.coverage import EMPTY_BYTES
from sources.documents import DocumentRequest
from sources.responses import Response

RAW_TABLES: Mapping[str, str] = {
    "live_timing": "raw.live_timing__responses",
    "jolpica": "raw.jolpica__responses",
    "calendar": "raw.f1schedule__responses",
    "circuit": "raw.multiviewer__responses",
}
"""Kind of a document to the raw table that keeps it."""

_POLARS: Mapping[str, Any] = {
    "int32": pl.Int32,
    "int64": pl.Int64,
    "string": pl.String,
    "json": pl.String,
    "binary": pl.Binary,
    "timestamp": pl.Datetime("us", "UTC"),
}

SCHEMA: dict[str, Any] = {column.name: _POLARS[column.type] for column in RESPONSE_COLUMNS}
"""Columns and polars types of every raw table."""


def response_rows(
    answers: Iterable[tuple[DocumentRequest, Response]], asked_at: dt.datetime
) -> dict[str, pl.DataFrame]:
    """Return raw table name to the rows of the responses that belong there. One row per response.

    Args:
        answers: Each document and its response.
        asked_at: When they were asked for. A response of a local layer counts as received then: the age
            of a file says nothing about which of two versions came to us last.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for request, response in answers:
        rows.setdefault(RAW_TABLES[request.kind], []).append(_row(request, response, asked_at))
    return {table: pl.DataFrame(found, schema=SCHEMA) for table, found in rows.items()}


def _row(request: DocumentRequest, response: Response, asked_at: dt.datetime) -> dict[str, Any]:
    return {
        "season": request.season,
        "weekend_key": request.weekend_key,
        "session_key": request.session_key,
        "topic": request.topic,
        "url": response.url,
        "http_status": response.status,
        "headers": json.dumps(dict(response.headers), sort_keys=True),
        "body": response.body,
        "byte_count": len(response.body),
        "sha256": response.sha256,
        "fetched_at": response.fetched_at if response.layer_kind == "online" else asked_at,
        "channel": response.channel,
        "layer": response.layer_kind,
    }


def to_response(row: Mapping[str, Any]) -> Response:
    """Return the response that a raw row keeps.

    Args:
        row: One row of a raw table, body included.
    """
    return Response(
        url=row["url"],
        status=row["http_status"],
        headers=json.loads(row["headers"]),
        body=row["body"],
        fetched_at=row["fetched_at"],
        layer=row["layer"],
        channel=row["channel"],
    )


def current_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each address: what the raw zone calls current.

    Args:
        rows: Rows of a raw table, with or without ``body``.
    """
    return rows.sort("fetched_at").unique("url", keep="last", maintain_order=True)


def content_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each address; an answer without content gives way to the last that had some.

    An upstream that answers with nothing where there was something has lost it: what it sent before stands.

    Args:
        rows: Rows of a raw table, with or without ``body``.
    """
    newest = current_rows(rows)
    emptied = newest.filter(is_without_content())["url"].to_list()
    held = rows.filter(pl.col("url").is_in(emptied) & (pl.col("http_status") == 200) & ~is_without_content())
    earlier = current_rows(held)
    return pl.concat([newest.join(earlier, on="url", how="anti"), earlier]).sort("fetched_at")


def is_without_content() -> pl.Expr:
    """Return whether a row is an answer that holds nothing but a byte order mark at most."""
    return (pl.col("http_status") == 200) & (pl.col("byte_count") <= EMPTY_BYTES)


def found_documents(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the current rows that hold a document, the newest where several addresses gave the same one.

    Args:
        rows: Rows of a raw table, with or without ``body``.
    """
    found = current_rows(rows).filter(pl.col("http_status") == 200)
    return found.sort("fetched_at").unique(["session_key", "topic", "url"], keep="last", maintain_order=True)
