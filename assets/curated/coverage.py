"""Declaration of ``curated.coverage``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.coverage import describe_coverage

COVERAGE = TableAsset(
    table="curated.coverage",
    inputs={
        "requests": Input("raw.requests"),
        "unreadable_lines": Input("processed.live_timing__unreadable_lines"),
        "status_changes": Input("processed.fastf1__session_status"),
        "timing_updates": Input(
            "processed.live_timing__timing_stream", columns=("session_key", "session_time_ms")
        ),
        "lap_ends": Input("processed.fastf1__laps"),
        "stint_ends": Input("processed.fastf1__tyre_stints"),
        "laps": Input("processed.fastf1__laps", is_counted=True),
        "tyre_stints": Input("processed.fastf1__tyre_stints", is_counted=True),
        "timing_sessions": Input("processed.fastf1__sessions", is_counted=True),
        "session_drivers": Input("processed.fastf1__session_drivers", is_counted=True),
        "weather": Input("processed.fastf1__weather", is_counted=True),
        "race_control_messages": Input("processed.fastf1__race_control_messages", is_counted=True),
        "track_status": Input("processed.fastf1__track_status", is_counted=True),
        "session_status": Input("processed.fastf1__session_status", is_counted=True),
        "car_telemetry": Input("processed.live_timing__car_telemetry", is_counted=True),
        "position_telemetry": Input("processed.live_timing__position_telemetry", is_counted=True),
        "lap_positions": Input("processed.live_timing__lap_positions", is_counted=True),
        "team_radio": Input("processed.live_timing__team_radio", is_counted=True),
        "championship_prediction": Input("processed.live_timing__championship_prediction", is_counted=True),
        "results": Input("processed.jolpica__results"),
        "sprint_results": Input("processed.jolpica__sprint_results"),
        "qualifying_results": Input("processed.jolpica__qualifying_results"),
        "driver_standings": Input("processed.jolpica__driver_standings"),
        "constructor_standings": Input("processed.jolpica__constructor_standings"),
        "jolpica_laps": Input("processed.jolpica__laps", columns=("session_key",)),
        "jolpica_pit_stops": Input("processed.jolpica__pit_stops", columns=("session_key",)),
    },
    compute=describe_coverage,
    logic_version=5,
)
