"""What racing computes has the columns and types of the contract it is written to."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from lake.tables.registry import ALL_TABLES
from racing.circuits import CIRCUIT_SCHEMA
from racing.identities import IDENTITY_SCHEMA
from racing.lap_chart import LAP_POSITION_SCHEMA
from racing.laps import LAP_COLUMNS
from racing.pit_stops import PIT_STOP_SCHEMA
from racing.race_control_events import RACE_CONTROL_EVENT_SCHEMA
from racing.sessions import SESSION_SCHEMA
from racing.standings import STANDING_SCHEMA
from racing.stints import STINT_SCHEMA
from racing.tyre_sets import TYRE_SET_SCHEMA
from racing.tyres import COMPOUNDS, surface_class_of
from racing.weekends import WEEKEND_SCHEMA

TYPES: dict[str, Any] = {
    "string": pl.String,
    "int32": pl.Int32,
    "int64": pl.Int64,
    "float64": pl.Float64,
    "bool": pl.Boolean,
    "timestamp": pl.Datetime("us", "UTC"),
    "date": pl.Date,
}


@pytest.mark.parametrize(
    ("table", "schema"),
    [
        ("curated.weekends", WEEKEND_SCHEMA),
        ("curated.sessions", SESSION_SCHEMA),
        ("curated.driver_identities", IDENTITY_SCHEMA),
        ("curated.stints", STINT_SCHEMA),
        ("curated.pit_stops", PIT_STOP_SCHEMA),
        ("curated.tyre_sets", TYRE_SET_SCHEMA),
        ("curated.standings", STANDING_SCHEMA),
        ("curated.circuits", CIRCUIT_SCHEMA),
        ("curated.race_control_events", RACE_CONTROL_EVENT_SCHEMA),
        ("curated.lap_positions", LAP_POSITION_SCHEMA),
    ],
)
def test_computed_columns_are_those_of_the_contract(table: str, schema: dict[str, Any]) -> None:
    assert schema == {column.name: TYPES[column.type] for column in ALL_TABLES[table].columns}


def test_lap_columns_are_those_of_the_contract() -> None:
    assert ALL_TABLES["curated.laps"].column_names == LAP_COLUMNS


def test_compounds_and_surfaces_are_those_of_the_contract() -> None:
    allowed = {column.name: column.values for column in ALL_TABLES["curated.laps"].columns}
    assert set(allowed["compound"] or ()) == COMPOUNDS
    assert {surface_class_of(compound) for compound in COMPOUNDS} == set(allowed["surface_class"] or ())
