"""Contract of ``processed.jolpica__laps``: laps of races without live timing."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import LAP_NUMBER, SESSION_COLUMNS, SOURCE_PROVENANCE

PROCESSED_JOLPICA__LAPS = TableContract(
    name="processed.jolpica__laps",
    description="Laps of a race as Jolpica has them, from 1996 on; asked for where there is no live timing. One row per session, driver and lap.",
    columns=(
        *SESSION_COLUMNS,
        Column("driver_id_jolpica", "string", "Jolpica's driverId.", nullable=False),
        LAP_NUMBER,
        Column("position", "int32", "Position at the end of the lap."),
        Column("lap_time_ms", "int64", "Lap time; null where the document has none."),
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "driver_id_jolpica", "lap_number"),
    scope=Scope.WEEKEND,
    partition_by=("season",),
    sort_by=("session_key", "driver_id_jolpica", "lap_number"),
)
