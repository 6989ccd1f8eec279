"""All table contracts, by name, in the order data flows."""

from __future__ import annotations

from lake.contracts import TableContract
from lake.tables.curated_circuits import CURATED_CIRCUITS
from lake.tables.curated_coverage import CURATED_COVERAGE
from lake.tables.curated_discrepancies import CURATED_DISCREPANCIES
from lake.tables.curated_driver_identities import CURATED_DRIVER_IDENTITIES
from lake.tables.curated_lap_positions import CURATED_LAP_POSITIONS
from lake.tables.curated_laps import CURATED_LAPS
from lake.tables.curated_pit_stops import CURATED_PIT_STOPS
from lake.tables.curated_race_control_events import CURATED_RACE_CONTROL_EVENTS
from lake.tables.curated_results import CURATED_RESULTS
from lake.tables.curated_sessions import CURATED_SESSIONS
from lake.tables.curated_standings import CURATED_STANDINGS
from lake.tables.curated_stints import CURATED_STINTS
from lake.tables.curated_tyre_sets import CURATED_TYRE_SETS
from lake.tables.curated_weekends import CURATED_WEEKENDS
from lake.tables.lake_releases import LAKE_RELEASES
from lake.tables.lake_writes import LAKE_WRITES
from lake.tables.marts_dim_circuit import MARTS_DIM_CIRCUIT
from lake.tables.marts_dim_driver import MARTS_DIM_DRIVER
from lake.tables.marts_dim_season_coverage import MARTS_DIM_SEASON_COVERAGE
from lake.tables.marts_dim_session import MARTS_DIM_SESSION
from lake.tables.marts_dim_team import MARTS_DIM_TEAM
from lake.tables.marts_dim_weekend import MARTS_DIM_WEEKEND
from lake.tables.marts_fct_driver_season import MARTS_FCT_DRIVER_SEASON
from lake.tables.marts_fct_driver_weekend import MARTS_FCT_DRIVER_WEEKEND
from lake.tables.marts_fct_lap import MARTS_FCT_LAP
from lake.tables.marts_fct_pit_stop import MARTS_FCT_PIT_STOP
from lake.tables.marts_fct_session_result import MARTS_FCT_SESSION_RESULT
from lake.tables.marts_fct_standing import MARTS_FCT_STANDING
from lake.tables.marts_fct_stint import MARTS_FCT_STINT
from lake.tables.marts_fct_stint_pace import MARTS_FCT_STINT_PACE
from lake.tables.processed_f1schedule__sessions import PROCESSED_F1SCHEDULE__SESSIONS
from lake.tables.processed_fastf1__laps import PROCESSED_FASTF1__LAPS
from lake.tables.processed_fastf1__race_control_messages import PROCESSED_FASTF1__RACE_CONTROL_MESSAGES
from lake.tables.processed_fastf1__session_drivers import PROCESSED_FASTF1__SESSION_DRIVERS
from lake.tables.processed_fastf1__session_notes import PROCESSED_FASTF1__SESSION_NOTES
from lake.tables.processed_fastf1__session_status import PROCESSED_FASTF1__SESSION_STATUS
from lake.tables.processed_fastf1__sessions import PROCESSED_FASTF1__SESSIONS
from lake.tables.processed_fastf1__track_status import PROCESSED_FASTF1__TRACK_STATUS
from lake.tables.processed_fastf1__tyre_stints import PROCESSED_FASTF1__TYRE_STINTS
from lake.tables.processed_fastf1__weather import PROCESSED_FASTF1__WEATHER
from lake.tables.processed_jolpica__calendar import PROCESSED_JOLPICA__CALENDAR
from lake.tables.processed_jolpica__constructor_standings import PROCESSED_JOLPICA__CONSTRUCTOR_STANDINGS
from lake.tables.processed_jolpica__constructors import PROCESSED_JOLPICA__CONSTRUCTORS
from lake.tables.processed_jolpica__driver_standings import PROCESSED_JOLPICA__DRIVER_STANDINGS
from lake.tables.processed_jolpica__drivers import PROCESSED_JOLPICA__DRIVERS
from lake.tables.processed_jolpica__laps import PROCESSED_JOLPICA__LAPS
from lake.tables.processed_jolpica__pit_stops import PROCESSED_JOLPICA__PIT_STOPS
from lake.tables.processed_jolpica__qualifying_results import PROCESSED_JOLPICA__QUALIFYING_RESULTS
from lake.tables.processed_jolpica__results import PROCESSED_JOLPICA__RESULTS
from lake.tables.processed_jolpica__sprint_results import PROCESSED_JOLPICA__SPRINT_RESULTS
from lake.tables.processed_live_timing__car_telemetry import PROCESSED_LIVE_TIMING__CAR_TELEMETRY
from lake.tables.processed_live_timing__championship_prediction import (
    PROCESSED_LIVE_TIMING__CHAMPIONSHIP_PREDICTION,
)
from lake.tables.processed_live_timing__lap_positions import PROCESSED_LIVE_TIMING__LAP_POSITIONS
from lake.tables.processed_live_timing__position_telemetry import PROCESSED_LIVE_TIMING__POSITION_TELEMETRY
from lake.tables.processed_live_timing__team_radio import PROCESSED_LIVE_TIMING__TEAM_RADIO
from lake.tables.processed_live_timing__timing_stream import PROCESSED_LIVE_TIMING__TIMING_STREAM
from lake.tables.processed_live_timing__unreadable_lines import PROCESSED_LIVE_TIMING__UNREADABLE_LINES
from lake.tables.processed_multiviewer__circuit_marks import PROCESSED_MULTIVIEWER__CIRCUIT_MARKS
from lake.tables.processed_multiviewer__circuits import PROCESSED_MULTIVIEWER__CIRCUITS
from lake.tables.raw_f1schedule__responses import RAW_F1SCHEDULE__RESPONSES
from lake.tables.raw_jolpica__responses import RAW_JOLPICA__RESPONSES
from lake.tables.raw_live_timing__responses import RAW_LIVE_TIMING__RESPONSES
from lake.tables.raw_multiviewer__responses import RAW_MULTIVIEWER__RESPONSES
from lake.tables.raw_requests import RAW_REQUESTS

