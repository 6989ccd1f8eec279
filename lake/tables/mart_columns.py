"""Columns that several marts share, and the way a mart takes over a column with its text.

A column that a mart passes on unchanged keeps the name, type and text of the table it comes from.
"""

from __future__ import annotations

from lake.contracts import Column, TableContract
from lake.tables.curated_weekends import CURATED_WEEKENDS


def take(contract: TableContract, *names: str) -> tuple[Column, ...]:
    """Return columns of another table as they are described there.

    Args:
        contract: Table that the columns come from.
        names: Column names, in the order wanted.

    Raises:
        KeyError: If the table has no such column.
    """
    columns = {column.name: column for column in contract.columns}
    return tuple(columns[name] for name in names)


(CIRCUIT_KEY,) = take(CURATED_WEEKENDS, "circuit_key")

POINTS_NOT_COUNTED = Column(
    "points_not_counted",
    "float64",
    "Points scored less those that count: dropped scores, further cars of a team, exclusions. Negative where a result in the lake lacks rows; null where the sum is not known.",
)

FIRST_SEASON = Column("first_season", "int32", "First season in the lake.", nullable=False)
LAST_SEASON = Column("last_season", "int32", "Newest season in the lake.", nullable=False)

FUEL_MASS = Column(
    "fuel_mass_kg",
    "float64",
    "Modelled fuel on board in the middle of the lap (metrics C1); null outside races.",
)
FUEL_CORRECTED_LAP_TIME = Column(
    "fuel_corrected_lap_time_s",
    "float64",
    "Lap time less what the modelled fuel costs (metrics C1): that of an empty car. Null where there is no lap time or no fuel model.",
)
POSITIONS_GAINED = Column(
    "positions_gained_count",
    "int32",
    "Grid position less finishing position; positive is forward. A start from the pit lane counts from behind the last grid place. Null where either is unknown.",
)
IS_STARTED = Column(
    "is_started",
    "bool",
    "Whether the entry took the start: false where it withdrew, did not qualify or did not start. Null outside races.",
)
IS_DNF = Column(
    "is_dnf",
    "bool",
    "Whether the entry started and was neither classified nor disqualified. Null outside races.",
)
