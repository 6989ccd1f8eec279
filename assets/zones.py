"""What all tables of a zone have in common in Dagster: group, owners, kinds, and the words about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Zone:
    """Group, owners and kinds of one zone's assets."""

    name: str
    kinds: tuple[str, ...]
    owners: tuple[str, ...]
    description: str


ZONES: dict[str, Zone] = {
    "raw": Zone(
        "raw",
        ("iceberg", "bronze"),
        ("team:ingestion",),
        "The bytes the sources sent, append-only by content.",
    ),
    "processed": Zone(
        "processed",
        ("iceberg", "silver"),
        ("team:ingestion",),
        "One source, parsed: our names, types, units and keys.",
    ),
    "curated": Zone(
        "curated",
        ("iceberg", "polars", "silver"),
        ("team:racing",),
        "Sources reconciled, and what is derived from them.",
    ),
    "marts": Zone(
        "marts",
        ("iceberg", "dbt", "gold"),
        ("team:analytics",),
        "Facts and dimensions that answer questions.",
    ),
}
"""Zone name to what its assets share, in the order data flows."""
