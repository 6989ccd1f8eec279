"""Contract of ``curated.weekends``: race weekends."""

from __future__ import annotations

from lake.contracts import Column, Scope, TableContract
from lake.tables.columns import SEASON, WEEKEND_KEY

CURATED_WEEKENDS = TableContract(
    name="curated.weekends",
    description="Weekends of a season under our key, with each upstream's own number for them, matched by date and circuit. One row per weekend.",
    columns=(
        SEASON,
        WEEKEND_KEY,
        Column("round_number", "int32", "Round as announced; null for a test."),
        Column("is_test", "bool", "Whether it is a pre-season test.", nullable=False),
        Column("event_name", "string", "Name of the event.", nullable=False),
        Column("official_event_name", "string", "Full commercial name."),
        Column("country", "string", "Country."),
        Column("location", "string", "Town or circuit as announced."),
        Column(
            "event_format", "string", "conventional, sprint, sprint_shootout, sprint_qualifying or testing."
        ),
        Column("scheduled_date", "date", "Date of the race, or of the last day of a test."),
        Column("meeting_id_f1", "int32", "The feed's key of the meeting; null until a session was ingested."),
        Column("round_id_jolpica", "int32", "Jolpica's round; null where Jolpica has none."),
        Column(
            "circuit_key",
            "string",
            "Circuit: Jolpica's circuitId, else a slug of the location.",
            nullable=False,
        ),
        Column("circuit_name", "string", "Name of the circuit."),
        Column("circuit_country", "string", "Country of the circuit."),
        Column("circuit_locality", "string", "Town of the circuit."),
        Column("latitude_deg", "float64", "Latitude of the circuit."),
        Column("longitude_deg", "float64", "Longitude of the circuit."),
        Column(
            "matched_by",
            "string",
            "How the two calendars were matched: date_and_circuit, circuit, date, or jolpica_only, f1_only.",
            nullable=False,
            values=("date_and_circuit", "circuit", "date", "jolpica_only", "f1_only"),
        ),
        Column("match_note", "string", "What differs between the calendars; null where nothing does."),
    ),
    key=("weekend_key",),
    scope=Scope.SEASON,
    partition_by=("season",),
    sort_by=("weekend_key",),
)
