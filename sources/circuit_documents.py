"""MultiViewer's documents of circuits: outline, corners, marshal posts, and what it says a stop costs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, cast

import orjson
import polars as pl

from racing.keys import season_of
from sources.errors import UnreadableDocumentError
from sources.responses import Response

_DM_PER_M = 10.0
_MARKS = (("CORNER", "corners"), ("MARSHAL_LIGHT", "marshalLights"), ("MARSHAL_SECTOR", "marshalSectors"))

CIRCUIT_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "circuit_id_f1": pl.Int32,
    "circuit_name": pl.String,
    "rotation_deg": pl.Float64,
    "outline_length_m": pl.Float64,
    "corners_count": pl.Int32,
    "marshal_sectors_count": pl.Int32,
    "pit_loss_s": pl.Float64,
    "pit_loss_safety_car_s": pl.Float64,
    "pit_loss_virtual_safety_car_s": pl.Float64,
    "outline_lap_session_name": pl.String,
    "outline_lap_car": pl.String,
    "outline_lap_time_ms": pl.Int64,
    "source_layer": pl.String,
    "response_sha256": pl.String,
}
"""Columns of ``processed.multiviewer__circuits``."""

MARK_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "mark_kind": pl.String,
    "mark_order": pl.Int32,
    "mark_number": pl.Int32,
    "mark_letter": pl.String,
    "x_dm": pl.Int32,
    "y_dm": pl.Int32,
    "angle_deg": pl.Float64,
    "distance_m": pl.Float64,
    "source_layer": pl.String,
    "response_sha256": pl.String,
}
"""Columns of ``processed.multiviewer__circuit_marks``."""

Document = Mapping[str, Any]


def read_circuit(response: Response, weekend_key: str) -> pl.DataFrame:
    """Return what a document says of the circuit as a whole. One row.

    The length is that of the closed outline, which is the path of a car: half a percent short of the official
    length, which is measured along the middle.

    Args:
        response: The document.
        weekend_key: Weekend it was asked for.

    Raises:
        UnreadableDocumentError: If it is not such a document.
    """
    document = _document(response)
    outline = _outline(document, response)
    lap, loss = document.get("candidateLap") or {}, document.get("pitLoss") or {}
    closing = math.dist(outline[0], outline[-1]) if outline else 0.0
    row = {
        **_keys(response, weekend_key),
        "circuit_id_f1": document.get("circuitKey"),
        "circuit_name": document.get("circuitName"),
        "rotation_deg": document.get("rotation"),
        "outline_length_m": (_along(outline)[-1] + closing) / _DM_PER_M if outline else None,
        "corners_count": len(document["corners"]),
        "marshal_sectors_count": len(document["marshalSectors"]),
        "pit_loss_s": _number(loss.get("normal")),
        "pit_loss_safety_car_s": _number(loss.get("sc")),
        "pit_loss_virtual_safety_car_s": _number(loss.get("vsc")),
        "outline_lap_session_name": lap.get("session"),
        "outline_lap_car": lap.get("driverNumber"),
        "outline_lap_time_ms": None if lap.get("lapTime") is None else round(lap["lapTime"] * 1000),
    }
    return pl.DataFrame([row], schema=CIRCUIT_SCHEMA, strict=False)


def read_circuit_marks(response: Response, weekend_key: str) -> pl.DataFrame:
    """Return the outline of a circuit, its corners and marshal posts. One row per mark.

    Args:
        response: The document.
        weekend_key: Weekend it was asked for.

    Returns:
        Kind, order, number and letter; the place in tenths of a metre, in the coordinates of the position
        data; and the distance along the outline from its first point, near the finishing line.

    Raises:
        UnreadableDocumentError: If it is not such a document.
    """
    document = _document(response)
    keys = _keys(response, weekend_key)
    try:
        rows = [{**keys, **mark} for mark in _marks(document)]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableDocumentError(
            f"{response.url}: a corner or marshal post cannot be read: {error!r}. Fetch it again"
        ) from error
    outline = _outline(document, response)
    for order, ((x, y), distance) in enumerate(zip(outline, _along(outline), strict=True), start=1):
        place = {"x_dm": round(x), "y_dm": round(y), "distance_m": distance / _DM_PER_M}
        rows.append({**keys, "mark_kind": "OUTLINE", "mark_order": order, **place})
    return pl.DataFrame(rows, schema=MARK_SCHEMA, strict=False)


def _marks(document: Document) -> Iterator[dict[str, Any]]:
    for kind, name in _MARKS:
        for order, mark in enumerate(document[name], start=1):
            place, length = mark["trackPosition"], mark.get("length")
            yield {
                "mark_kind": kind,
                "mark_order": order,
                "mark_number": mark.get("number"),
                "mark_letter": mark.get("letter") or None,
                "x_dm": round(place["x"]),
                "y_dm": round(place["y"]),
                "angle_deg": mark.get("angle"),
                "distance_m": None if length is None else length / _DM_PER_M,
            }


def _document(response: Response) -> Document:
    try:
        document = orjson.loads(response.body)
        missing = [name for _, name in _MARKS if not isinstance(document[name], list)]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise UnreadableDocumentError(
            f"{response.url} ({len(response.body)} bytes) is no circuit's document: {error!r}. Fetch it again"
        ) from error
    if missing:
        raise UnreadableDocumentError(f"{response.url}: {', '.join(missing)} is no list. Fetch it again")
    return cast("Document", document)


def _outline(document: Document, response: Response) -> list[tuple[float, float]]:
    try:
        return list(zip(document.get("x") or [], document.get("y") or [], strict=True))
    except ValueError as error:
        raise UnreadableDocumentError(
            f"{response.url}: the outline has more x than y, or fewer. Fetch it again"
        ) from error


def _along(outline: list[tuple[float, float]]) -> list[float]:
    """Return the distance of each point from the first, along the outline."""
    steps = (math.dist(one, other) for one, other in itertools.pairwise(outline))
    return list(itertools.accumulate(steps, initial=0.0)) if outline else []


def _number(value: str | float | None) -> float | None:
    return None if value is None or value == "" else float(value)


def _keys(response: Response, weekend_key: str) -> dict[str, Any]:
    return {
        "season": season_of(weekend_key),
        "weekend_key": weekend_key,
        "source_layer": response.layer_kind,
        "response_sha256": response.sha256,
    }
