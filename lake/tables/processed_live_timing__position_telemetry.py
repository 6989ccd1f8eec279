"""Contract of ``processed.live_timing__position_telemetry``: position telemetry."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.telemetry_columns import LINE_NUMBER, SAMPLE_COLUMNS

PROCESSED_LIVE_TIMING__POSITION_TELEMETRY = TableContract(
    name="processed.live_timing__position_telemetry",
    description="Place of every car on the circuit, about four samples a second. One row per session, car and sample.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        *SAMPLE_COLUMNS,
        Column("is_on_track", "bool", "Whether the feed calls the car OnTrack."),
        Column("x_dm", "int32", "East of the circuit's own origin, in tenths of a metre."),
        Column("y_dm", "int32", "North of the circuit's own origin, in tenths of a metre."),
        Column("z_dm", "int32", "Height above the circuit's own origin, in tenths of a metre."),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "car_number", "sample_number"),
    scope=Scope.SESSION,
    partition_by=("session_key",),
    sort_by=("car_number", "sample_number"),
)
