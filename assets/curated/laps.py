"""Declaration of ``curated.laps``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.laps import classify_laps

LAPS = TableAsset(
    table="curated.laps",
    inputs={
        "laps": Input("processed.fastf1__laps"),
        "tyre_stints": Input("processed.fastf1__tyre_stints"),
        "driver_identities": Input("curated.driver_identities"),
    },
    compute=classify_laps,
)
