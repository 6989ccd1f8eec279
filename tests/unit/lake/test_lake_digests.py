"""Digests: what changes them and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lake.audit import audited
from lake.contracts import Column, Scope, TableContract
from lake.digests import chained_digest, in_order, recipe_digest, rows_digest

TABLE = TableContract(
    name="curated.mixed",
    description="One column of each type. One row per number.",
    columns=(
        Column("number", "int32", "Number.", nullable=False),
        Column("count", "int64", "Count."),
        Column("name", "string", "Name."),
        Column("pace_s", "float64", "Pace."),
        Column("is_best", "bool", "Best."),
        Column("started_at", "timestamp", "Start."),
        Column("day", "date", "Day."),
        Column("body", "binary", "Body."),
        Column("source", "string", "Source.", provenance=True),
    ),
    key=("number",),
    scope=Scope.ALL,
)

ROW = st.fixed_dictionaries(
    {
        "count": st.none() | st.integers(-(2**62), 2**62),
        "name": st.none() | st.text(max_size=5),
        "pace_s": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "is_best": st.none() | st.booleans(),
        "started_at": st.none()
        | st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        "day": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
        "body": st.none() | st.binary(max_size=5),
        "source": st.text(max_size=2),
    }
)


def table(rows: list[dict[str, object]]) -> pa.Table:
    schema = pa.schema([pa.field(column.name, column.arrow_type) for column in TABLE.columns])
    return pa.Table.from_pylist([{**row, "number": number} for number, row in enumerate(rows)], schema=schema)


def digest(rows: pa.Table) -> str:
    return rows_digest(TABLE, in_order(TABLE, audited(TABLE, "all", rows)))


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(ROW, max_size=6), data=st.data())
def test_the_digest_of_rows_does_not_depend_on_order_chunks_or_provenance(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    first = table(rows)
    order = data.draw(st.permutations(range(len(rows))))
    shuffled = pa.concat_tables([first.slice(number, 1) for number in order]) if rows else first
    other_source = shuffled.set_column(8, "source", pa.array(["elsewhere"] * len(rows), pa.large_string()))
    assert digest(other_source) == digest(first)


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(ROW, min_size=1, max_size=4), change=ROW)
def test_another_value_in_one_row_is_another_digest(
    rows: list[dict[str, object]], change: dict[str, object]
) -> None:
    changed = [*rows[:-1], change]
    same = table(changed).drop_columns("source") == table(rows).drop_columns("source")
    assert (digest(table(changed)) == digest(table(rows))) is same


def test_null_zero_and_empty_are_three_things() -> None:
    def one(**values: object) -> str:
        empty: dict[str, object] = dict.fromkeys(TABLE.column_names)
        return digest(table([{**empty, **values}]))

    assert len({one(), one(count=0), one(name=""), one(pace_s=0.0), one(is_best=False), one(body=b"")}) == 6
    assert one(pace_s=0.0) == one(pace_s=-0.0)


def test_text_cannot_move_between_rows() -> None:
    empty: dict[str, object] = dict.fromkeys(TABLE.column_names)
    split = table([{**empty, "name": "ab"}, {**empty, "name": "c"}])
    moved = table([{**empty, "name": "a"}, {**empty, "name": "bc"}])
    assert digest(split) != digest(moved)


def test_a_recipe_depends_on_all_its_parts() -> None:
    base = recipe_digest(TABLE, "all", {"a": "1", "b": "2"}, 1)
    assert base == recipe_digest(TABLE, "all", {"b": "2", "a": "1"}, 1)
    others = {
        recipe_digest(TABLE, "2024", {"a": "1", "b": "2"}, 1),
        recipe_digest(TABLE, "all", {"a": "2", "b": "1"}, 1),
        recipe_digest(TABLE, "all", {"a": "1"}, 1),
        recipe_digest(TABLE, "all", {"a": "1", "b": "2"}, 2),
        recipe_digest(replace(TABLE, version=2), "all", {"a": "1", "b": "2"}, 1),
        recipe_digest(replace(TABLE, name="curated.other"), "all", {"a": "1", "b": "2"}, 1),
    }
    assert base not in others
    assert len(others) == 6


def test_digests_are_the_same_in_every_version_of_the_libraries() -> None:
    rows = table(
        [
            {
                "count": 5,
                "name": "Köln",
                "pace_s": 1.5,
                "is_best": True,
                "started_at": datetime(2024, 5, 26, 13, tzinfo=UTC),
                "day": date(2024, 5, 26),
                "body": b"\xef\xbb\xbf",
                "source": "s",
            },
            dict.fromkeys(TABLE.column_names),
        ]
    )
    assert digest(rows) == "4d17624fe41c8a7251593831745d68c3d9549cc44b3ae635903bdcae2f9b4b7e"
    assert chained_digest(None, "a") != chained_digest("a", "a")
