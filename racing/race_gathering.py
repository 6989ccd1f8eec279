"""Finds which timed car is which official entry, and whether the result was counted back."""

from __future__ import annotations

import polars as pl

from racing.penalties import announced_penalties, investigated_cars
from racing.race_causes import with_causes
from racing.race_evidence import Race, RaceCar
from racing.timing_order import finishing_order


def gather_race(
    laps: pl.DataFrame,
    official: pl.DataFrame,
    race_control_messages: pl.DataFrame,
    track_status: pl.DataFrame,
) -> Race:
    """Return the cars of a race with all that can explain a difference.

    Args:
        laps: Curated laps of the race; not empty.
        official: Jolpica's entries of the race; not empty.
        race_control_messages: Messages of race control; may be empty.
        track_status: Changes of the state of the track; may be empty.
    """
    run = finishing_order(laps)
    counted_back_to = _countback_lap(laps, paired_cars(run, official))
    if counted_back_to is None:
        ranked = run
    else:
        ranked = finishing_order(_laps_as_counted(laps, paired_cars(run, official)))
    timed = ranked.drop("last_lap_number", "timing_order").join(
        run.select("car_number", "last_lap_number", "timing_order", laps_run="laps_completed"),
        on="car_number",
        maintain_order="left",
    )
    race = Race(
        cars=paired_cars(timed, official),
        penalties=announced_penalties(race_control_messages),
        investigated=investigated_cars(race_control_messages),
        counted_back_to=counted_back_to,
        is_stopped=_is_stopped(laps, counted_back_to, track_status),
    )
    return with_causes(race)


def paired_cars(timed: pl.DataFrame, official: pl.DataFrame) -> tuple[RaceCar, ...]:
    """Return the cars of both sides: official entries in their order, then timed cars without an entry.

    An entry is paired by its driver, else by its car number.

    Args:
        timed: Rows of ``finishing_order``.
        official: Jolpica's entries.
    """
    by_driver = {row["driver_key"]: row for row in timed.iter_rows(named=True)}
    by_number = {row["car_number"]: row for row in timed.iter_rows(named=True)}
    cars: list[RaceCar] = []
    for entry in official.sort("result_order").iter_rows(named=True):
        row = by_driver.get(entry["driver_id_jolpica"]) or by_number.get(entry["car_number"])
        number = row["car_number"] if row else entry["car_number"] or entry["driver_id_jolpica"]
        cars.append(RaceCar(number, entry["driver_id_jolpica"], entry, row))
    known = {car.subject for car in cars if car.timed}
    cars += [
        RaceCar(number, row["driver_key"], None, row)
        for number, row in by_number.items()
        if number not in known
    ]
    return tuple(cars)


def _countback_lap(laps: pl.DataFrame, cars: tuple[RaceCar, ...]) -> int | None:
    """Return the lap to which a result was counted back, or null.

    The winner then has fewer laps than timing saw. Every placed car must have the laps that it had completed
    when the leader ended that lap, or one more: the lap that it was on.
    """
    counted = laps.filter(pl.col("is_lap_counted"))
    last, winning = counted["lap_number"].max(), cars[0].number("entry", "laps_completed")
    if not isinstance(last, int) or winning is None or not 0 < winning < last:
        return None
    flag = counted.filter(pl.col("lap_number") == winning)["lap_end_session_time_ms"].min()
    before = counted.filter(pl.col("lap_end_session_time_ms") <= flag).group_by("car_number")
    at_flag = dict(before.agg(pl.col("lap_number").max()).iter_rows())
    for car in cars:
        official, run = car.number("entry", "laps_completed"), car.number("timed", "laps_completed")
        laps_then = at_flag.get(car.subject, 0)
        if not car.is_placed:
            continue
        if official is None or run is None or official > run or official - laps_then not in {0, 1}:
            return None
    return winning


def _laps_as_counted(laps: pl.DataFrame, cars: tuple[RaceCar, ...]) -> pl.DataFrame:
    """Return the laps without those that the official result does not count for a placed car."""
    limits = {car.subject: car.number("entry", "laps_completed") for car in cars if car.is_placed}
    limit = pl.col("car_number").replace_strict(limits, default=None, return_dtype=pl.Int32)
    return laps.filter((pl.col("lap_number") <= limit).fill_null(value=True))


def _is_stopped(laps: pl.DataFrame, final_lap: int | None, track_status: pl.DataFrame) -> bool:
    """Return whether a red flag came out after the leader completed the lap."""
    if final_lap is None:
        return False
    flag = laps.filter(pl.col("lap_number") == final_lap)["lap_end_session_time_ms"].min()
    is_red = (pl.col("status_code") == "5") & (pl.col("session_time_ms") > flag)
    return not track_status.filter(is_red).is_empty()
