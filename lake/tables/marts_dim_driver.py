"""Contract of ``marts.dim_driver``: drivers."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_KEY
from lake.tables.curated_driver_identities import CURATED_DRIVER_IDENTITIES
from lake.tables.mart_columns import FIRST_SEASON, LAST_SEASON, take

MARTS_DIM_DRIVER = TableContract(
    name="marts.dim_driver",
    description="Drivers seen in any session, with what is known of them; where sessions differ, the newest one counts. One row per driver.",
    columns=(
        DRIVER_KEY,
        Column(
            "is_provisional",
            "bool",
            "Whether no session knows the driver by an identity of an upstream, so that the key may change.",
            nullable=False,
        ),
        *take(
            CURATED_DRIVER_IDENTITIES,
            "driver_id_jolpica",
            "driver_reference",
            "full_name",
            "first_name",
            "last_name",
            "nationality",
            "date_of_birth",
        ),
        Column("latest_driver_code", "string", "Three-letter code in the newest session that has one."),
        Column("latest_car", "string", "Number on the car in the newest session, as text.", nullable=False),
        Column("latest_team_key", "string", "Team in the newest session; null where it is unknown."),
        FIRST_SEASON,
        LAST_SEASON,
        Column("sessions_count", "int32", "Sessions of the driver in the lake.", nullable=False),
    ),
    key=("driver_key",),
    scope=Scope.ALL,
    sort_by=("driver_key",),
)
