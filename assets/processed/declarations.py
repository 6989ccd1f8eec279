"""Declarations of the processed zone: each table, the documents it is read from, and its logic version.

A table's function is a parser in ``sources`` or ``racing.feed``; ``assets/processed/step.py`` calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lake.contracts import TableContract
from lake.tables.registry import ALL_TABLES


@dataclass(frozen=True)
class ParsedTable:
    """Declaration of one processed table.

    Attributes:
        table: Name of the table.
        live_timing: Live-timing topics that its rows depend on.
        all_live_timing: Whether its rows depend on every live-timing topic that the session has.
        jolpica: Jolpica topics that its rows depend on.
        calendar: Whether its rows depend on the F1 calendar's document.
        circuit: Whether its rows depend on the circuit's document.
        logic_version: Raised whenever the parser would give other rows for the same bytes.
    """

    table: str
    live_timing: tuple[str, ...] = ()
    all_live_timing: bool = False
    jolpica: tuple[str, ...] = ()
    calendar: bool = False
    circuit: bool = False
    logic_version: int = 1

    @property
    def contract(self) -> TableContract:
        """Contract of the table."""
        return ALL_TABLES[self.table]

    @property
    def raw_tables(self) -> tuple[str, ...]:
        """Raw tables that it is read from."""
        kinds = (
            ("raw.live_timing__responses", bool(self.live_timing) or self.all_live_timing),
            ("raw.jolpica__responses", bool(self.jolpica)),
            ("raw.f1schedule__responses", self.calendar),
            ("raw.multiviewer__responses", self.circuit),
        )
        return tuple(name for name, is_read in kinds if is_read)


_CLOCK = ("CarData.z", "Position.z")
"""Car and position data say at which UTC the session clock read zero."""

SCHEDULE = ParsedTable("processed.f1schedule__sessions", calendar=True)
CALENDAR = ParsedTable("processed.jolpica__calendar", jolpica=("calendar",))
DRIVERS = ParsedTable("processed.jolpica__drivers", jolpica=("drivers",))
CONSTRUCTORS = ParsedTable("processed.jolpica__constructors", jolpica=("constructors",))
SEASON_TABLES: tuple[ParsedTable, ...] = (SCHEDULE, CALENDAR, DRIVERS, CONSTRUCTORS)
"""Tables by season."""

RESULT_TABLES: Mapping[str, ParsedTable] = {
    "results": ParsedTable("processed.jolpica__results", jolpica=("results",)),
    "sprint": ParsedTable("processed.jolpica__sprint_results", jolpica=("sprint",)),
    "qualifying": ParsedTable("processed.jolpica__qualifying_results", jolpica=("qualifying",)),
    "driverstandings": ParsedTable("processed.jolpica__driver_standings", jolpica=("driverstandings",)),
    "constructorstandings": ParsedTable(
        "processed.jolpica__constructor_standings", jolpica=("constructorstandings",)
    ),
    "laps": ParsedTable("processed.jolpica__laps", jolpica=("laps",)),
    "pitstops": ParsedTable("processed.jolpica__pit_stops", jolpica=("pitstops",)),
}
"""Jolpica topic to the table by weekend that it fills."""

CIRCUIT = ParsedTable("processed.multiviewer__circuits", circuit=True)
CIRCUIT_MARKS = ParsedTable("processed.multiviewer__circuit_marks", circuit=True)

FASTF1_TABLES: tuple[ParsedTable, ...] = (
    ParsedTable(
        "processed.fastf1__sessions", live_timing=("SessionInfo", "SessionStatus", "LapCount", *_CLOCK)
    ),
    ParsedTable(
        "processed.fastf1__session_drivers",
        live_timing=("DriverList",),
        jolpica=("results", "qualifying", "sprint"),
    ),
    ParsedTable(
        "processed.fastf1__laps",
        live_timing=(
            "TimingData",
            "TimingAppData",
            "SessionInfo",
            "SessionStatus",
            "TrackStatus",
            "DriverList",
            "LapCount",
            "RaceControlMessages",
            *_CLOCK,
        ),
        jolpica=("results", "qualifying", "sprint", "laps/1"),
    ),
    ParsedTable("processed.fastf1__tyre_stints", live_timing=("TimingAppData",)),
    ParsedTable("processed.fastf1__weather", live_timing=("WeatherData",)),
    ParsedTable("processed.fastf1__race_control_messages", live_timing=("RaceControlMessages",)),
    ParsedTable("processed.fastf1__track_status", live_timing=("TrackStatus",)),
    ParsedTable("processed.fastf1__session_status", live_timing=("SessionStatus",)),
    ParsedTable(
        "processed.fastf1__session_notes",
        all_live_timing=True,
        jolpica=("results", "qualifying", "sprint", "laps/1"),
    ),
)
"""Tables by session that FastF1 parses, all from one load."""

CAR_TELEMETRY = ParsedTable("processed.live_timing__car_telemetry", live_timing=("CarData.z",))
POSITION_TELEMETRY = ParsedTable("processed.live_timing__position_telemetry", live_timing=("Position.z",))
TELEMETRY_TABLES: tuple[ParsedTable, ...] = (CAR_TELEMETRY, POSITION_TELEMETRY)
"""Tables by session that our own decoder reads from the packed topics."""

TIMING_STREAM = ParsedTable("processed.live_timing__timing_stream", live_timing=("TimingData",))
LAP_POSITIONS = ParsedTable("processed.live_timing__lap_positions", live_timing=("TimingData", "LapSeries"))
TEAM_RADIO = ParsedTable("processed.live_timing__team_radio", live_timing=("TeamRadio",))
CHAMPIONSHIP_PREDICTION = ParsedTable(
    "processed.live_timing__championship_prediction", live_timing=("ChampionshipPrediction",)
)
LIVE_TIMING_TABLES: tuple[ParsedTable, ...] = (
    TIMING_STREAM,
    LAP_POSITIONS,
    TEAM_RADIO,
    CHAMPIONSHIP_PREDICTION,
)
"""Tables by session that our own decoders read from JSON topics; none where their topics are not there."""

UNREADABLE_LINES = ParsedTable(
    "processed.live_timing__unreadable_lines",
    live_timing=tuple(
        sorted({topic for table in (*FASTF1_TABLES, *LIVE_TIMING_TABLES) for topic in table.live_timing})
    ),
    logic_version=2,
)

PROCESSED: tuple[ParsedTable, ...] = (
    *SEASON_TABLES,
    *RESULT_TABLES.values(),
    CIRCUIT,
    CIRCUIT_MARKS,
    *FASTF1_TABLES,
    *TELEMETRY_TABLES,
    *LIVE_TIMING_TABLES,
    UNREADABLE_LINES,
)
"""All tables of the zone, in the order in which they are shown; those of the season are written last."""
