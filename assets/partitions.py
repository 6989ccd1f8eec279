"""The one partition key space of the project: the race weekend."""

import dagster as dg

RACE_WEEKEND = dg.DynamicPartitionsDefinition(name="race_weekend")
"""Keys such as 2024-08 or 2026-T1, registered once the first session has started, and frozen then."""
