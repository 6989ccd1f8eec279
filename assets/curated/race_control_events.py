"""Declaration of ``curated.race_control_events``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.race_control_events import type_race_control_messages

RACE_CONTROL_EVENTS = TableAsset(
    table="curated.race_control_events",
    inputs={
        "race_control_messages": Input("processed.fastf1__race_control_messages"),
        "driver_identities": Input("curated.driver_identities"),
    },
    compute=type_race_control_messages,
    logic_version=2,
)
