"""Circuit documents: measures, corners and marshal posts, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.circuit_documents import CIRCUIT_SCHEMA, MARK_SCHEMA, read_circuit, read_circuit_marks
from sources.errors import UnreadableDocumentError
from sources.responses import CIRCUIT_URL, Response

SQUARE = {
    "circuitKey": 7,
    "circuitName": "Square",
    "rotation": 95,
    "x": [0, 1000, 1000, 0],
    "y": [0, 0, 1000, 1000],
    "corners": [
        {"number": 1, "angle": 90.5, "length": 1000.4, "trackPosition": {"x": 1000.4, "y": 0}},
        {"number": 1, "letter": "A", "length": 2000, "trackPosition": {"x": 1000, "y": 999.6}},
    ],
    "marshalLights": [],
    "marshalSectors": [{"number": 1, "length": 0, "trackPosition": {"x": 0, "y": 0}}],
    "pitLoss": {"normal": "25.43", "sc": None, "vsc": ""},
}


def response(document: Any) -> Response:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Response(
        f"{CIRCUIT_URL}/7/2024", 200, {}, body, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "mirror:/x"
    )


def test_length_is_that_of_the_closed_outline() -> None:
    row = read_circuit(response(SQUARE), "2024-08")
    assert row.schema == CIRCUIT_SCHEMA
    values = row.to_dicts()[0]
    assert values["outline_length_m"] == 400.0
    assert (values["corners_count"], values["marshal_sectors_count"]) == (2, 1)
    assert (values["pit_loss_s"], values["pit_loss_safety_car_s"]) == (25.43, None)
    assert values["pit_loss_virtual_safety_car_s"] is None
    assert values["outline_lap_time_ms"] is None


def test_marks_have_place_and_distance_in_the_order_of_the_source() -> None:
    rows = read_circuit_marks(response(SQUARE), "2024-08")
    assert rows.schema == MARK_SCHEMA
    corners = rows.filter(pl.col("mark_kind") == "CORNER")
    names = ("mark_order", "mark_number", "mark_letter", "x_dm", "y_dm", "angle_deg", "distance_m")
    assert corners.select(names).rows() == [
        (1, 1, None, 1000, 0, 90.5, pytest.approx(100.04)),
        (2, 1, "A", 1000, 1000, None, 200.0),
    ]
    outline = rows.filter(pl.col("mark_kind") == "OUTLINE")
    assert outline["distance_m"].to_list() == [0.0, 100.0, 200.0, 300.0]


def test_circuit_without_an_outline_has_no_length() -> None:
    bare = response(SQUARE | {"x": [], "y": []})
    assert read_circuit(bare, "2024-08")["outline_length_m"].to_list() == [None]
    assert set(read_circuit_marks(bare, "2024-08")["mark_kind"]) == {"CORNER", "MARSHAL_SECTOR"}


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b"<html>", "no circuit's document"),
        ({"x": []}, "no circuit's document"),
        (SQUARE | {"corners": None}, "corners is no list"),
        (SQUARE | {"x": [1]}, "more x than y"),
        (SQUARE | {"corners": [{"number": 1}]}, "cannot be read"),
    ],
)
def test_what_is_no_circuit_is_refused_with_its_address(document: Any, what: str) -> None:
    with pytest.raises(UnreadableDocumentError, match=f"circuits/7/2024.*{what}"):
        read_circuit_marks(response(document), "2024-08")


def test_monza_is_as_long_as_it_is_known_to_be(test_data: Path) -> None:
    path = test_data / "mirror" / "api.multiviewer.app" / "api" / "v1" / "circuits" / "39" / "2020"
    monza = response(path.read_bytes())
    values = read_circuit(monza, "2020-08").to_dicts()[0]
    assert values["outline_length_m"] == pytest.approx(5793, rel=0.01)
    assert (values["corners_count"], values["marshal_sectors_count"]) == (11, 17)
    corners = read_circuit_marks(monza, "2020-08").filter(pl.col("mark_kind") == "CORNER")
    assert corners["distance_m"].is_sorted()
    assert corners["distance_m"].max() < values["outline_length_m"]  # type: ignore[operator]
