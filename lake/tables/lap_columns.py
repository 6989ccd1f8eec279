"""What is measured of a lap: the columns that processed and curated laps share."""

from __future__ import annotations

from lake.contracts import Column

LAP_MEASURES = (
    Column(
        "lap_time_ms",
        "int64",
        "Lap time; null where the feed gave none (in-laps of practice, the lap of a retirement, red flags).",
    ),
    Column("sector_1_ms", "int64", "Time of sector 1; null where the feed gave none."),
    Column("sector_2_ms", "int64", "Time of sector 2."),
    Column("sector_3_ms", "int64", "Time of sector 3."),
    Column("sector_1_session_time_ms", "int64", "Session clock at the end of sector 1."),
    Column("sector_2_session_time_ms", "int64", "Session clock at the end of sector 2."),
    Column("sector_3_session_time_ms", "int64", "Session clock at the end of sector 3."),
    Column(
        "lap_start_session_time_ms", "int64", "Session clock at the start of the lap; null where unknown."
    ),
    Column(
        "lap_end_session_time_ms",
        "int64",
        "Session clock when the lap time was set: the car crossing the line.",
    ),
    Column(
        "lap_start_at", "timestamp", "UTC at the start of the lap; null where the session clock has no date."
    ),
    Column(
        "pit_in_session_time_ms",
        "int64",
        "Session clock at pit entry in this lap; null where the car did not pit.",
    ),
    Column(
        "pit_out_session_time_ms",
        "int64",
        "Session clock at pit exit in this lap; null where the car did not leave the pits.",
    ),
    Column("speed_i1_kph", "float64", "Speed at the first intermediate line."),
    Column("speed_i2_kph", "float64", "Speed at the second intermediate line."),
    Column("speed_fl_kph", "float64", "Speed at the finish line."),
    Column("speed_st_kph", "float64", "Speed at the speed trap."),
    Column(
        "is_personal_best",
        "bool",
        "Whether this was the driver's best lap of the session so far, as FastF1 corrects it.",
    ),
    Column(
        "track_status",
        "string",
        "Digits of all track states seen in the lap: 1 clear, 2 yellow, 4 safety car, 5 red, 6 virtual safety car, 7 its ending.",
    ),
    Column(
        "position", "int32", "Position at the end of the lap; null outside races and where FastF1 has none."
    ),
    Column(
        "is_deleted",
        "bool",
        "Whether the lap time was deleted by race control; null where there are no messages.",
    ),
    Column("deleted_reason", "string", "Why the lap time was deleted."),
    Column("is_fastf1_generated", "bool", "Whether FastF1 added the lap (a crash, a lap lost in the feed)."),
    Column(
        "is_accurate",
        "bool",
        "FastF1's accuracy rule: no pit, clear or yellow, complete sectors that sum to the lap.",
    ),
)

LAP_SOURCE = Column(
    "lap_source",
    "string",
    "live_timing, or jolpica: lap times and positions of a race without live timing, nothing else.",
    nullable=False,
    values=("live_timing", "jolpica"),
)
