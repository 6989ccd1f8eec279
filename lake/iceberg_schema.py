"""Translates table contracts into Iceberg schemas, partition specs and table properties."""

from __future__ import annotations

from pyiceberg.partitioning import PARTITION_FIELD_ID_START, PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DoubleType,
    IcebergType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

from lake.contracts import ColumnType, TableContract
from lake.settings import METADATA_VERSIONS

CONTRACT_VERSION = "f1lake.contract_version"
"""Table property that holds the version of the contract the table was last brought to."""

_TYPES: dict[ColumnType, IcebergType] = {
    "string": StringType(),
    "int32": IntegerType(),
    "int64": LongType(),
    "float64": DoubleType(),
    "bool": BooleanType(),
    "timestamp": TimestamptzType(),
    "date": DateType(),
    "binary": BinaryType(),
    "json": StringType(),
}


def iceberg_type(column_type: ColumnType) -> IcebergType:
    """Return the Iceberg type of a contract's column type."""
    return _TYPES[column_type]


def iceberg_schema(contract: TableContract) -> Schema:
    """Return the Iceberg schema of a contract, columns numbered from 1 in the contract's order."""
    return Schema(
        *(
            NestedField(
                field_id=number,
                name=column.name,
                field_type=_TYPES[column.type],
                required=not column.nullable,
                doc=column.description,
            )
            for number, column in enumerate(contract.columns, start=1)
        )
    )


def partition_spec(contract: TableContract, schema: Schema) -> PartitionSpec:
    """Return the identity partition spec of a contract."""
    return PartitionSpec(
        *(
            PartitionField(
                source_id=schema.find_field(name).field_id,
                field_id=PARTITION_FIELD_ID_START + number,
                transform=IdentityTransform(),
                name=name,
            )
            for number, name in enumerate(contract.partition_by)
        )
    )


def row_group_rows(contract: TableContract) -> int:
    """Return how many rows a reader skips or takes at once: about a weekend, or a big slice of telemetry."""
    return 4096 if "season" in contract.partition_by else 131_072


def _column_statistics(contract: TableContract) -> dict[str, str]:
    """Return the properties that keep file statistics to the columns by which files are found.

    Statistics of forty measures would double what every manifest says of a file.
    """
    found_by = {contract.scope.column, "season", "weekend_key", "session_key"}
    modes = {
        name: "full" if name in found_by else "truncate(16)"
        for name in (*contract.key, *contract.partition_by)
    }
    modes |= {name: "full" for name in contract.column_names if name in found_by}
    return {
        "write.metadata.metrics.default": "none",
        **{f"write.metadata.metrics.column.{name}": mode for name, mode in modes.items()},
    }


def table_properties(contract: TableContract) -> dict[str, str]:
    """Return the properties that keep commits quick and files few; see docs/decisions/0002."""
    return {
        "format-version": "2",
        CONTRACT_VERSION: str(contract.version),
        "comment": contract.description,
        "write.parquet.compression-codec": "zstd",
        "write.parquet.row-group-limit": str(row_group_rows(contract)),
        **_column_statistics(contract),
        "write.metadata.delete-after-commit.enabled": "true",
        "write.metadata.previous-versions-max": str(METADATA_VERSIONS),
    }
