"""The contract audit: what is refused, what is cast, and what the message says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from lake.audit import audited
from lake.contracts import Column, ColumnType, Scope, TableContract
from lake.errors import AuditFailedError

LAPS = TableContract(
    name="curated.laps",
    description="Laps. One row per lap.",
    columns=(
        Column("season", "int32", "Season.", nullable=False),
        Column("weekend_key", "string", "Weekend.", nullable=False),
        Column("session_key", "string", "Session.", nullable=False),
        Column("lap_number", "int32", "Lap.", nullable=False),
        Column("lap_time_ms", "int64", "Time."),
        Column("compound", "string", "Compound.", values=("SOFT", "HARD")),
    ),
    key=("session_key", "lap_number"),
    scope=Scope.SESSION,
)


def rows(**changes: Any) -> pa.Table:
    columns: dict[str, Any] = {
        "season": [2024, 2024],
        "weekend_key": ["2024-08", "2024-08"],
        "session_key": ["2024-08-R", "2024-08-R"],
        "lap_number": [1, 2],
        "lap_time_ms": [90_000, None],
        "compound": ["SOFT", None],
        **changes,
    }
    return pa.table({name: values for name, values in columns.items() if values is not None})


def violations(table: pa.Table, scope_value: str = "2024-08-R") -> tuple[str, ...]:
    with pytest.raises(AuditFailedError) as caught:
        audited(LAPS, scope_value, table)
    return caught.value.violations


def test_right_rows_get_the_types_and_order_of_the_contract() -> None:
    shuffled = rows().select(list(reversed(LAPS.column_names)))
    assert audited(LAPS, "2024-08-R", shuffled).schema == pa.schema(
        [pa.field(column.name, column.arrow_type) for column in LAPS.columns]
    )


def test_missing_and_foreign_columns_are_named_together() -> None:
    assert violations(rows(compound=None, lap_time_ms=None, tyre=["a", "b"])) == (
        "curated.laps [2024-08-R] lacks the columns lap_time_ms, compound",
        "curated.laps [2024-08-R] has the column tyre, unknown to the contract",
    )


def test_two_columns_of_one_name_are_refused() -> None:
    doubled = rows().append_column("compound", pa.array(["SOFT", "SOFT"]))
    assert violations(doubled) == ("curated.laps [2024-08-R] has two columns of one name",)


def test_nan_is_not_a_number_of_milliseconds() -> None:
    (text,) = violations(rows(lap_time_ms=[90_000.0, float("nan")]))
    assert (
        "lap_time_ms: double cannot become int64 without changing values (1 values are NaN; unknown is null)"
        in text
    )


@pytest.mark.parametrize("wrong", [[90_000.5, 1.0], ["90000", "1"], [True, False]])
def test_values_that_would_change_are_refused(wrong: list[Any]) -> None:
    (text,) = violations(rows(lap_time_ms=wrong))
    assert "lap_time_ms" in text
    assert "without changing values" in text


def test_whole_floats_become_integers_and_smaller_integers_wider() -> None:
    typed = audited(
        LAPS, "2024-08-R", rows(lap_time_ms=[90_000.0, None], season=pa.array([2024] * 2, pa.int16()))
    )
    assert typed["lap_time_ms"].to_pylist() == [90_000, None]


def test_nulls_are_refused_where_the_contract_does_and_in_keys() -> None:
    (text,) = violations(rows(lap_number=[1, None]))
    assert text == (
        "curated.laps [2024-08-R] lap_number: 1 of 2 rows are null, it is a key column; "
        "such as session_key='2024-08-R', lap_number=None"
    )
    assert "season: 1 of 2 rows are null, it is never null" in violations(rows(season=[2024, None]))[0]


def test_values_outside_a_closed_list_are_shown() -> None:
    (text,) = violations(rows(compound=["PURPLE", "HARD"]))
    assert text == (
        "curated.laps [2024-08-R] compound: 1 of 2 rows hold 'PURPLE', allowed are SOFT, HARD; "
        "such as session_key='2024-08-R', lap_number=1"
    )


def test_rows_of_another_scope_are_refused() -> None:
    texts = violations(rows(session_key=["2024-08-R", "2024-08-Q"]))
    (text,) = texts
    assert text == (
        "curated.laps [2024-08-R] session_key: 1 of 2 rows hold '2024-08-Q', but this write replaces session "
        "2024-08-R; such as session_key='2024-08-Q', lap_number=2"
    )
    assert "season: 2 of 2 rows hold 2023" in violations(rows(season=[2023, 2023]))[0]
    assert "weekend_key: 2 of 2 rows hold '2024-07'" in violations(rows(weekend_key=["2024-07"] * 2))[0]


def test_a_repeated_key_is_shown_with_its_count() -> None:
    (text,) = violations(rows(lap_number=[1, 1]))
    assert text == (
        "curated.laps [2024-08-R] key (session_key, lap_number): 1 keys stand more than once; "
        "such as session_key='2024-08-R', lap_number=1, 2 times"
    )


def test_the_headline_says_what_to_do() -> None:
    with pytest.raises(AuditFailedError, match="Correct the function that computes them, or the contract"):
        audited(LAPS, "2024-08-R", rows(lap_number=[1, 1]))


def test_no_rows_are_right_rows() -> None:
    assert audited(LAPS, "2024-08-R", rows().slice(0, 0)).num_rows == 0


@pytest.mark.parametrize(
    ("column_type", "given", "kept"),
    [
        ("string", pa.array(["a"]).dictionary_encode(), "a"),
        ("json", pa.array(["{}"], pa.string_view()), "{}"),
        ("binary", pa.array([b"a"], pa.binary_view()), b"a"),
        ("float64", pa.array([1], pa.int32()), 1.0),
        ("bool", pa.array([True]), True),
        (
            "date",
            pa.array([datetime(2024, 5, 26, tzinfo=UTC).date()]),
            datetime(2024, 5, 26, tzinfo=UTC).date(),
        ),
        ("timestamp", pa.array([datetime(2024, 5, 26, tzinfo=UTC)]), datetime(2024, 5, 26, tzinfo=UTC)),
        ("int64", pa.nulls(1), None),
    ],
)
def test_types_of_one_kind_are_cast(column_type: ColumnType, given: pa.Array, kept: object) -> None:
    contract = TableContract("marts.x", "X.", (Column("value", column_type, "Value."),), (), Scope.ALL)
    assert audited(contract, "all", pa.table({"value": given}))["value"].to_pylist() == [kept]


@pytest.mark.parametrize(
    ("column_type", "given"),
    [
        ("string", pa.array([1])),
        ("bool", pa.array([1])),
        ("bool", pa.array(["True"])),
        ("float64", pa.array([float("nan")])),
        ("timestamp", pa.array([datetime(2024, 5, 26)])),  # noqa: DTZ001 - no zone is the point
        ("timestamp", pa.array([1], pa.timestamp("ns", "UTC"))),
        ("date", pa.array([datetime(2024, 5, 26, tzinfo=UTC)])),
        ("binary", pa.array(["text"])),
        ("int32", pa.array([2**40])),
    ],
)
def test_types_of_another_kind_are_refused(column_type: ColumnType, given: pa.Array) -> None:
    contract = TableContract("marts.x", "X.", (Column("value", column_type, "Value."),), (), Scope.ALL)
    with pytest.raises(AuditFailedError, match="without changing values"):
        audited(contract, "all", pa.table({"value": given}))


def test_polars_frames_are_taken_too() -> None:
    assert audited(LAPS, None, pl.DataFrame(pl.from_arrow(rows()))).num_rows == 2
