"""Contract of ``processed.fastf1__weather``: weather at the circuit."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import FASTF1_PROVENANCE, SESSION_COLUMNS

PROCESSED_FASTF1__WEATHER = TableContract(
    name="processed.fastf1__weather",
    description="Weather station samples, about one a minute. One row per session and sample.",
    columns=(
        *SESSION_COLUMNS,
        Column("sample_number", "int32", "Sample in the session, counted from 1.", nullable=False),
        Column("session_time_ms", "int64", "Session clock of the sample.", nullable=False),
        Column("air_temperature_degc", "float64", "Air temperature."),
        Column("track_temperature_degc", "float64", "Track temperature."),
        Column("humidity_pct", "float64", "Relative humidity."),
        Column("pressure_hpa", "float64", "Air pressure at the circuit."),
        Column("is_raining", "bool", "Whether rain was falling."),
        Column("wind_speed_mps", "float64", "Wind speed."),
        Column("wind_direction_deg", "float64", "Direction the wind comes from, 0 to 360."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "sample_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "sample_number"),
)
