"""Contracts keep the naming rules, so that the same quantity has the same name and unit everywhere."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from lake.contracts import Scope, TableContract
from lake.tables.registry import ALL_TABLES

TABLES = pytest.mark.parametrize("contract", ALL_TABLES.values(), ids=list(ALL_TABLES))


@TABLES
def test_table_stands_in_the_module_of_its_name(contract: TableContract) -> None:
    name = contract.name.replace(".", "_")
    module = importlib.import_module(f"lake.tables.{name}")
    assert getattr(module, name.upper()) is contract


@TABLES
def test_key_sort_and_partition_are_columns_and_the_key_is_never_null(contract: TableContract) -> None:
    columns = {column.name: column for column in contract.columns}
    assert len(columns) == len(contract.columns)
    assert set(contract.key) | set(contract.sort_by) | set(contract.partition_by) <= columns.keys()
    assert not [name for name in contract.key if columns[name].nullable]


@TABLES
def test_scope_column_is_there(contract: TableContract) -> None:
    if contract.scope is not Scope.ALL:
        assert contract.scope.column in contract.column_names


@TABLES
def test_description_says_what_one_row_is(contract: TableContract) -> None:
    assert "One row per " in contract.description
    assert contract.description.endswith(".")


@TABLES
def test_column_prefix_and_suffix_agree_with_its_type(contract: TableContract) -> None:
    for column in contract.columns:
        if column.name.startswith(("is_", "has_")):
            assert column.type == "bool", column.name
        if column.name.endswith("_at"):
            assert column.type == "timestamp", column.name
        if column.name.endswith(("_number", "_count")) and column.name not in {
            "car_number",
            "permanent_number",
        }:
            assert column.type in {"int32", "int64"}, column.name


def test_same_name_has_the_same_type_in_every_table() -> None:
    types: dict[str, set[str]] = {}
    for contract in ALL_TABLES.values():
        for column in contract.columns:
            types.setdefault(column.name, set()).add(column.type)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


def test_every_module_of_the_folder_is_registered() -> None:
    folder = Path(__file__).resolve().parents[2] / "lake" / "tables"
    modules = {
        path.stem
        for path in folder.glob("*.py")
        if path.stem.startswith(("raw_", "processed_", "curated_", "marts_", "lake_"))
    }
    registered = {name.replace(".", "_") for name in ALL_TABLES}
    assert modules - registered == {"raw_responses"}
