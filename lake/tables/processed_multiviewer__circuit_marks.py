"""Contract of ``processed.multiviewer__circuit_marks``: corners, marshal posts and outline of circuits."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE, WEEKEND_KEY

PROCESSED_MULTIVIEWER__CIRCUIT_MARKS = TableContract(
    name="processed.multiviewer__circuit_marks",
    description="Corners, marshal lights, marshal sectors and points of the outline of a weekend's circuit, in the coordinates of the position data. One row per weekend, kind and mark.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        Column(
            "mark_kind",
            "string",
            "CORNER, MARSHAL_LIGHT, MARSHAL_SECTOR (its beginning) or OUTLINE.",
            nullable=False,
            values=("CORNER", "MARSHAL_LIGHT", "MARSHAL_SECTOR", "OUTLINE"),
        ),
        Column(
            "mark_order", "int32", "Place in the source's list of the kind, counted from 1.", nullable=False
        ),
        Column("mark_number", "int32", "Number of the corner or post; null for the outline."),
        Column("mark_letter", "string", "Letter after the number, as in corner 9A; null without one."),
        Column("x_dm", "int32", "East of the circuit's own origin, in tenths of a metre."),
        Column("y_dm", "int32", "North of the circuit's own origin, in tenths of a metre."),
        Column("angle_deg", "float64", "Direction in which the source writes the number beside the track."),
        Column(
            "distance_m",
            "float64",
            "Distance along the outline from its first point, which lies near the finishing line.",
        ),
        *SOURCE_PROVENANCE,
    ),
    key=("weekend_key", "mark_kind", "mark_order"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key", "mark_kind", "mark_order"),
)
