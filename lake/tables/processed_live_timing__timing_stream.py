"""Contract of ``processed.live_timing__timing_stream``: gap, interval and position as the feed sends them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, SESSION_COLUMNS, SOURCE_PROVENANCE
from lake.tables.live_timing_columns import LINE_NUMBER, SESSION_TIME

PROCESSED_LIVE_TIMING__TIMING_STREAM = TableContract(
    name="processed.live_timing__timing_stream",
    description="Where every car stood after each message about it, from TimingData; what a message left out is as the message before said. One row per session, car and update.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        Column(
            "update_number",
            "int32",
            "Update of the car in the session in order of arrival, counted from 1.",
            nullable=False,
        ),
        SESSION_TIME,
        Column("segment_number", "int32", "Part of qualifying that it is about; null in other sessions."),
        Column(
            "position",
            "int32",
            "Place in the running order of a race, else in the order of best times; null before the feed sent one.",
        ),
        Column(
            "laps_completed", "int32", "Laps that the feed had counted of the car; null before the first."
        ),
        Column(
            "gap_text",
            "string",
            "Gap to the leader as sent: +1.234, 1L, LAP 12 (the leader's lap), or the difference to the fastest time outside races; null where none was sent or it was taken back.",
        ),
        Column(
            "gap_to_leader_ms",
            "int64",
            "Time behind the leader of a race; 0 for the leader, null for a lapped car and outside races.",
        ),
        Column(
            "laps_down",
            "int32",
            "Whole laps behind the leader; 0 where a time is sent, null where nothing is.",
        ),
        Column(
            "interval_text",
            "string",
            "Interval to the car one place ahead as sent, or the difference to its best time outside races; null where none was sent or it was taken back.",
        ),
        Column(
            "interval_ahead_ms",
            "int64",
            "Time to the car one place ahead in a race; null for the leader and where it is laps.",
        ),
        Column("interval_ahead_laps", "int32", "Laps to the car one place ahead; null where it is a time."),
        Column("is_catching", "bool", "Whether the feed calls the car catching the one ahead."),
        Column(
            "delta_to_fastest_ms",
            "int64",
            "Best time less the fastest of all, in practice and by part of qualifying; null in races and for the fastest.",
        ),
        Column(
            "delta_to_ahead_ms",
            "int64",
            "Best time less that of the car one place ahead, in practice and by part of qualifying; null in races and for the fastest.",
        ),
        LINE_NUMBER,
        *SOURCE_PROVENANCE,
    ),
    key=("session_key", "car_number", "update_number"),
    scope=Scope.SESSION,
    partition_by=("session_key",),
    sort_by=("car_number", "update_number"),
)
