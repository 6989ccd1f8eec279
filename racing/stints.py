"""Stints: unbroken runs of a driver on one set of tyres, and why each ended."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.keys import RACE_CODES, code_of
from racing.race_end import finished_cars
from racing.red_flags import is_red_flagged
from racing.tyre_nominations import GRADES, nominated_grades

STINT_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "car_number": pl.String,
    "stint_number": pl.Int32,
    "driver_key": pl.String,
    "team_key": pl.String,
    "driver_code": pl.String,
    "compound": pl.String,
    "compound_grade": pl.String,
    "is_new_set": pl.Boolean,
    "first_lap_number": pl.Int32,
    "last_lap_number": pl.Int32,
    "laps_count": pl.Int32,
    "clean_laps_count": pl.Int32,
    "tyre_age_start_laps": pl.Int32,
    "tyre_age_end_laps": pl.Int32,
    "best_lap_time_ms": pl.Int64,
    "median_clean_lap_time_ms": pl.Float64,
    "end_reason": pl.String,
}
"""Columns of the result; the contract is ``curated.stints``."""


def split_into_stints(
    laps: pl.DataFrame, session_status: pl.DataFrame, tyre_stints: pl.DataFrame
) -> pl.DataFrame:
    """Return the stints of one session.

    Args:
        laps: ``curated.laps`` of the session. Laps whose stint is not known are in no stint.
        session_status: ``processed.fastf1__session_status`` of the session.
        tyre_stints: ``processed.fastf1__tyre_stints`` of the session: car_number, feed_stint_number,
            compound_text.

    Returns:
        One row per car and stint. Stints of a car follow one another without a gap.

    Source: docs/glossary.md#stint.
    """
    known = laps.filter(pl.col("stint_number").is_not_null()).sort("car_number", "lap_number")
    is_clean = pl.col("is_clean_race").fill_null(value=False)
    is_kept = ~pl.col("is_deleted").fill_null(value=False)
    stints = known.group_by("car_number", "stint_number", maintain_order=True).agg(
        pl.col("season", "weekend_key", "session_key", "driver_key", "team_key", "driver_code").first(),
        pl.col("compound", "is_new_set").first(),
        pl.col("lap_number").first().alias("first_lap_number"),
        pl.col("lap_number").last().alias("last_lap_number"),
        is_clean.sum().alias("clean_laps_count"),
        pl.col("tyre_age_laps").first().alias("tyre_age_start_laps"),
        pl.col("tyre_age_laps").last().alias("tyre_age_end_laps"),
        pl.col("lap_time_ms").filter(is_kept).min().alias("best_lap_time_ms"),
        pl.col("lap_time_ms").filter(is_clean).median().alias("median_clean_lap_time_ms"),
        pl.coalesce("pit_in_session_time_ms", "lap_end_session_time_ms").last().alias("ended_ms"),
        pl.col("track_status").last().alias("last_status"),
    )
    # A lap that the feed lost belongs to the stint before it.
    next_first = pl.col("first_lap_number").shift(-1).over("car_number")
    covering = stints.with_columns(pl.coalesce(next_first - 1, "last_lap_number").alias("last_lap_number"))
    counted = covering.with_columns(
        (pl.col("last_lap_number") - pl.col("first_lap_number") + 1).alias("laps_count"),
        _end_reason(stints, laps, session_status),
    )
    graded = _with_grades(counted, tyre_stints)
    return graded.select(pl.col(name).cast(kind) for name, kind in STINT_SCHEMA.items())


def _with_grades(stints: pl.DataFrame, tyre_stints: pl.DataFrame) -> pl.DataFrame:
    """Return the stints with the grade of the compound: as the feed spells it, else as nominated.

    A compound that the feed spells as a grade is UNKNOWN in the laps. The feed's number of a stint is not
    always ours, so a stint whose compound has a name takes no spelling.

    Source: docs/glossary.md#compound-grade.
    """
    weekends = stints["weekend_key"].unique().to_list()
    nominated = nominated_grades(weekends[0]) if weekends else {}
    text = pl.col("compound_text").str.strip_chars().str.to_uppercase()
    spelt = tyre_stints.filter(text.is_in(GRADES)).select(
        "car_number", stint_number="feed_stint_number", spelt_grade=text
    )
    own = pl.when(pl.col("compound") == "UNKNOWN").then("spelt_grade")
    listed = pl.col("compound").replace_strict(nominated, default=None, return_dtype=pl.String)
    return stints.join(
        spelt, on=["car_number", "stint_number"], how="left", maintain_order="left"
    ).with_columns(compound_grade=pl.coalesce(own, listed))


def _end_reason(stints: pl.DataFrame, laps: pl.DataFrame, session_status: pl.DataFrame) -> pl.Expr:
    """Return why each stint ended.

    A stint that another follows ended in the pits, or under a red flag. A car's last one ended with the
    session; in races only if the car was still running when the leader finished.
    """
    codes = {code_of(key) for key in laps["session_key"].unique().to_list()}
    is_last = pl.col("stint_number") == pl.col("stint_number").max().over("car_number")
    is_red = is_red_flagged(stints["ended_ms"], session_status) & stints["last_status"].str.contains(
        "5"
    ).fill_null(value=False)
    if codes & RACE_CODES:
        finished = finished_cars(laps)
        at_the_end = (
            pl.when(pl.lit(finished is None))
            .then(pl.lit("UNKNOWN"))
            .when(pl.col("car_number").is_in(finished or []))
            .then(pl.lit("SESSION_END"))
            .otherwise(pl.lit("RETIREMENT"))
        )
    else:
        at_the_end = pl.lit("SESSION_END")
    in_between = pl.when(pl.lit(is_red)).then(pl.lit("RED_FLAG")).otherwise(pl.lit("PIT_STOP"))
    return pl.when(is_last).then(at_the_end).otherwise(in_between).alias("end_reason")
