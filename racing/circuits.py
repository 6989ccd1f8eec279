"""The circuit of a weekend as it was then: length, measures, and the fastest lap of the race."""

from __future__ import annotations

from typing import Any

import polars as pl

from racing.circuit_lengths import length_m

CIRCUIT_SCHEMA: dict[str, Any] = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "circuit_key": pl.String,
    "circuit_name": pl.String,
    "length_m": pl.Int32,
    "circuit_id_f1": pl.Int32,
    "rotation_deg": pl.Float64,
    "outline_length_m": pl.Float64,
    "corners_count": pl.Int32,
    "marshal_sectors_count": pl.Int32,
    "pit_loss_s": pl.Float64,
    "pit_loss_safety_car_s": pl.Float64,
    "pit_loss_virtual_safety_car_s": pl.Float64,
    "fastest_race_lap_ms": pl.Int64,
    "fastest_race_lap_number": pl.Int32,
    "fastest_race_lap_driver_key": pl.String,
}
"""Columns of the result; the contract is ``curated.circuits``."""

_LAP = ("fastest_race_lap_ms", "fastest_race_lap_number", "fastest_race_lap_driver_key")


def describe_circuit(
    weekends: pl.DataFrame,
    circuits: pl.DataFrame,
    results: pl.DataFrame,
    jolpica_laps: pl.DataFrame,
    *,
    weekend_key: str,
) -> pl.DataFrame:
    """Return the circuit of one weekend.

    Args:
        weekends: ``curated.weekends``; that of the weekend is taken.
        circuits: ``processed.multiviewer__circuits`` of the weekend; may be empty.
        results: ``processed.jolpica__results`` of the weekend; may be empty.
        jolpica_laps: ``processed.jolpica__laps`` of the weekend; stands in for a
            result without fastest laps.
        weekend_key: The weekend.

    Returns:
        One row, or none where the weekend is not known.

    Source: docs/glossary.md#circuit.
    """
    own = weekends.filter(pl.col("weekend_key") == weekend_key).select(
        "season", "weekend_key", "circuit_key", "circuit_name"
    )
    lengths = [length_m(circuit, weekend_key) for circuit in own["circuit_key"]]
    measured = circuits.drop("season", "circuit_name")
    described = (
        own.with_columns(pl.Series("length_m", lengths, pl.Int32))
        .join(measured, on="weekend_key", how="left")
        .join(_fastest_lap(results, jolpica_laps), how="left", on="weekend_key")
    )
    return described.select(pl.col(name).cast(kind) for name, kind in CIRCUIT_SCHEMA.items())


def _fastest_lap(results: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """Return the fastest lap of the race, one row or none; of two the one that comes first in the source."""
    official = results.select(
        "weekend_key",
        pl.col("fastest_lap_time_ms").alias(_LAP[0]),
        pl.col("fastest_lap_number").alias(_LAP[1]),
        pl.col("driver_id_jolpica").alias(_LAP[2]),
    ).drop_nulls(_LAP[0])
    charted = laps.sort("lap_number", "position", nulls_last=True).select(
        "weekend_key",
        pl.col("lap_time_ms").alias(_LAP[0]),
        pl.col("lap_number").alias(_LAP[1]),
        pl.col("driver_id_jolpica").alias(_LAP[2]),
    )
    known = charted.drop_nulls(_LAP[0]) if official.is_empty() else official
    return known.sort(_LAP[0], maintain_order=True).head(1)
