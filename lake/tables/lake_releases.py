"""``lake.releases``: which snapshots of all tables belong together."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract

LAKE_RELEASES = TableContract(
    name="lake.releases",
    description=(
        "States of the whole lake that readers may see. The newest is what everybody reads; the newest "
        "few can be read again. One row per release."
    ),
    columns=(
        Column("release_id", "int64", "Counts from 1, never reused.", nullable=False),
        Column("created_at", "timestamp", "When the step committed.", nullable=False),
        Column("step_id", "string", "The step that made the release.", nullable=False),
        Column("run_id", "string", "The run that the step belongs to.", nullable=False),
        Column("step", "string", "Name of the step, such as processed.", nullable=False),
        Column("weekend_key", "string", "Race weekend of the step; null where it was not about one."),
        Column(
            "changed_tables",
            "json",
            "Names of the tables that the step changed, a JSON list.",
            nullable=False,
        ),
        Column(
            "tables",
            "json",
            "Every table of the lake: name to snapshot_id and metadata_location. Null once the release is "
            "not kept any more.",
        ),
    ),
    key=("release_id",),
    scope=Scope.ALL,
    sort_by=("release_id",),
)
