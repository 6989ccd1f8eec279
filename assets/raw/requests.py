"""What asking for each document gave, as rows of ``raw.requests``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import polars as pl

from lake.tables.raw_requests import RAW_REQUESTS
from sources.fetch_documents import NO_LAYER, Fetched
from sources.fetch_sessions import NOT_LISTED, NOT_PARSED, NOT_STARTED, SESSION_TOPIC

_COMPARED = ("outcome", "reason", "is_required", "byte_count", "layer")


def request_rows(fetched: Iterable[Fetched], weekend_key: str, asked_at: dt.datetime) -> pl.DataFrame:
    """Return the rows of a fetch. One row per address asked.

    Args:
        fetched: Answers of a weekend's documents.
        weekend_key: The weekend.
        asked_at: When the fetch began.
    """
    rows: dict[str, dict[str, Any]] = {}
    for answer in fetched:
        row = _row(answer, weekend_key, asked_at)
        rows.setdefault(row["url"], row)
    schema = pl.DataFrame(pl.from_arrow(RAW_REQUESTS.arrow_schema.empty_table())).schema
    return pl.DataFrame(list(rows.values()), schema=schema)


def changed_requests(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose outcome differs from the newest stored one of their address.

    Args:
        rows: ``request_rows``.
        stored: ``raw.requests`` of the weekend.
    """
    newest = stored.sort("asked_at").unique("url", keep="last")
    same = rows.join(newest, on=["url", *_COMPARED], how="semi", nulls_equal=True)
    return rows.join(same, on="url", how="anti")


def _row(answer: Fetched, weekend_key: str, asked_at: dt.datetime) -> dict[str, Any]:
    request, response = answer.request, answer.response
    is_found = response is not None and response.is_found
    layer = response.layer_kind if response is not None else (answer.parsed_layer or "").partition(":")[0]
    return {
        "season": request.season,
        "weekend_key": weekend_key,
        "session_key": request.session_key,
        "topic": request.topic,
        "url": response.url if is_found and response is not None else request.url,
        "outcome": _outcome(answer),
        "reason": answer.reason,
        "is_required": request.required,
        "byte_count": len(response.body) if is_found and response is not None else None,
        "layer": layer or None,
        "asked_at": asked_at,
    }


def _outcome(answer: Fetched) -> str:
    if answer.parsed_folder is not None:
        return "imported"
    if answer.response is not None:
        return "found" if answer.response.is_found else "not_found"
    if answer.reason is not None and answer.reason == answer.request.not_kept:
        return "not_kept"
    if answer.reason == NO_LAYER:
        return "no_layer"
    if answer.request.topic == SESSION_TOPIC:
        return "not_held" if answer.reason == NOT_STARTED else "no_layer"
    return "not_found" if answer.reason in (NOT_LISTED, NOT_PARSED) else "refused"
