"""What Jolpica says of an entry: the columns and contracts that its result tables share."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import DRIVER_CODE, SESSION_COLUMNS, SOURCE_PROVENANCE

ENTRY_COLUMNS = (
    Column(
        "result_order", "int32", "Place of the entry in the result's list, counted from 1.", nullable=False
    ),
    Column("round_id_jolpica", "int32", "Round in Jolpica's numbering.", nullable=False),
    Column("car_number", "string", "Number on the car; null where unknown."),
    Column("driver_id_jolpica", "string", "Jolpica's driverId.", nullable=False),
    DRIVER_CODE,
    Column("permanent_number", "string", "The driver's own number; null before 2014."),
    Column("first_name", "string", "Given name."),
    Column("last_name", "string", "Family name."),
    Column("date_of_birth", "date", "Date of birth; null where unknown."),
    Column("nationality", "string", "Nationality."),
    Column("constructor_id_jolpica", "string", "Jolpica's constructorId; null where the entry had none."),
    Column("constructor_name", "string", "Name of the constructor."),
    Column("constructor_nationality", "string", "Nationality of the constructor."),
)
"""Place in the list, round, car, driver and constructor of an entry."""

_RACE_COLUMNS = (
    Column("position", "int32", "Official position.", nullable=False),
    Column(
        "position_text",
        "string",
        "Position, or R retired, D disqualified, E excluded, W withdrawn, F failed to qualify, N not classified.",
        nullable=False,
    ),
    Column("points", "float64", "Championship points."),
    Column("grid_position", "int32", "Place on the grid; 0 is a start from the pit lane."),
    Column("laps_completed", "int32", "Laps completed by the official count."),
    Column("status", "string", "Finished, Lapped, Retired, or the cause."),
    Column("race_time_ms", "int64", "Total time with penalties; null for lapped and retired cars."),
    Column("gap_text", "string", "Time or gap as Jolpica writes it."),
    Column("fastest_lap_number", "int32", "Lap of the entry's fastest lap."),
    Column("fastest_lap_rank", "int32", "Rank of the entry's fastest lap."),
    Column("fastest_lap_time_ms", "int64", "Time of the entry's fastest lap."),
)


def race_results_contract(table: str, what: str) -> TableContract:
    """Return the contract of one of Jolpica's tables of race results.

    Args:
        table: Name after the source, ``results`` or ``sprint_results``.
        what: The session in words, for the description.
    """
    return TableContract(
        name=f"processed.jolpica__{table}",
        description=(
            f"Official result of the {what} as Jolpica has it now. One row per session and entry, in the order "
            "of the result."
        ),
        columns=(*SESSION_COLUMNS, *ENTRY_COLUMNS, *_RACE_COLUMNS, *SOURCE_PROVENANCE),
        key=("session_key", "result_order"),
        scope=Scope.WEEKEND,
        partition_by=("season",),
        sort_by=("session_key", "result_order"),
    )
