"""Declaration of ``curated.weekends``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.weekends import match_weekends

WEEKENDS = TableAsset(
    table="curated.weekends",
    inputs={
        "schedule": Input("processed.f1schedule__sessions"),
        "jolpica_calendar": Input("processed.jolpica__calendar"),
        "timing_sessions": Input("processed.fastf1__sessions"),
    },
    compute=match_weekends,
)
