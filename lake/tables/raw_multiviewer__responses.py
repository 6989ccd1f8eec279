"""Contract of ``raw.multiviewer__responses``: responses of MultiViewer's circuit information."""

from __future__ import annotations

from lake.tables.raw_responses import responses_contract

RAW_MULTIVIEWER__RESPONSES = responses_contract("multiviewer", "MultiViewer's circuit information")
