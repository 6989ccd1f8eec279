"""Declaration of ``curated.laps``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.laps import reconcile_laps

LAPS = TableAsset(
    table="curated.laps",
    inputs={
        "laps": Input("processed.fastf1__laps"),
        "tyre_stints": Input("processed.fastf1__tyre_stints"),
        "driver_identities": Input("curated.driver_identities"),
        "jolpica_laps": Input("processed.jolpica__laps"),
        "jolpica_pit_stops": Input("processed.jolpica__pit_stops"),
    },
    compute=reconcile_laps,
    takes_scope=True,
    logic_version=2,
)
