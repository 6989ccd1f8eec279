"""What is measured of a circuit: the columns that processed and curated circuits share."""

from __future__ import annotations

from lake.contracts import Column

CIRCUIT_MEASURES = (
    Column(
        "circuit_id_f1", "int32", "The feed's key of the circuit; null where no circuit document was read."
    ),
    Column(
        "rotation_deg", "float64", "Angle by which MultiViewer turns its map of the circuit; null likewise."
    ),
    Column(
        "outline_length_m",
        "float64",
        "Length of the outline, which is the path of a car: some half a percent short of the official length.",
    ),
    Column("corners_count", "int32", "Corners; null where no circuit document was read."),
    Column("marshal_sectors_count", "int32", "Marshal sectors; null likewise."),
    Column("pit_loss_s", "float64", "MultiViewer's estimate of what a stop costs; null where it has none."),
    Column("pit_loss_safety_car_s", "float64", "The same behind a safety car."),
    Column("pit_loss_virtual_safety_car_s", "float64", "The same under a virtual safety car."),
)
"""Columns of a circuit's measures."""
