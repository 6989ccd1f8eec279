"""Row filters as Iceberg expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.expressions import (
    AlwaysTrue,
    And,
    BooleanExpression,
    EqualTo,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThanOrEqual,
    Or,
)

from lake.contracts import Scope, TableContract
from lake.errors import UnknownColumnError
from lake.scopes import season_of_scope
from racing.keys import SESSION_CODES, season_of, session_key


@dataclass(frozen=True)
class ValueFilter:
    """Rows whose columns hold one of some values.

    Attributes:
        wanted: Column to its values; null matches null.
        rows: The same as an expression.
    """

    wanted: Mapping[str, tuple[Any, ...]]
    rows: BooleanExpression


def column_filter(where: Mapping[str, Any], columns: Collection[str], table: str) -> ValueFilter:
    """Return the filter for rows whose columns hold one of the given values.

    Args:
        where: Column to a value or a collection of values; null matches null.
        columns: Columns that the table has.
        table: The table's name, for the error.

    Raises:
        UnknownColumnError: If a column is not the table's.
    """
    values: dict[str, tuple[Any, ...]] = {}
    for name, wanted in where.items():
        if name not in columns:
            raise UnknownColumnError(f"{table} has no column {name!r}; it has {', '.join(columns)}")
        is_many = isinstance(wanted, Collection) and not isinstance(wanted, str | bytes)
        values[name] = tuple(wanted) if is_many else (wanted,)
    return ValueFilter(values, _all_of([_one_of(name, [*wanted]) for name, wanted in values.items()]))


# These classes take their arguments by position, which their type hints do not say.
_EQUAL: Any = EqualTo
_IN: Any = In
_IS_NULL: Any = IsNull
_AT_LEAST: Any = GreaterThanOrEqual
_AT_MOST: Any = LessThanOrEqual


@dataclass(frozen=True)
class RowSelection:
    """Rows that one commit replaces.

    Attributes:
        column: Column that tells them; null for all rows of the table.
        values: Its values.
        partitions: Filter for the partitions they lie in, or for more.
    """

    column: str | None
    values: tuple[Any, ...]
    partitions: BooleanExpression

    @property
    def rows(self) -> BooleanExpression:
        """Filter for exactly the rows."""
        if self.column is None:
            return AlwaysTrue()
        return And(self.partitions, _one_of(self.column, list(self.values)))


def scope_rows(contract: TableContract, scope_values: Collection[str]) -> RowSelection:
    """Return the selection of exactly the rows of the given scopes."""
    column = contract.scope.column
    if column is None:
        return RowSelection(None, (), AlwaysTrue())
    seasons = sorted({season_of_scope(contract, value) for value in scope_values})
    values: tuple[Any, ...] = (
        tuple(seasons) if contract.scope is Scope.SEASON else tuple(sorted(scope_values))
    )
    return RowSelection(column, values, _partitions(contract, column, values, seasons))


def tells_weekends_apart(contract: TableContract) -> bool:
    """Return whether the rows of a weekend can be told in a table, whatever its scope."""
    return not {"weekend_key", "session_key"}.isdisjoint(contract.column_names)


def weekend_rows(contract: TableContract, weekend_key: str) -> RowSelection:
    """Return the selection of a weekend's rows in a table that tells weekends apart, of any scope."""
    if "weekend_key" in contract.column_names:
        column, keys = "weekend_key", [weekend_key]
    else:
        column, keys = "session_key", [session_key(weekend_key, code) for code in SESSION_CODES]
    partitions = _partitions(contract, column, keys, [season_of(weekend_key)])
    return RowSelection(column, tuple(keys), partitions)


def range_filter(rows: pa.Table, names: Collection[str]) -> BooleanExpression:
    """Return the filter for rows whose columns lie between the smallest and largest of the given rows."""
    parts: list[BooleanExpression] = []
    for name in names:
        bounds = pc.min_max(rows[name]).as_py()
        parts.extend((_AT_LEAST(name, bounds["min"]), _AT_MOST(name, bounds["max"])))
    return _all_of(parts)


def _partitions(
    contract: TableContract, column: str, values: Collection[Any], seasons: Collection[int]
) -> BooleanExpression:
    if "season" in contract.partition_by:
        return _one_of("season", list(seasons))
    return _one_of(column, list(values)) if column in contract.partition_by else AlwaysTrue()


def _one_of(name: str, values: list[Any]) -> BooleanExpression:
    known = [value for value in values if value is not None]
    expression: BooleanExpression = _EQUAL(name, known[0]) if len(known) == 1 else _IN(name, known)
    if len(known) == len(values):
        return expression
    return Or(expression, _IS_NULL(name)) if known else _IS_NULL(name)


def _all_of(parts: list[BooleanExpression]) -> BooleanExpression:
    return reduce(And, parts) if parts else AlwaysTrue()
