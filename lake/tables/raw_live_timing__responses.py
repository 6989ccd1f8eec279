"""Contract of ``raw.live_timing__responses``: responses of the live-timing archive."""

from __future__ import annotations

from lake.tables.raw_responses import responses_contract

RAW_LIVE_TIMING__RESPONSES = responses_contract("live_timing", "the live-timing archive")
