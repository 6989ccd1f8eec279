"""Declaration of ``curated.results``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.results import classify_entries

RESULTS = TableAsset(
    table="curated.results",
    inputs={
        "results": Input("processed.jolpica__results"),
        "sprint_results": Input("processed.jolpica__sprint_results"),
        "qualifying_results": Input("processed.jolpica__qualifying_results"),
        "driver_identities": Input("curated.driver_identities"),
        "laps": Input("curated.laps"),
        "session_status": Input("processed.fastf1__session_status"),
    },
    compute=classify_entries,
    takes_scope=True,
)
