"""Declaration of ``curated.circuits``."""

from __future__ import annotations

from assets.table_asset import Input, TableAsset
from racing.circuits import describe_circuit

CIRCUITS = TableAsset(
    table="curated.circuits",
    inputs={
        "weekends": Input("curated.weekends"),
        "circuits": Input("processed.multiviewer__circuits"),
        "results": Input("processed.jolpica__results"),
        "jolpica_laps": Input("processed.jolpica__laps"),
    },
    compute=describe_circuit,
    takes_scope=True,
)
