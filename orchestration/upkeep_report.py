"""What upkeep did, in sentences that the command line and the job's log share."""

from collections.abc import Sequence

from lake.maintenance import TableMaintenance


def maintenance_sentence(table: TableMaintenance, *, is_dry: bool) -> str:
    """Return what was done for one table, or would be."""
    would = "would be " if is_dry else ""
    parts = []
    if table.merged_files:
        parts.append(f"{table.merged_files} data files {would}merged into {table.new_files}")
    if table.expired_snapshots:
        parts.append(f"{table.expired_snapshots} snapshots {would}forgotten")
    if table.deleted_files:
        parts.append(f"{table.deleted_files} files ({megabytes(table.deleted_bytes)}) {would}deleted")
    return f"{table.name}: {', '.join(parts)}"


def maintenance_total(tables: Sequence[TableMaintenance], *, is_dry: bool) -> str:
    """Return what was done in all."""
    if not tables:
        return "Nothing to do."
    files = sum(table.deleted_files for table in tables)
    freed = megabytes(sum(table.deleted_bytes for table in tables))
    fewer = sum(table.merged_files - table.new_files for table in tables)
    would = "would be " if is_dry else ""
    return f"{len(tables)} tables: {fewer} data files fewer to read, {files} files ({freed}) {would}deleted"


def megabytes(byte_count: int) -> str:
    """Return a size as people read it."""
    return f"{byte_count / 1e9:.1f} GB" if byte_count >= 1e9 else f"{byte_count / 1e6:.1f} MB"
