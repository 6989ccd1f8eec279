"""Declaration of ``curated.tyre_sets``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.tyre_sets import list_tyre_sets

TYRE_SETS = TableAsset(
    table="curated.tyre_sets",
    inputs={
        "stints": Input("curated.stints"),
        "sessions": Input("curated.sessions"),
    },
    compute=list_tyre_sets,
    takes_scope=True,
    logic_version=2,
)
