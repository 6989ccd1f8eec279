"""Declaration of ``curated.stints``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.stints import split_into_stints

STINTS = TableAsset(
    table="curated.stints",
    inputs={
        "laps": Input("curated.laps"),
        "session_status": Input("processed.fastf1__session_status"),
        "tyre_stints": Input("processed.fastf1__tyre_stints"),
    },
    compute=split_into_stints,
    logic_version=2,
)
