"""Invariants of stints, tyres and pit stops."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from racing.invariant import Invariant, Violation, violations

LAPS = "curated.laps"
STINTS = "curated.stints"
PIT_STOPS = "curated.pit_stops"

_CAR = ("session_key", "car_number")
_STINT = ("car_number", "stint_number")

Frames = Mapping[str, pl.DataFrame]


def stints_are_contiguous_and_disjoint(frames: Frames) -> list[Violation]:
    """Return stints that do not begin with the lap after the stint before, or whose length is wrong."""
    stints = (
        frames[STINTS]
        .sort("session_key", *_STINT)
        .with_columns(
            previous_last=pl.col("last_lap_number").shift(1).over(_CAR),
            place=pl.col("stint_number").cum_count().over(_CAR),
        )
    )
    begins_right = (pl.col("first_lap_number") == pl.col("previous_last") + 1).fill_null(value=True)
    length = pl.col("last_lap_number") - pl.col("first_lap_number") + 1
    wrong = stints.filter(
        ~begins_right
        | (length != pl.col("laps_count"))
        | (length < 1)
        | (pl.col("place") != pl.col("stint_number"))
    )
    text = "laps {first_lap_number} to {last_lap_number} ({laps_count}), the one before to {previous_last}"
    return violations(wrong, _STINT, text)


def laps_lie_in_their_stint(frames: Frames) -> list[Violation]:
    """Return laps whose stint does not exist or does not hold them."""
    laps = frames[LAPS].filter(pl.col("stint_number").is_not_null())
    stints = frames[STINTS].select("session_key", *_STINT, "first_lap_number", "last_lap_number")
    wrong = laps.join(stints, on=["session_key", *_STINT], how="left").filter(
        ~pl.col("lap_number").is_between("first_lap_number", "last_lap_number").fill_null(value=False)
    )
    text = "in stint {stint_number}, laps {first_lap_number} to {last_lap_number}"
    return violations(wrong, ("car_number", "lap_number"), text)


def tyre_age_restarts_on_new_set(frames: Frames) -> list[Violation]:
    """Return first laps of a stint on a new set whose tyre age is not 1."""
    first = pl.col("stint_lap_number") == 1
    wrong = frames[LAPS].filter(first & pl.col("is_new_set") & (pl.col("tyre_age_laps") != 1))
    return violations(wrong, ("car_number", "lap_number"), "first lap of a new set, tyre age {tyre_age_laps}")


def tyre_age_grows_by_one_each_lap(frames: Frames) -> list[Violation]:
    """Return laps of a stint whose tyre age is not one more than at the lap before."""
    stint = ("session_key", *_STINT)
    laps = (
        frames[LAPS]
        .filter(pl.col("stint_number").is_not_null())
        .sort(*stint, "lap_number")
        .with_columns(previous_age=pl.col("tyre_age_laps").shift(1).over(stint))
    )
    wrong = laps.filter(pl.col("tyre_age_laps") != pl.col("previous_age") + 1)
    return violations(wrong, ("car_number", "lap_number"), "tyre age {tyre_age_laps} after {previous_age}")


def pit_stops_end_after_they_begin(frames: Frames) -> list[Violation]:
    """Return pit stops whose exit is not after their entry."""
    wrong = frames[PIT_STOPS].filter(pl.col("pit_out_session_time_ms") <= pl.col("pit_in_session_time_ms"))
    text = "in at {pit_in_session_time_ms}, out at {pit_out_session_time_ms}"
    return violations(wrong, ("car_number", "stop_number"), text)


STINT_INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "stints_are_contiguous_and_disjoint",
        (STINTS,),
        is_blocking=True,
        check=stints_are_contiguous_and_disjoint,
    ),
    Invariant("laps_lie_in_their_stint", (LAPS, STINTS), is_blocking=True, check=laps_lie_in_their_stint),
    Invariant("tyre_age_restarts_on_new_set", (LAPS,), is_blocking=False, check=tyre_age_restarts_on_new_set),
    Invariant(
        "tyre_age_grows_by_one_each_lap", (LAPS,), is_blocking=False, check=tyre_age_grows_by_one_each_lap
    ),
    Invariant(
        "pit_stops_end_after_they_begin", (PIT_STOPS,), is_blocking=True, check=pit_stops_end_after_they_begin
    ),
)
"""Invariants of stints, tyres and pit stops."""
