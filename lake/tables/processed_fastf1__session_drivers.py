"""Contract of ``processed.fastf1__session_drivers``: drivers of a session as the feed lists them."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import CAR_NUMBER, DRIVER_CODE, FASTF1_PROVENANCE, SESSION_COLUMNS, TEAM_NAME

PROCESSED_FASTF1__SESSION_DRIVERS = TableContract(
    name="processed.fastf1__session_drivers",
    description="Car numbers, codes and teams in one session. One row per session and car number.",
    columns=(
        *SESSION_COLUMNS,
        CAR_NUMBER,
        DRIVER_CODE,
        Column(
            "driver_reference",
            "string",
            "The feed's reference of the driver, such as LANNOR01; null where the feed has none.",
        ),
        Column("broadcast_name", "string", "Name on television, such as L NORRIS."),
        Column("full_name", "string", "Full name."),
        Column("first_name", "string", "First name."),
        Column("last_name", "string", "Last name."),
        TEAM_NAME,
        Column("team_colour", "string", "Six hexadecimal digits."),
        Column(
            "country_code",
            "string",
            "Three-letter country code of the driver; null since the feed stopped sending it.",
        ),
        Column("headshot_url", "string", "Address of the driver's picture."),
        *FASTF1_PROVENANCE,
    ),
    key=("session_key", "car_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number"),
)
