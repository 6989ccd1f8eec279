"""Contract of ``processed.jolpica__results``: results of the race."""

from __future__ import annotations

from lake.tables.jolpica_entries import race_results_contract

PROCESSED_JOLPICA__RESULTS = race_results_contract("results", "race")
