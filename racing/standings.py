"""Both championships after a weekend, from the official standings."""

from __future__ import annotations

from typing import Any

import polars as pl

STANDING_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "championship": pl.String,
    "standing_order": pl.Int32,
    "position": pl.Int32,
    "position_text": pl.String,
    "points": pl.Float64,
    "wins_count": pl.Int32,
    "driver_key": pl.String,
    "team_key": pl.String,
    "team_keys": pl.String,
    "competitor_name": pl.String,
    "points_behind_leader": pl.Float64,
}
"""Columns of the result; the contract is ``curated.standings``."""


def describe_standings(driver_standings: pl.DataFrame, constructor_standings: pl.DataFrame) -> pl.DataFrame:
    """Return both championships after one weekend.

    Args:
        driver_standings: ``processed.jolpica__driver_standings`` of the weekend; may be empty.
        constructor_standings: ``processed.jolpica__constructor_standings`` of the weekend; empty before 1958.

    Returns:
        One row per championship and competitor, in the order of the standings. The leader is the first in
        the list who is ranked: an excluded driver (1997) keeps the points but leads nobody.

    Source: docs/explanation/history.md#standings.
    """
    drivers = driver_standings.with_columns(
        championship=pl.lit("drivers"),
        driver_key=pl.col("driver_id_jolpica"),
        team_key=pl.lit(None, pl.String),
        team_keys=pl.col("constructor_ids_jolpica").str.replace_all("|", " ", literal=True),
        competitor_name=pl.concat_str("first_name", "last_name", separator=" ", ignore_nulls=True),
    )
    constructors = constructor_standings.with_columns(
        championship=pl.lit("constructors"),
        driver_key=pl.lit(None, pl.String),
        team_key=pl.col("constructor_id_jolpica"),
        team_keys=pl.lit(None, pl.String),
        competitor_name=pl.col("constructor_name"),
    )
    kept = [name for name in STANDING_SCHEMA if name != "points_behind_leader"]
    leader = pl.col("points").filter(pl.col("position").is_not_null()).first().over("championship")
    # Shares of a fastest lap (1954) are sevenths of a point: without rounding the last bits are noise.
    behind = (pl.coalesce(leader, pl.col("points").max().over("championship")) - pl.col("points")).round(6)
    return (
        pl.concat([drivers.select(kept), constructors.select(kept)])
        .sort("championship", "standing_order")
        .with_columns(points_behind_leader=behind)
        .select(pl.col(name).cast(kind) for name, kind in STANDING_SCHEMA.items())
    )
