"""Checks rows against their table's contract and gives them the contract's types.

What a rule is, is in ``lake/contracts.py``; rules across tables are ``lake/checks.py``. Every violation
is one sentence that names table, column, scope, how many rows, and shows one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lake.contracts import Column, ColumnType, Scope, TableContract
from lake.errors import AuditFailedError
from lake.scopes import expected_keys

_SHOWN_KEY_COLUMNS = 6


def audited(contract: TableContract, scope_value: str | None, rows: pa.Table | pl.DataFrame) -> pa.Table:
    """Return the rows with the contract's columns, in its order and types.

    Args:
        contract: The table's contract.
        scope_value: The one scope that all rows belong to; null where rows are appended to any scope.
        rows: The rows; integer, text and time columns may have other types as long as no value changes.

    Raises:
        AuditFailedError: If anything breaks the contract; all violations are named at once.
    """
    arrow = rows.to_arrow() if isinstance(rows, pl.DataFrame) else rows
    where = contract.name if scope_value is None else f"{contract.name} [{scope_value}]"
    columns = list(_column_set_violations(contract, arrow))
    if columns:
        raise _failed(where, columns)
    typed, violations = _typed(contract, arrow)
    if violations:
        raise _failed(where, violations)
    violations = [
        *_null_violations(contract, typed),
        *_value_violations(contract, typed),
        *_scope_violations(contract, scope_value, typed),
        *_key_violations(contract, typed),
    ]
    if violations:
        raise _failed(where, violations)
    return typed


def _failed(where: str, violations: list[str]) -> AuditFailedError:
    return AuditFailedError(
        f"{where}: rows break the table's contract, nothing was written. "
        "Correct the function that computes them, or the contract in lake/tables/ and its version.",
        tuple(f"{where} {violation}" for violation in violations),
    )


def _column_set_violations(contract: TableContract, rows: pa.Table) -> Iterator[str]:
    names = set(rows.column_names)
    if missing := [name for name in contract.column_names if name not in names]:
        yield f"lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
    if foreign := sorted(names - set(contract.column_names)):
        yield f"has the column{'s' * (len(foreign) > 1)} {', '.join(foreign)}, unknown to the contract"
    if len(names) != len(rows.column_names):
        yield "has two columns of one name"


def _typed(contract: TableContract, rows: pa.Table) -> tuple[pa.Table, list[str]]:
    arrays: list[pa.ChunkedArray] = []
    violations: list[str] = []
    for column in contract.columns:
        given = rows[column.name]
        try:
            arrays.append(_cast(given, column))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            reason = str(error).splitlines()[0]
            violations.append(
                f"{column.name}: {given.type} cannot become {column.type} without changing values ({reason})"
            )
    if violations:
        return rows, violations
    schema = pa.schema([pa.field(column.name, column.arrow_type) for column in contract.columns])
    return pa.Table.from_arrays(arrays, schema=schema), []


def _cast(given: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    if pa.types.is_dictionary(given.type):
        given = given.cast(given.type.value_type)
    if pa.types.is_floating(given.type) and pc.any(pc.is_nan(given)).as_py():
        count = pc.sum(pc.is_nan(given)).as_py()
        message = f"{count} values are NaN; unknown is null"
        raise pa.ArrowInvalid(message)
    if given.type == column.arrow_type:
        return given
    if not _is_lossless_kind(given.type, column):
        message = f"the types are of different kinds; make it {column.arrow_type} where it is computed"
        raise pa.ArrowTypeError(message)
    return given.cast(column.arrow_type, safe=True)


def _is_lossless_kind(given: pa.DataType, column: Column) -> bool:
    is_number = pa.types.is_integer(given) or pa.types.is_floating(given)
    is_text = pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given)
    is_bytes = pa.types.is_binary(given) or pa.types.is_large_binary(given) or pa.types.is_binary_view(given)
    fits: dict[ColumnType, bool] = {
        "string": is_text,
        "json": is_text,
        "int32": is_number,
        "int64": is_number,
        "float64": is_number,
        "bool": pa.types.is_boolean(given),
        # A timestamp without zone may be local time: only its maker knows.
        "timestamp": pa.types.is_timestamp(given) and given.tz is not None,
        "date": pa.types.is_date(given),
        "binary": is_bytes,
    }
    return bool(pa.types.is_null(given) or fits[column.type])


def _null_violations(contract: TableContract, rows: pa.Table) -> Iterator[str]:
    for column in contract.columns:
        count = rows[column.name].null_count
        if count and (not column.nullable or column.name in contract.key):
            kind = "a key column" if column.name in contract.key else "never null"
            example = _example(contract, rows, pc.is_null(rows[column.name]))
            yield f"{column.name}: {count} of {rows.num_rows} rows are null, it is {kind}; such as {example}"


def _value_violations(contract: TableContract, rows: pa.Table) -> Iterator[str]:
    for column in contract.columns:
        if column.values is None:
            continue
        known = pa.array(column.values, type=column.arrow_type)
        foreign = pc.and_not(pc.is_valid(rows[column.name]), pc.is_in(rows[column.name], value_set=known))
        count = pc.sum(foreign).as_py() or 0
        if count:
            found = pc.unique(rows[column.name].filter(foreign)).to_pylist()[:5]
            yield (
                f"{column.name}: {count} of {rows.num_rows} rows hold {', '.join(map(repr, found))}, allowed "
                f"are {', '.join(column.values)}; such as {_example(contract, rows, foreign)}"
            )


def _scope_violations(contract: TableContract, scope_value: str | None, rows: pa.Table) -> Iterator[str]:
    if scope_value is None or contract.scope is Scope.ALL:
        return
    for name, expected in expected_keys(contract, scope_value).items():
        wrong = pc.fill_null(pc.not_equal(rows[name], pa.scalar(expected, type=rows[name].type)), True)  # noqa: FBT003
        count = pc.sum(wrong).as_py() or 0
        if count:
            found = pc.unique(rows[name].filter(wrong)).to_pylist()[:5]
            yield (
                f"{name}: {count} of {rows.num_rows} rows hold {', '.join(map(repr, found))}, but this write "
                f"replaces {contract.scope.value} {scope_value}; such as {_example(contract, rows, wrong)}"
            )


def _key_violations(contract: TableContract, rows: pa.Table) -> Iterator[str]:
    if not contract.key or rows.num_rows < 2:
        return
    keys = pl.DataFrame(pl.from_arrow(rows.select(list(contract.key))))
    if not keys.is_duplicated().any():
        return
    repeated = keys.group_by(list(contract.key), maintain_order=True).len().filter(pl.col("len") > 1)
    first: dict[str, Any] = repeated.row(0, named=True)
    times = first.pop("len")
    yield (
        f"key ({', '.join(contract.key)}): {repeated.height} keys stand more than once; such as "
        f"{_shown(first)}, {times} times"
    )


def _example(contract: TableContract, rows: pa.Table, mask: pa.ChunkedArray) -> str:
    names = list(contract.key or contract.column_names)[:_SHOWN_KEY_COLUMNS]
    row: dict[str, Any] = rows.select(names).filter(mask).slice(0, 1).to_pylist()[0]
    return _shown(row)


def _shown(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in row.items())
