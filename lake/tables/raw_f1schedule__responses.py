"""Contract of ``raw.f1schedule__responses``: responses of the season calendar that FastF1 uses."""

from __future__ import annotations

from lake.tables.raw_responses import responses_contract

RAW_F1SCHEDULE__RESPONSES = responses_contract("f1schedule", "the season calendar that FastF1 uses")
