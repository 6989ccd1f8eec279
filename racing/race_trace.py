"""The race trace: every car's race against one constant pace, and positions lap by lap.

Drawing them is ``charts/``.
"""

from __future__ import annotations

import polars as pl

_NEEDED = (
    "car_number",
    "lap_number",
    "lap_start_session_time_ms",
    "lap_end_session_time_ms",
    "is_lap_counted",
)


def race_trace(laps: pl.DataFrame) -> pl.DataFrame:
    """Return each car's time ahead of a reference car that laps at the winner's average.

    Args:
        laps: Laps of one race, columns of ``curated.laps``. One row per car and lap.

    Returns:
        Columns ``car_number``, ``lap_number`` and ``ahead_of_reference_ms`` (float; positive is ahead).
        One row per car and lap with a crossing time; lap 0 is the start. Empty where no lap has one.

    Source: docs/glossary.md#race-trace (RaceFans; reference = winner's average lap).
    """
    missing = [name for name in _NEEDED if name not in laps.columns]
    if missing:
        raise ValueError(f"the race trace needs the columns {', '.join(missing)}")
    crossings = laps.filter(pl.col("lap_end_session_time_ms").is_not_null() & pl.col("is_lap_counted"))
    if crossings.is_empty():
        return _empty_trace()
    start_ms = _start_ms(laps)
    winner = crossings.sort(["lap_number", "lap_end_session_time_ms"], descending=[True, False]).row(
        0, named=True
    )
    reference_ms = (winner["lap_end_session_time_ms"] - start_ms) / winner["lap_number"]
    on_track = crossings.select(
        "car_number",
        pl.col("lap_number").cast(pl.Int64),
        ahead_of_reference_ms=pl.col("lap_number") * reference_ms
        - (pl.col("lap_end_session_time_ms") - start_ms).cast(pl.Float64),
    )
    grid = (
        on_track.select("car_number")
        .unique()
        .with_columns(lap_number=pl.lit(0, pl.Int64), ahead_of_reference_ms=pl.lit(0.0))
    )
    return pl.concat([grid, on_track]).sort("car_number", "lap_number")


def _start_ms(laps: pl.DataFrame) -> int:
    """Return the session clock at the start of the race: the earliest start of a first lap.

    Where no first lap has a start, the earliest crossing less nothing would put the leader at zero, which
    shifts every car alike and leaves the picture right; so the earliest known lap start is taken.
    """
    first = laps.filter(pl.col("lap_number") == 1)["lap_start_session_time_ms"].min()
    if first is None:
        first = laps["lap_start_session_time_ms"].min()
    if first is None:
        first = laps["lap_end_session_time_ms"].min()
    return int(first)  # type: ignore[arg-type]


def _empty_trace() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"car_number": pl.String, "lap_number": pl.Int64, "ahead_of_reference_ms": pl.Float64}
    )


def running_order(laps: pl.DataFrame) -> pl.DataFrame:
    """Return the position of every car after each lap, by the moment it crossed the line.

    Args:
        laps: Laps of one race, columns of ``curated.laps``. One row per car and lap.

    Returns:
        Columns ``car_number``, ``lap_number``, ``position`` (from 1, no gaps). One row per car and lap with a
        crossing time.

    Source: docs/glossary.md#position.
    """
    return (
        laps.filter(pl.col("lap_end_session_time_ms").is_not_null() & pl.col("is_lap_counted"))
        .select(
            "car_number",
            "lap_number",
            position=pl.col("lap_end_session_time_ms").rank("ordinal").over("lap_number").cast(pl.Int32),
        )
        .sort("lap_number", "position")
    )