_TABLES: tuple[TableContract, ...] = (
    RAW_LIVE_TIMING__RESPONSES,
    RAW_JOLPICA__RESPONSES,
    RAW_F1SCHEDULE__RESPONSES,
    RAW_MULTIVIEWER__RESPONSES,
    RAW_REQUESTS,
    PROCESSED_F1SCHEDULE__SESSIONS,
    PROCESSED_JOLPICA__CALENDAR,
    PROCESSED_JOLPICA__DRIVERS,
    PROCESSED_JOLPICA__CONSTRUCTORS,
    PROCESSED_FASTF1__SESSIONS,
    PROCESSED_FASTF1__SESSION_DRIVERS,
    PROCESSED_FASTF1__LAPS,
    PROCESSED_FASTF1__TYRE_STINTS,
    PROCESSED_FASTF1__WEATHER,
    PROCESSED_FASTF1__RACE_CONTROL_MESSAGES,
    PROCESSED_FASTF1__TRACK_STATUS,
    PROCESSED_FASTF1__SESSION_STATUS,
    PROCESSED_FASTF1__SESSION_NOTES,
    PROCESSED_LIVE_TIMING__CAR_TELEMETRY,
    PROCESSED_LIVE_TIMING__POSITION_TELEMETRY,
    PROCESSED_LIVE_TIMING__TIMING_STREAM,
    PROCESSED_LIVE_TIMING__LAP_POSITIONS,
    PROCESSED_LIVE_TIMING__TEAM_RADIO,
    PROCESSED_LIVE_TIMING__CHAMPIONSHIP_PREDICTION,
    PROCESSED_LIVE_TIMING__UNREADABLE_LINES,
    PROCESSED_JOLPICA__RESULTS,
    PROCESSED_JOLPICA__SPRINT_RESULTS,
    PROCESSED_JOLPICA__QUALIFYING_RESULTS,
    PROCESSED_JOLPICA__DRIVER_STANDINGS,
    PROCESSED_JOLPICA__CONSTRUCTOR_STANDINGS,
    PROCESSED_JOLPICA__LAPS,
    PROCESSED_JOLPICA__PIT_STOPS,
    PROCESSED_MULTIVIEWER__CIRCUITS,
    PROCESSED_MULTIVIEWER__CIRCUIT_MARKS,
    CURATED_WEEKENDS,
    CURATED_SESSIONS,
    CURATED_DRIVER_IDENTITIES,
    CURATED_LAPS,
    CURATED_STINTS,
    CURATED_TYRE_SETS,
    CURATED_PIT_STOPS,
    CURATED_RACE_CONTROL_EVENTS,
    CURATED_RESULTS,
    CURATED_LAP_POSITIONS,
    CURATED_STANDINGS,
    CURATED_CIRCUITS,
    CURATED_COVERAGE,
    CURATED_DISCREPANCIES,
    MARTS_DIM_DRIVER,
    MARTS_DIM_TEAM,
    MARTS_DIM_CIRCUIT,
    MARTS_DIM_WEEKEND,
    MARTS_DIM_SESSION,
    MARTS_FCT_LAP,
    MARTS_FCT_STINT,
    MARTS_FCT_STINT_PACE,
    MARTS_FCT_PIT_STOP,
    MARTS_FCT_SESSION_RESULT,
    MARTS_FCT_DRIVER_WEEKEND,
    MARTS_FCT_DRIVER_SEASON,
    MARTS_FCT_STANDING,
    MARTS_DIM_SEASON_COVERAGE,
    LAKE_WRITES,
    LAKE_RELEASES,
)

ALL_TABLES: dict[str, TableContract] = {contract.name: contract for contract in _TABLES}
"""Every table of the lake: zone.table to its contract."""
