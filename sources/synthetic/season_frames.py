"""Laps, stints, stops and results of invented weekends as frames, without a feed: for statistics at scale.

They come from the same model as the written weekend (``sessions.py``), so that the same options give the same
laps here and on the wire. A season of 24 races takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from sources.synthetic.official_result import race_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import Lap, SessionRun
from sources.synthetic.sessions import run_weekend

_LAPS: dict[str, pl.DataType] = {
    "weekend_key": pl.String(),
    "session_key": pl.String(),
    "car_number": pl.String(),
    "driver_id": pl.String(),
    "lap_number": pl.Int64(),
    "stint_number": pl.Int64(),
    "compound": pl.String(),
    "is_fresh_tyre": pl.Boolean(),
    "tyre_age_laps": pl.Int64(),
    "lap_start_session_time_ms": pl.Int64(),
    "lap_end_session_time_ms": pl.Int64(),
    "lap_time_ms": pl.Int64(),
    "sector_1_ms": pl.Int64(),
    "sector_2_ms": pl.Int64(),
    "sector_3_ms": pl.Int64(),
    "pit_in_session_time_ms": pl.Int64(),
    "pit_out_session_time_ms": pl.Int64(),
    "is_deleted": pl.Boolean(),
}
_RESULTS: dict[str, pl.DataType] = {
    "weekend_key": pl.String(),
    "session_key": pl.String(),
    "position": pl.Int64(),
    "position_text": pl.String(),
    "car_number": pl.String(),
    "driver_id": pl.String(),
    "grid": pl.Int64(),
    "laps_completed": pl.Int64(),
    "status": pl.String(),
    "total_time_ms": pl.Int64(),
    "points": pl.Int64(),
}
_STOPS: dict[str, pl.DataType] = {
    "session_key": pl.String(),
    "car_number": pl.String(),
    "stop_number": pl.Int64(),
    "lap_number": pl.Int64(),
    "pit_in_session_time_ms": pl.Int64(),
    "pit_out_session_time_ms": pl.Int64(),
    "pit_lane_ms": pl.Int64(),
}


@dataclass(frozen=True)
class SeasonFrames:
    """Frames of one or more weekends.

    Attributes:
        laps: One row per session, car and lap, also of laps whose time the feed would not send. The lap in
            which a car broke down is none. Times on the session clock, or durations, in milliseconds.
        stints: One row per session, car and set of tyres that was driven: first and last lap, age at start.
        stops: One row per session, car and visit to the pits that it left again, in races.
        results: One row per race or sprint and car: the official result.
    """

    laps: pl.DataFrame
    stints: pl.DataFrame
    stops: pl.DataFrame
    results: pl.DataFrame


def invented_frames(weekends: Iterable[WeekendOptions]) -> SeasonFrames:
    """Return the frames of weekends; a season's options come from ``season_plan.season_plan``.

    Args:
        weekends: What to make; the sessions of each that its options name are in the frames.
    """
    laps: list[tuple[object, ...]] = []
    stops: list[tuple[object, ...]] = []
    results: list[tuple[object, ...]] = []
    for options in weekends:
        runs = run_weekend(options)
        for code in options.sessions:
            key = f"{options.weekend_key}-{code}"
            run = runs[code]
            names = {entry.number: entry.driver_id for entry in run.entries}
            laps += (
                _lap_row(options.weekend_key, key, names[number], lap)
                for number, car_laps in run.laps.items()
                for lap in car_laps
            )
            if run.is_race:
                stops += _stop_rows(key, run)
                results += _result_rows(options.weekend_key, key, names, run)
    frame = pl.DataFrame(laps, schema=_LAPS, orient="row")
    return SeasonFrames(
        frame,
        _stints(frame),
        pl.DataFrame(stops, schema=_STOPS, orient="row"),
        pl.DataFrame(results, schema=_RESULTS, orient="row"),
    )


def _lap_row(weekend_key: str, session_key: str, driver_id: str, lap: Lap) -> tuple[object, ...]:
    return (
        weekend_key,
        session_key,
        lap.car_number,
        driver_id,
        lap.lap_number,
        lap.stint_number,
        lap.compound,
        lap.is_fresh,
        lap.tyre_age_laps,
        lap.start_ms,
        lap.end_ms,
        lap.lap_ms,
        *lap.sectors_ms,
        lap.pit_in_ms,
        lap.pit_out_ms,
        lap.is_deleted,
    )


def _stop_rows(session_key: str, run: SessionRun) -> Iterable[tuple[object, ...]]:
    counts: dict[str, int] = {}
    for visit in run.pit_visits:
        if visit.in_ms is None or visit.out_ms is None:
            continue
        number = counts[visit.car_number] = counts.get(visit.car_number, 0) + 1
        lane_ms = visit.out_ms - visit.in_ms
        yield (
            session_key, visit.car_number, number, visit.in_lap_number, visit.in_ms, visit.out_ms, lane_ms
        )  # fmt: skip


def _result_rows(
    weekend_key: str, session_key: str, names: dict[str, str], run: SessionRun
) -> Iterable[tuple[object, ...]]:
    for row in race_result(run):
        yield (
            weekend_key,
            session_key,
            row.position,
            row.position_text,
            row.car_number,
            names[row.car_number],
            row.grid,
            row.laps,
            row.status,
            row.total_ms,
            row.points,
        )


def _stints(laps: pl.DataFrame) -> pl.DataFrame:
    keys = ("session_key", "car_number", "stint_number")
    return laps.group_by(keys, maintain_order=True).agg(
        pl.col("compound").first(),
        pl.col("is_fresh_tyre").first(),
        first_lap_number=pl.col("lap_number").min(),
        last_lap_number=pl.col("lap_number").max(),
        laps_count=pl.len().cast(pl.Int64),
        tyre_age_at_start_laps=pl.col("tyre_age_laps").min() - 1,
    )
