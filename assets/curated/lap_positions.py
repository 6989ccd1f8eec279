"""Declaration of ``curated.lap_positions``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.lap_chart import chart_lap_positions

LAP_POSITIONS = TableAsset(
    table="curated.lap_positions",
    inputs={
        "laps": Input("curated.laps"),
        "lap_positions": Input("processed.live_timing__lap_positions"),
        "results": Input("curated.results"),
    },
    compute=chart_lap_positions,
    takes_scope=True,
)
