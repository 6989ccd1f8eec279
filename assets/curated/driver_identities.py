"""Declaration of ``curated.driver_identities``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.identities import resolve_drivers

DRIVER_IDENTITIES = TableAsset(
    table="curated.driver_identities",
    inputs={
        "session_drivers": Input("processed.fastf1__session_drivers"),
        "laps": Input("processed.fastf1__laps"),
        "results": Input("processed.jolpica__results"),
        "sprint_results": Input("processed.jolpica__sprint_results"),
        "qualifying_results": Input("processed.jolpica__qualifying_results"),
        "season_drivers": Input("processed.jolpica__drivers"),
        "season_constructors": Input("processed.jolpica__constructors"),
    },
    compute=resolve_drivers,
    logic_version=2,
    takes_scope=True,
)
