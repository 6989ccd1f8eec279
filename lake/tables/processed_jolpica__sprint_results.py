"""Contract of ``processed.jolpica__sprint_results``: results of the sprint."""

from __future__ import annotations

from lake.tables.jolpica_entries import race_results_contract

PROCESSED_JOLPICA__SPRINT_RESULTS = race_results_contract("sprint_results", "sprint")
