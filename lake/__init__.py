"""The only door to Iceberg, object storage and DuckDB: contracts, writing, reading, releases."""
