"""Contract of ``processed.multiviewer__circuits``: circuits as MultiViewer measured them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.circuit_columns import CIRCUIT_MEASURES
from lake.tables.columns import SEASON, SOURCE_PROVENANCE, WEEKEND_KEY

PROCESSED_MULTIVIEWER__CIRCUITS = TableContract(
    name="processed.multiviewer__circuits",
    description="The circuit of a weekend as MultiViewer measured it on a lap; only weekends with live timing have one. One row per weekend.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        *CIRCUIT_MEASURES,
        Column("circuit_name", "string", "Name of the circuit."),
        Column("outline_lap_session_name", "string", "Session of the lap that the outline was taken from."),
        Column("outline_lap_car", "string", "Number on the car of that lap, as text."),
        Column("outline_lap_time_ms", "int64", "Time of that lap."),
        *SOURCE_PROVENANCE,
    ),
    key=("weekend_key",),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("weekend_key",),
)
