"""``lake.writes``: the ledger of what was written from what."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract

LAKE_WRITES = TableContract(
    name="lake.writes",
    description=(
        "The ledger: what each scope of each table was last written from. Superseded rows are dropped now "
        "and then, so take the newest of a table and scope. One row per write of one scope of one table."
    ),
    columns=(
        Column("step_id", "string", "The step that wrote.", nullable=False),
        Column("run_id", "string", "The run that the step belongs to.", nullable=False),
        Column("step", "string", "Name of the step, such as processed.", nullable=False),
        Column("table_name", "string", "Table written, zone.table.", nullable=False),
        Column(
            "scope_value",
            "string",
            "Session key, weekend key, season, or all: what was replaced.",
            nullable=False,
        ),
        Column("weekend_key", "string", "Race weekend of the scope; null for a season or the whole table."),
        Column(
            "recipe_digest",
            "string",
            "SHA-256 of table, scope, input digests, logic and contract version; null where the scope was "
            "removed.",
        ),
        Column(
            "rows_digest",
            "string",
            "SHA-256 of the rows in order, without provenance columns; null where the scope was removed.",
        ),
        Column("row_count", "int64", "Rows written.", nullable=False),
        Column("inputs", "json", "Input name to digest, as a JSON object.", nullable=False),
        Column("logic_version", "int32", "Version of the computing function.", nullable=False),
        Column("contract_version", "int32", "Version of the table's contract.", nullable=False),
        Column("snapshot_id", "int64", "Iceberg snapshot that holds the rows; null where none was needed."),
        Column("written_at", "timestamp", "When the step committed.", nullable=False),
    ),
    key=("step_id", "table_name", "scope_value"),
    scope=Scope.ALL,
    sort_by=("table_name", "scope_value", "written_at"),
)
