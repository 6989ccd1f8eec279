"""Contract of ``processed.jolpica__pit_stops``: pit stops of races without live timing."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SESSION_COLUMNS, SOURCE_PROVENANCE

PROCESSED_JOLPICA__PIT_STOPS = TableContract(
    name="processed.jolpica__pit_stops",
    description="Pit stops of a race as Jolpica has them, from 2011 on; asked for where there is no live timing. One row per session, driver and stop.",
    columns=(
        *SESSION_COLUMNS,
        Column("driver_id_jolpica", "string", "Jolpica's driverId.", nullable=False),
        Column("stop_number", "int32", "Stop of the driver, counted from 1.", nullable=False),
        Column("lap_number", "int32", "Lap in which the car entered the pits.", nullable=False),
        Column("local_time", "string", "Local time of day at pit entry, as Jolpica writes it."),
        Column("pit_lane_time_ms", "int64", "Time from pit entry to pit exit."),
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "driver_id_jolpica", "stop_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "driver_id_jolpica", "stop_number"),
)
