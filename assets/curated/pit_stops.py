"""Declaration of ``curated.pit_stops``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.pit_stops import reconcile_pit_stops

PIT_STOPS = TableAsset(
    table="curated.pit_stops",
    inputs={
        "laps": Input("curated.laps"),
        "stints": Input("curated.stints"),
        "jolpica_pit_stops": Input("processed.jolpica__pit_stops"),
        "driver_identities": Input("curated.driver_identities"),
    },
    compute=reconcile_pit_stops,
    takes_scope=True,
    logic_version=2,
)
