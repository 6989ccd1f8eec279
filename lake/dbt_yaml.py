"""Writes the YAML beside the staging models and the marts from the contracts in ``lake/tables``.

Names, types, texts, keys and references to dimensions stand in the contracts; here they become dbt
contracts and tests. Unit tests are written by hand: everything from the line ``unit_tests:`` on is kept.
``python -m lake.dbt_yaml`` writes the files; a test holds them equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from lake.contracts import Column, TableContract
from lake.dbt_models import DBT_PROJECT, MARTS, SqlModel, sql_models
from lake.tables.registry import ALL_TABLES

_TYPES = {
    "string": "varchar",
    "int32": "integer",
    "int64": "bigint",
    "float64": "double",
    "bool": "boolean",
    "timestamp": "timestamp with time zone",
    "date": "date",
    "binary": "blob",
    "json": "varchar",
}
_HEAD = (
    "# Written by `python -m lake.dbt_yaml` from lake/tables: change a column there. "
    "Unit tests, from their line on, are written by hand.\n"
)
_TAIL = "unit_tests:\n"

_DIMENSIONS: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (("session_key",), "dim_session", ("session_key",)),
    (("weekend_key",), "dim_weekend", ("weekend_key",)),
    (("circuit_key",), "dim_circuit", ("circuit_key",)),
    (("driver_key",), "dim_driver", ("driver_key",)),
    (("team_mate_driver_key",), "dim_driver", ("driver_key",)),
    (("season", "team_key"), "dim_team", ("season", "team_key")),
)
"""Columns, the dimension they refer to, and its columns."""

_STANDINGS = "fct_standing"
"""Standings name everybody of the season, also those of whom the lake has no session."""


def written_files(project: Path = DBT_PROJECT) -> dict[Path, str]:
    """Return every file that is written from the contracts, with the text it should have.

    Args:
        project: Folder of the dbt project; its models say which files there are.
    """
    models = sql_models(project)
    staging = [model for model in models.values() if model.layer == "staging" and model.sources]
    files = {project / "models" / "staging" / "sources.yml": _sources(staging)}
    for model in staging:
        path = project / "models" / "staging" / f"{model.name}.yml"
        files[path] = _kept(path, _staging(ALL_TABLES[model.sources[0]], model))
    for model in models.values():
        if model.layer == MARTS:
            path = project / "models" / MARTS / f"{model.name}.yml"
            files[path] = _kept(path, _mart(ALL_TABLES[f"{MARTS}.{model.name}"]))
    return files


def references(contract: TableContract) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Return the dimensions a mart refers to: its columns, the dimension, the dimension's columns.

    A table of sessions refers to the weekend through the session.
    """
    names = set(contract.column_names)
    found = [entry for entry in _DIMENSIONS if set(entry[0]) <= names and entry[1] != contract.table]
    if any(dimension == "dim_session" for _, dimension, _ in found):
        found = [entry for entry in found if entry[1] != "dim_weekend"]
    if contract.table == _STANDINGS:
        found = [entry for entry in found if entry[1] == "dim_weekend"]
    return found


def _kept(path: Path, generated: str) -> str:
    """Return the generated text followed by the unit tests that the file has now."""
    text = path.read_text("utf-8") if path.is_file() else ""
    _, found, tail = text.partition(f"\n{_TAIL}")
    return f"{generated}\n{_TAIL}{tail}" if found else generated


def _sources(staging: list[SqlModel]) -> str:
    lines = ["version: 2", "", "sources:", "  - name: curated"]
    lines += ["    description: Reconciled tables of the lake, as views on its newest rows.", "    tables:"]
    for model in staging:
        contract = ALL_TABLES[model.sources[0]]
        lines += [
            f"      - name: {contract.table}",
            f"        description: {json.dumps(contract.description, ensure_ascii=False)}",
        ]
    lines += [
        "  - name: scope",
        "    description: What to build, registered before each build; rows, never variables.",
        "    tables:",
        "      - name: weekends",
        "        description: Race weekends to build. One row per weekend.",
    ]
    return "\n".join([_HEAD.rstrip("\n"), *lines, ""])


def _staging(contract: TableContract, model: SqlModel) -> str:
    lines = list(_model_head(model.name, f"View of {contract.name}: {contract.description}"))
    lines.append("    columns:")
    for column in contract.columns:
        if f"    {column.name},\n" in model.text:
            lines += _column(column, is_enforced=False)
    return "\n".join([*lines, ""])


def _mart(contract: TableContract) -> str:
    lines = list(_model_head(contract.table, contract.description))
    lines += ["    config:", "      contract:", "        enforced: true", "    columns:"]
    for column in contract.columns:
        lines += _column(column, is_enforced=True)
    lines += [
        "    data_tests:",
        "      - is_key:",
        f"          name: {contract.table}_key",
        f"          arguments: {{columns: [{', '.join(contract.key)}]}}",
    ]
    lines += _references(contract)
    return "\n".join([*lines, ""])


def _references(contract: TableContract) -> Iterator[str]:
    found = references(contract)
    if found:
        yield "      - refers_to:"
        yield f"          name: {contract.table}_refers_to_dimensions"
        yield "          arguments:"
        yield "            dimensions:"
    for columns, dimension, dimension_columns in found:
        yield f"              - columns: [{', '.join(columns)}]"
        yield f"                to: ref('{dimension}')"
        yield f"                to_columns: [{', '.join(dimension_columns)}]"


def _model_head(name: str, description: str) -> Iterator[str]:
    yield _HEAD.rstrip("\n")
    yield "version: 2"
    yield ""
    yield "models:"
    yield f"  - name: {name}"
    yield f"    description: {json.dumps(description, ensure_ascii=False)}"


def _column(column: Column, *, is_enforced: bool) -> Iterator[str]:
    yield f"      - name: {column.name}"
    if is_enforced:
        yield f"        data_type: {_TYPES[column.type]}"
    yield f"        description: {json.dumps(column.description, ensure_ascii=False)}"
    if is_enforced and not column.nullable:
        yield "        constraints: [{type: not_null}]"


def main() -> None:
    """Write the files."""
    for path, text in written_files().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
