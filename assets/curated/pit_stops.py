"""Declaration of ``curated.pit_stops``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.pit_stops import find_pit_stops

PIT_STOPS = TableAsset(
    table="curated.pit_stops",
    inputs={"laps": Input("curated.laps"), "stints": Input("curated.stints")},
    compute=find_pit_stops,
)
