"""Last-lap values on the wire against the laps: each is the time of exactly one lap, or a rule says why not.

Also the other way: each timed lap has its value on the wire, or a rule says where its time is from. The rules
for values are ``last_lap_rules.py``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from racing.feed.last_lap_rules import NEAR_MS, SLOW_BEFORE_SECTORS, VALUE_RULES, CarTiming, Row, sector_times

MATCHED, EXPLAINED, UNEXPLAINED = "matched", "explained", "unexplained"

LAP_COLUMNS = (
    "car_number",
    "lap_number",
    "lap_time_ms",
    "lap_end_session_time_ms",
    "pit_out_session_time_ms",
    "sector_1_ms",
    "sector_2_ms",
    "sector_3_ms",
)
"""Columns that the laps frame needs, named as in processed.fastf1__laps."""

_OUTCOME: dict[str, pl.DataType] = {"outcome": pl.String(), "rule": pl.String()}


@dataclass(frozen=True)
class LapReconciliation:
    """Outcome for every value and for every timed lap of one session.

    Attributes:
        values: The values with outcome (matched, explained, unexplained), rule, and lap_number (null unless
            matched; for ``slow_before_its_sectors`` the lap that lost its time). Rules of matched values:
            ``on_time``; ``late`` (more than a minute after the car crossed the line);
            ``line_before_pit_exit`` (FastF1's line time of the lap, or of the first lap of its run, is before
            the exit from the pits in that lap, so the line times of this run are wrong).
        laps: car_number, lap_number, lap_time_ms, outcome and rule of every lap with a time.
    """

    values: pl.DataFrame
    laps: pl.DataFrame

    @property
    def unexplained_count(self) -> int:
        """How many values and laps no rule explains."""
        frames = (self.values, self.laps)
        return sum(frame.filter(pl.col("outcome") == UNEXPLAINED).height for frame in frames)


def reconcile_last_laps(values: pl.DataFrame, laps: pl.DataFrame) -> LapReconciliation:
    """Return what became of every last-lap value of a session.

    Args:
        values: ``LastLapValues.values`` of one session.
        laps: Laps of the same session; columns ``LAP_COLUMNS``. One row per car and lap.

    Source: docs/explanation/wire-format.md#last-lap-times.
    """
    timings = _timings(values, laps.select(LAP_COLUMNS))
    value_rows: list[Row] = []
    lap_rows: list[Row] = []
    for timing in timings.values():
        for place, value in enumerate(timing.values):
            value_rows.append({**value, **_value_outcome(value, place, timing)})
        lap_rows.extend(
            {**{name: lap[name] for name in LAP_COLUMNS[:3]}, **_lap_outcome(lap, timing)}
            for lap in timing.laps
            if lap["lap_time_ms"] is not None
        )
    value_schema = pl.Schema({**values.schema, **_OUTCOME, "lap_number": pl.Int32()})
    lap_schema = pl.Schema({**laps.select(LAP_COLUMNS[:3]).schema, **_OUTCOME})
    return LapReconciliation(
        values=pl.DataFrame(value_rows, schema=value_schema).sort("line_number", maintain_order=True),
        laps=pl.DataFrame(lap_rows, schema=lap_schema),
    )


def _timings(values: pl.DataFrame, laps: pl.DataFrame) -> dict[str, CarTiming]:
    value_rows: dict[str, list[Row]] = defaultdict(list)
    lap_rows: dict[str, list[Row]] = defaultdict(list)
    for row in values.sort("line_number", maintain_order=True).iter_rows(named=True):
        value_rows[row["car_number"]].append(row)
    for row in laps.sort("lap_number").iter_rows(named=True):
        lap_rows[row["car_number"]].append(row)
    return {
        car: CarTiming(value_rows[car], lap_rows[car], _matches(value_rows[car], lap_rows[car]))
        for car in sorted({*value_rows, *lap_rows})
    }


def _matches(values: list[Row], laps: list[Row]) -> dict[int, int]:
    """Return the lap number of each value that is the time of a lap; a lap is matched once."""
    lap_of: dict[int, int] = {}
    pairs = [
        (_distance_ms(value, lap), place, lap["lap_number"])
        for place, value in enumerate(values)
        for lap in laps
        if value["lap_time_ms"] is not None and lap["lap_time_ms"] == value["lap_time_ms"]
    ]
    for _, place, lap_number in sorted(pairs):
        if place not in lap_of and lap_number not in lap_of.values():
            lap_of[place] = lap_number
    return lap_of


def _distance_ms(value: Row, lap: Row) -> int:
    line_time = lap["lap_end_session_time_ms"]
    return abs(int(value["session_time_ms"]) - int(line_time)) if line_time is not None else 10**12


def _value_outcome(value: Row, place: int, timing: CarTiming) -> Row:
    if place in timing.lap_of:
        lap_number = timing.lap_of[place]
        return {"outcome": MATCHED, "rule": _arrival(value, lap_number, timing), "lap_number": lap_number}
    for rule, holds in VALUE_RULES:
        if holds(value, place, timing):
            lap = timing.lap_near(value) if rule == SLOW_BEFORE_SECTORS else None
            return {"outcome": EXPLAINED, "rule": rule, "lap_number": lap and lap["lap_number"]}
    return {"outcome": UNEXPLAINED, "rule": None, "lap_number": None}


def _arrival(value: Row, lap_number: int, timing: CarTiming) -> str:
    laps = [lap for lap in timing.laps if lap["lap_number"] <= lap_number]
    if _distance_ms(value, laps[-1]) <= NEAR_MS:
        return "on_time"
    exits = [(lap["pit_out_session_time_ms"], lap["lap_end_session_time_ms"]) for lap in laps]
    last_exit = next(((out, line) for out, line in reversed(exits) if out is not None), None)
    if last_exit is not None and last_exit[1] is not None and last_exit[1] < last_exit[0]:
        return "line_before_pit_exit"
    return "late"


def _lap_outcome(lap: Row, timing: CarTiming) -> Row:
    if lap["lap_number"] in timing.lap_of.values():
        return {"outcome": MATCHED, "rule": "on_wire"}
    before = [other for other in timing.laps if other["lap_number"] == lap["lap_number"] - 1]
    if lap["lap_number"] == 1:
        return {"outcome": EXPLAINED, "rule": "first_lap"}
    if before and before[0]["lap_time_ms"] == lap["lap_time_ms"]:
        return {"outcome": EXPLAINED, "rule": "same_as_lap_before"}
    sectors = sector_times(lap)
    if len(sectors) == 3 and sum(sectors) == lap["lap_time_ms"]:
        return {"outcome": EXPLAINED, "rule": "sum_of_sectors"}
    return {"outcome": UNEXPLAINED, "rule": None}
