"""Contract of ``processed.live_timing__car_telemetry``: car telemetry."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.telemetry_columns import LINE_NUMBER, SAMPLE_COLUMNS

PROCESSED_LIVE_TIMING__CAR_TELEMETRY = TableContract(
    name="processed.live_timing__car_telemetry",
    description="Speed, engine, gear, pedals and DRS of every car, about four samples a second. One row per session, car and sample.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        *SAMPLE_COLUMNS,
        Column("speed_kph", "int32", "Speed."),
        Column("engine_rpm", "int32", "Engine speed."),
        Column("gear", "int32", "Gear; 0 is neutral."),
        Column("throttle_pct", "int32", "Throttle; null where the feed sends 104, which means no data."),
        Column("is_braking", "bool", "Brake pedal; null where the feed sends 104, which means no data."),
        Column(
            "drs_code", "int32", "The feed's DRS code: 8 available, 10 12 14 open; others closed or unknown."
        ),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "car_number", "sample_number"),
    scope=Scope.SESSION,
    partition_by=("session_key",),
    sort_by=("car_number", "sample_number"),
)
