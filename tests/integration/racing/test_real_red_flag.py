"""A real race that was stopped half way and started again: laps, tyres, stops and classes of Brazil 2024."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

Frames = dict[str, pl.DataFrame]

STOPPED_IN_LAP = 32
NEUTRALISED = "[4567]"


@pytest.fixture(scope="module")
def race(curated_session: Callable[[str], Frames]) -> Frames:
    return curated_session("2024-21-R")


@pytest.fixture(scope="module")
def restarted(race: Frames) -> pl.DataFrame:
    """Cars that drove away from the restart, with the lap before it and the lap after."""
    laps = race["curated.laps"]
    last = laps.group_by("car_number").agg(pl.col("lap_number").max().alias("last_lap_number"))
    return last.filter(pl.col("last_lap_number") > STOPPED_IN_LAP)


def test_laps_are_counted_on_across_the_stop(race: Frames, restarted: pl.DataFrame) -> None:
    laps = race["curated.laps"].join(restarted, on="car_number").sort("car_number", "lap_number")
    assert restarted.height == 16
    numbers = laps.group_by("car_number").agg("lap_number")["lap_number"].to_list()
    assert all(counted == list(range(1, len(counted) + 1)) for counted in numbers)
    stopped = laps.filter(pl.col("lap_number") == STOPPED_IN_LAP)
    assert stopped["track_status"].str.contains("5").all()
    # Whoever waited has no lap time of the lap that he waited in: 23 minutes of it are no driving.
    took_ms = pl.col("lap_end_session_time_ms").diff().over("car_number")
    waited = laps.filter(took_ms > 20 * 60_000)
    assert sorted(waited["car_number"]) == sorted(restarted["car_number"])
    assert waited["lap_time_ms"].null_count() == waited.height
    results = race["curated.results"].filter(pl.col("is_classified"))
    assert results["laps_completed"].max() == laps["lap_number"].max() == 69


def test_tyres_may_be_changed_in_the_stop_and_that_is_a_stint_without_a_loss(
    race: Frames, restarted: pl.DataFrame
) -> None:
    stints = race["curated.stints"].join(restarted, on="car_number")
    before = stints.filter(pl.col("last_lap_number") == STOPPED_IN_LAP)
    assert before["end_reason"].unique().to_list() == ["RED_FLAG"]
    after = stints.filter(pl.col("first_lap_number") == STOPPED_IN_LAP + 1)
    assert set(before["car_number"]) == set(after["car_number"])
    # Leclerc went back to a set of three laps, Verstappen to a new one.
    ages = dict(after.select("car_number", "tyre_age_start_laps").iter_rows())
    assert (ages["1"], ages["16"]) == (1, 4)
    waits = race["curated.pit_stops"].filter(pl.col("is_under_red_flag"))
    assert waits.height >= restarted.height
    assert waits["pit_loss_ms"].null_count() == waits.height


def test_no_lap_before_during_or_after_a_neutralisation_is_a_clean_one(race: Frames) -> None:
    laps = race["curated.laps"].sort("car_number", "lap_number")
    is_neutralised = pl.col("track_status").str.contains(NEUTRALISED)
    spoilt = laps.filter(is_neutralised | is_neutralised.shift(1).over("car_number"))
    assert spoilt.height > 150
    assert not spoilt["is_clean_race"].any()
    assert not laps.filter(is_neutralised)["is_green"].any()
    clean = laps.filter(pl.col("is_clean_race"))
    assert clean.filter(pl.col("lap_number") < STOPPED_IN_LAP).height > 100
    assert clean.filter(pl.col("lap_number") > STOPPED_IN_LAP).height > 100


def test_every_difference_to_the_official_result_is_explained(race: Frames) -> None:
    assert race["curated.discrepancies"].filter(~pl.col("is_explained")).rows() == []
