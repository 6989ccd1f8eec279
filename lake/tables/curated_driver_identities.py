"""Contract of ``curated.driver_identities``: driver identities."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_CODE, DRIVER_KEY, SESSION_COLUMNS, TEAM_KEY, TEAM_NAME

CURATED_DRIVER_IDENTITIES = TableContract(
    name="curated.driver_identities",
    description="Who sat in which car in a session, and what says so. One row per session, car and driver.",
    columns=(
        *SESSION_COLUMNS,
        Column(
            "car_number",
            "string",
            "Number on the car, as text; - where the official result names an entry without one.",
            nullable=False,
        ),
        DRIVER_KEY,
        Column(
            "is_provisional",
            "bool",
            "Whether the key rests on no driver identity of an upstream and may change.",
            nullable=False,
        ),
        Column(
            "evidence",
            "string",
            "What the identity rests on: the session's own result (result_number, result_code), other results of the weekend or the season's list of drivers (season_code, season_name, or weekend_number where the feed names nobody), feed_reference, or number_only.",
            nullable=False,
            values=(
                "result_number",
                "result_code",
                "season_code",
                "season_name",
                "weekend_number",
                "feed_reference",
                "number_only",
            ),
        ),
        DRIVER_CODE,
        Column("driver_id_jolpica", "string", "Jolpica's driverId; null where no document names the driver."),
        Column("driver_reference", "string", "The feed's reference."),
        Column("full_name", "string", "Full name."),
        Column("first_name", "string", "First name."),
        Column("last_name", "string", "Last name."),
        Column("nationality", "string", "Nationality; null where no document names it."),
        Column("date_of_birth", "date", "Date of birth; null where no document names it."),
        TEAM_KEY,
        TEAM_NAME,
        Column(
            "constructor_id_jolpica",
            "string",
            "Jolpica's constructorId; null where no document names the team.",
        ),
        Column("team_colour", "string", "Six hexadecimal digits."),
    ),
    key=("session_key", "car_number", "driver_key"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number"),
)
