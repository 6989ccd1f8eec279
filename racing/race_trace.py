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
    "track_status",
)

_NEUTRALISED = "[4567]"
"""Safety car, red flag, virtual safety car and its ending, among the digits of a lap's track status."""


def race_trace(laps: pl.DataFrame) -> pl.DataFrame:
    """Return each car's time ahead of a reference car that laps at the winner's average.

    Laps of the winner that saw a safety car, a virtual one or a red flag take the reference car as long as
    they took the winner; the average is that of the others. Otherwise a few slow laps would bend every line
    and hide the race in between.

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
    elapsed = crossings.select(
        "car_number",
        pl.col("lap_number").cast(pl.Int64),
        elapsed_ms=(pl.col("lap_end_session_time_ms") - start_ms).cast(pl.Float64),
    )
    own = elapsed.filter(pl.col("car_number") == _winner(crossings))
    on_track = elapsed.join(_reference(own, neutralised_laps(laps)), on="lap_number").select(
        "car_number", "lap_number", ahead_of_reference_ms=pl.col("reference_ms") - pl.col("elapsed_ms")
    )
    grid = (
        on_track.select("car_number")
        .unique()
        .with_columns(lap_number=pl.lit(0, pl.Int64), ahead_of_reference_ms=pl.lit(0.0))
    )
    return pl.concat([grid, on_track]).sort("car_number", "lap_number")


def neutralised_laps(laps: pl.DataFrame) -> list[int]:
    """Return the laps of the race's first car that saw a safety car, a virtual one or a red flag.

    Args:
        laps: Laps of one race, columns of ``curated.laps``. One row per car and lap.
    """
    crossings = laps.filter(pl.col("lap_end_session_time_ms").is_not_null() & pl.col("is_lap_counted"))
    if crossings.is_empty():
        return []
    own = laps.filter(pl.col("car_number") == _winner(crossings))
    is_slow = pl.col("track_status").str.contains(_NEUTRALISED).fill_null(value=False)
    return sorted(own.filter(is_slow)["lap_number"].cast(pl.Int64).to_list())


def _winner(crossings: pl.DataFrame) -> str:
    """Return the first car to complete the last lap: first on the road, before any penalty."""
    order = crossings.sort(["lap_number", "lap_end_session_time_ms"], descending=[True, False])
    return str(order["car_number"][0])


def _reference(own: pl.DataFrame, neutralised: list[int]) -> pl.DataFrame:
    """Return ``lap_number`` and ``reference_ms``, the time at which the reference car completes each lap.

    Args:
        own: The winner's ``lap_number`` and ``elapsed_ms``. A crossing that is not known is put evenly
            between its neighbours.
        neutralised: Laps that take the reference car as long as they took the winner.
    """
    every_lap = own.select(lap_number=pl.int_range(0, pl.col("lap_number").max() + 1, dtype=pl.Int64))
    start = pl.DataFrame({"lap_number": [0], "elapsed_ms": [0.0]})
    known = pl.concat([start, own.select("lap_number", "elapsed_ms")])
    lap_ms = (
        every_lap.join(known, on="lap_number", how="left")
        .sort("lap_number")
        .select("lap_number", lap_ms=pl.col("elapsed_ms").interpolate().diff().fill_null(0.0))
    )
    is_free = ~pl.col("lap_number").is_in([0, *neutralised])
    average_ms = pl.col("lap_ms").filter(is_free).mean()
    return lap_ms.select(
        "lap_number",
        reference_ms=pl.when(is_free).then(average_ms).otherwise(pl.col("lap_ms")).cum_sum(),
    )


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
