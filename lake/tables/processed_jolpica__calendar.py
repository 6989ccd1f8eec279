"""Contract of ``processed.jolpica__calendar``: calendar of the season as Jolpica has it."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, SOURCE_PROVENANCE

PROCESSED_JOLPICA__CALENDAR = TableContract(
    name="processed.jolpica__calendar",
    description="Rounds, circuits and dates in Jolpica's own numbering. One row per round.",
    columns=(
        SEASON,
        Column(
            "round_id_jolpica",
            "int32",
            "Round in Jolpica's numbering; not always the announced one.",
            nullable=False,
        ),
        Column("race_name", "string", "Name of the Grand Prix.", nullable=False),
        Column("circuit_id_jolpica", "string", "Jolpica's circuitId.", nullable=False),
        Column("circuit_name", "string", "Name of the circuit."),
        Column("locality", "string", "Town of the circuit."),
        Column("country", "string", "Country of the circuit, Jolpica's spelling."),
        Column("latitude_deg", "float64", "Latitude of the circuit; null where Jolpica has none."),
        Column("longitude_deg", "float64", "Longitude of the circuit; null where Jolpica has none."),
        Column("race_date", "date", "Date of the race (UTC where a time is known).", nullable=False),
        Column("race_start_at", "timestamp", "Announced start of the race; null before 2005 or so."),
        Column("sprint_start_at", "timestamp", "Announced start of the sprint; null where there is none."),
        Column("qualifying_start_at", "timestamp", "Announced start of qualifying; null where unknown."),
        Column("wikipedia_url", "string", "Article about the race."),
        *SOURCE_PROVENANCE,
    ),
    key=("season", "round_id_jolpica"),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("round_id_jolpica",),
)
