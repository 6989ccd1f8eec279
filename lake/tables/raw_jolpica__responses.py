"""Contract of ``raw.jolpica__responses``: responses of Jolpica, the successor of Ergast."""

from __future__ import annotations

from lake.tables.raw_responses import responses_contract

RAW_JOLPICA__RESPONSES = responses_contract("jolpica", "Jolpica, the successor of Ergast")
