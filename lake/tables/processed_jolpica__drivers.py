"""Contract of ``processed.jolpica__drivers``: the drivers of a season."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_CODE, SEASON, SOURCE_PROVENANCE

PROCESSED_JOLPICA__DRIVERS = TableContract(
    name="processed.jolpica__drivers",
    description="Drivers that took part in a season. One row per season and driver.",
    columns=(
        SEASON,
        Column("driver_id_jolpica", "string", "Jolpica's driverId.", nullable=False),
        DRIVER_CODE,
        Column("permanent_number", "string", "The driver's own number; null before 2014."),
        Column("first_name", "string", "Given name."),
        Column("last_name", "string", "Family name."),
        Column("date_of_birth", "date", "Date of birth; null where unknown."),
        Column("nationality", "string", "Nationality."),
        Column("wikipedia_url", "string", "Article about the driver."),
        *SOURCE_PROVENANCE,
    ),
    key=("season", "driver_id_jolpica"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("driver_id_jolpica",),
)
