"""Declaration of ``curated.sessions``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.sessions import describe_sessions

SESSIONS = TableAsset(
    table="curated.sessions",
    inputs={
        "weekends": Input("curated.weekends"),
        "schedule": Input("processed.f1schedule__sessions"),
        "jolpica_calendar": Input("processed.jolpica__calendar"),
        "timing_sessions": Input("processed.fastf1__sessions"),
        "laps": Input("processed.fastf1__laps", is_counted=True),
        "car_telemetry": Input("processed.live_timing__car_telemetry", is_counted=True),
        "results": Input("processed.jolpica__results"),
        "sprint_results": Input("processed.jolpica__sprint_results"),
        "qualifying_results": Input("processed.jolpica__qualifying_results"),
    },
    compute=describe_sessions,
    logic_version=2,
)
