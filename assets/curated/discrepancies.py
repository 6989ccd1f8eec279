"""Declaration of ``curated.discrepancies``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.discrepancies import compare_sources

DISCREPANCIES = TableAsset(
    table="curated.discrepancies",
    inputs={
        "laps": Input("curated.laps"),
        "jolpica_results": Input("processed.jolpica__results"),
        "jolpica_sprint_results": Input("processed.jolpica__sprint_results"),
        "jolpica_qualifying_results": Input("processed.jolpica__qualifying_results"),
        "race_control_messages": Input("processed.fastf1__race_control_messages"),
        "track_status": Input("processed.fastf1__track_status"),
        "session_status": Input("processed.fastf1__session_status"),
    },
    compute=compare_sources,
    takes_scope=True,
    logic_version=2,
)
