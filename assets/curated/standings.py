"""Declaration of ``curated.standings``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.standings import describe_standings

STANDINGS = TableAsset(
    table="curated.standings",
    inputs={
        "driver_standings": Input("processed.jolpica__driver_standings"),
        "constructor_standings": Input("processed.jolpica__constructor_standings"),
    },
    compute=describe_standings,
)
